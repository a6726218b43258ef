"""The report's charts in a real browser, opened from disk: what a reader does with them."""

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

from bench.charts.dark import CARD, LEAST_CONTRAST, ON_DARK
from bench.plots.style import STYLES
from tests.bench.a_browser import OVERFLOW, serious, until

DRAWN = "Array.from(document.querySelectorAll('.plot')).filter(box => box.querySelector('.main-svg')).length"
SEEN = """name => Array.from(document.querySelectorAll('.plot')).flatMap(box => box._fullData)
    .filter(trace => trace.legendgroup === name && trace.visible === true).length"""
SQUARES = """(() => { const {data, layout} = document.querySelector('[data-chart=wins]');
    return [layout.yaxis.ticktext.toSorted(), data[0].z.length, data[0].z[0].length]; })()"""
INKS = "[...new Set(Array.from(document.querySelectorAll('.plot .xtick text')).map(e => getComputedStyle(e).fill))]"


@pytest.fixture
def said() -> list[str]:
    """What pages say and ask for; nobody may have anything to complain of at the end of a test."""
    return []


def opened(browser: Browser, written: Path, said: list[str], **options: object) -> Page:
    """The report with every chart drawn, at the top of its Curves."""
    page = browser.new_page(**options)  # type: ignore[arg-type]
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url))
    page.goto((written / "report.html").as_uri())
    page.wait_for_selector(".chips:not([hidden])", state="attached")
    boxes = page.locator(".plot")
    for number in range(boxes.count()):
        boxes.nth(number).scroll_into_view_if_needed()
        boxes.nth(number).locator(".main-svg").first.wait_for()
    assert page.evaluate(DRAWN) == boxes.count() > 5
    page.evaluate("document.getElementById('curves').scrollIntoView()")
    return page


def complaints(said: list[str], written: Path) -> list[str]:
    page = (written / "report.html").as_uri()
    return [each for each in said if not each.startswith((page, "data:", "blob:"))]


def test_a_strategy_is_hidden_in_every_chart_by_its_switch_or_legend_and_stays_so(
    browser: Browser, written: Path, said: list[str]
):
    page = opened(browser, written, said)
    chip = page.get_by_role("button", name="random", exact=True)
    everywhere = page.evaluate(SEEN, "random")
    others = page.evaluate(SEEN, "grid")
    assert everywhere > 5
    chip.focus()
    page.keyboard.press("Enter")
    assert chip.get_attribute("aria-pressed") == "false"
    everything = page.locator(".plot")
    for number in range(everything.count()):
        everything.nth(number).scroll_into_view_if_needed()
        page.wait_for_timeout(30)
    until(page, f"({SEEN})('random')", 0)
    assert page.evaluate(SEEN, "grid") == others
    assert page.evaluate(SQUARES) == [["grid", "optuna-tpe"], 2, 2]
    page.reload()
    page.wait_for_selector(".chips:not([hidden])", state="attached")
    assert chip.get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="none", exact=True).click()
    assert page.locator(".chip[aria-pressed=true]").count() == 0
    page.get_by_role("button", name="all", exact=True).click()
    page.locator(".plot").first.scroll_into_view_if_needed()
    legend = page.locator(".plot").first.locator(".legend .traces", has_text="grid").locator(".legendtoggle")
    legend.click()
    page.wait_for_selector(".chip[data-strategy=grid][aria-pressed=false]")
    assert complaints(said, written) == []
    page.close()


def test_the_numbers_of_a_chart_can_be_had_from_the_page_alone(
    browser: Browser, written: Path, said: list[str], tmp_path: Path
):
    alone = tmp_path / "mailed"
    alone.mkdir()
    (alone / "report.html").write_bytes((written / "report.html").read_bytes())
    page = opened(browser, alone, said)
    with page.expect_download() as download:
        page.locator("a[data-csv=mean-rank]").click()
    assert download.value.suggested_filename == "mean-rank.csv"
    pd.testing.assert_frame_equal(
        pd.read_csv(download.value.path()), pd.read_csv(written / "figures" / "mean-rank.csv")
    )
    assert complaints(said, alone) == []
    page.close()


def test_it_is_dark_where_the_reader_has_it_so_light_in_print_and_whole_on_a_phone(
    browser: Browser, written: Path, said: list[str]
):
    page = opened(browser, written, said, color_scheme="dark", viewport={"width": 390, "height": 800})
    assert page.evaluate(OVERFLOW) <= 0
    assert page.locator(".plot .legend").count() == 0
    widest = "Math.max(...Array.from(document.querySelectorAll('.plot .main-svg')).map(e => e.clientWidth))"
    assert page.evaluate(widest) <= 390
    light, dark = "rgb(29, 29, 31)", "rgb(232, 232, 234)"
    assert page.evaluate(INKS) == [dark]
    page.emulate_media(media="print", color_scheme="dark")
    until(page, INKS, [light])
    assert page.evaluate(widest) == 690
    assert page.locator(".plot .legend").count() > 3
    assert not page.locator(".chips").is_visible()
    page.set_viewport_size({"width": 703, "height": 800})  # A4 without its margins
    assert page.evaluate(OVERFLOW) <= 0
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(media="screen", color_scheme="light")
    page.evaluate("document.getElementById('curves').scrollIntoView()")
    until(page, "document.querySelector('.plot .main-svg').clientWidth < 390", True)
    assert complaints(said, written) == []
    page.close()


def test_the_slider_stays_where_it_is_in_other_colours_and_brings_no_strategy_back(
    browser: Browser, written: Path, said: list[str]
):
    page = opened(browser, written, said)
    box = page.locator(".plot[data-chart=seconds]")
    box.scroll_into_view_if_needed()
    state = """() => { const {data, layout} = document.querySelector('.plot[data-chart=seconds]');
        const line = data.find(trace => trace.legendgroup === 'grid' && trace.meta !== 'band');
        return [layout.sliders[0].active, line.x.at(-1) > 1000]; }"""
    before = page.evaluate(state)
    rail = box.locator(".slider-rail-touch-rect").bounding_box()
    assert rail
    page.mouse.click(rail["x"] + 0.98 * rail["width"], rail["y"] + rail["height"] / 2)
    until(page, f"({state})()[1]", True)
    after = page.evaluate(state)
    assert after[0] > before[0]
    assert not before[1]
    page.get_by_role("button", name="random", exact=True).click()
    page.emulate_media(color_scheme="dark")
    box.scroll_into_view_if_needed()
    until(
        page, "getComputedStyle(document.querySelector('[data-chart=seconds] .xtick text')).fill", "rgb(232, 232, 234)"
    )
    assert page.evaluate(state) == after
    shown = "box => box._fullData.filter(trace => trace.legendgroup === 'random' && trace.visible === true).length"
    assert box.evaluate(shown) == 0
    assert complaints(said, written) == []
    page.close()


def test_all_charts_are_drawn_before_it_is_printed(browser: Browser, written: Path, said: list[str]):
    page = browser.new_page()
    page.goto((written / "report.html").as_uri())
    page.wait_for_selector(".chips:not([hidden])", state="attached")
    assert page.evaluate(DRAWN) < page.locator(".plot").count()
    page.pdf()
    assert page.evaluate(DRAWN) == page.locator(".plot").count()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_reading_it(browser: Browser, written: Path, said: list[str], scheme: str):
    page = opened(browser, written, said, color_scheme=scheme)
    assert serious(page) == []
    page.close()


def test_without_scripts_it_leads_to_the_figures_for_print(browser: Browser, written: Path):
    page = browser.new_page(java_script_enabled=False)
    page.goto((written / "report.html").as_uri())
    links = page.locator("noscript a")
    assert links.count() == len(list((written / "figures").glob("*.png")))
    assert (written / str(links.first.get_attribute("href"))).is_file()
    page.close()


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_line_can_be_seen_on_a_dark_page():
    colours = {ON_DARK.get(style.colour, style.colour) for style in STYLES.values()}
    contrasts = {colour: (luminance(colour) + 0.05) / (luminance(CARD) + 0.05) for colour in colours}
    assert {colour: contrast for colour, contrast in contrasts.items() if contrast < LEAST_CONTRAST} == {}
