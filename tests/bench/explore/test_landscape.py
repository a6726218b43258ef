"""The landscape: trials fall step by step, and grid and random differ along the edges."""

from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page, expect

from bench.explore.live import live_run
from bench.explore.views.landscape.fallen import fallen
from bench.explore.views.landscape.ground import functions, ground
from bench.explore.views.landscape.page import drawn
from tests.bench.explore.test_frame import serious

Opens = Callable[..., Page]
TRACE = "([name, trace]) => document.querySelector(`#landscape-${name} .js-plotly-plot`).data[trace]"
TRIALS, ABOVE, BESIDE = 2, 4, 5


def shown(page: Page, name: str, trace: int) -> dict[str, list[float]]:
    """A trace of a figure, as the page draws it."""
    found: dict[str, list[float]] = page.evaluate(TRACE, [name, trace])
    return found


def test_grid_tries_five_values_and_random_twenty_five(opened: Opens):
    page = opened("landscape?function=branin&first=grid&second=random&budget=25")
    expect(page.locator("#landscape-first-told")).to_contain_text("25 trials: 5 distinct values of x1, 5 of x2")
    expect(page.locator("#landscape-second-told")).to_contain_text("25 trials: 25 distinct values of x1, 25 of x2")
    for name, values in (("first", 5), ("second", 25)):
        assert len(set(shown(page, name, ABOVE)["x"])) == values
        assert len(set(shown(page, name, BESIDE)["y"])) == values
    one, other = (page.evaluate(TRACE, [name, 0])["z"] for name in ("first", "second"))
    assert one == other
    assert serious(page) == []


def test_trials_fall_as_the_player_says_and_the_address_keeps_the_step(opened: Opens):
    page = opened("landscape?function=sphere&second=sobol&budget=12&step=3&speed=10")
    told = page.locator("#landscape-first-told")
    expect(told).to_contain_text("3 trials")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(told).to_contain_text("4 trials")
    assert len(shown(page, "first", TRIALS)["x"]) == 4
    page.get_by_role("button", name="Step back").click()
    page.get_by_role("button", name="Step back").click()
    expect(told).to_contain_text("2 trials")
    page.reload()
    expect(told).to_contain_text("2 trials")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()  # it stands at the end
    expect(told).to_contain_text("12 trials")
    page.get_by_role("button", name="To the start").click()
    expect(told).to_contain_text("no trial yet")


def test_what_cannot_be_shown_is_told_in_a_line(opened: Opens):
    page = opened("landscape?function=hartmann6", width=390)
    expect(page.locator("#notice")).to_contain_text("hartmann6")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.goto(page.url.replace("hartmann6", "nonsense<b>"))
    expect(page.locator("#notice")).to_contain_text("nonsense<b>")


def test_every_function_of_the_menu_can_be_shown():
    names = functions()
    assert {"branin", "ackley", "rastrigin"} <= set(names)
    for name in names:
        under = ground(name, 1)
        assert np.isfinite(under.value).all(), name
        assert under.lowest <= under.value.min(), name


def test_regret_and_incumbent_are_those_of_the_run():
    under = ground("ackley+noise=10%", 3)
    fall = fallen(live_run("ackley+noise=10%", 2, "random", 3, 20), under.names, under.lowest)
    told = np.array(fall.told, dtype=float)
    assert list(fall.best) == [int(np.argmin(told[: n + 1])) + 1 for n in range(20)]
    assert len(fall.regret) == 20
    assert drawn("ackley", 0, ("random", "grid"), 5)["strategies"] == ["random", "grid"]
