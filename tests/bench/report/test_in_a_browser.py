"""The pages in a real browser: everything is shown, on a screen and on a phone, and nothing is fetched."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bench.claims.measure import Place, measure
from bench.claims.registry import load_claim
from bench.report.claims_page import ClaimResult, PartResult, write_claims_page
from tests.bench.a_browser import OVERFLOW

BROKEN = "Array.from(document.images).filter(image => !image.complete || image.naturalWidth < 100).length"


@pytest.fixture(scope="module")
def a_claim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page of a claim with one part."""
    claim = load_claim("random-beats-grid")
    first = replace(claim, parts=claim.parts[:1])
    place = Place(tmp_path_factory.mktemp("claims"), "quick", 1)
    data = measure(first, first.parts[0], place)
    result = PartResult(first.parts[0], first.parts[0].judge(data), data)
    return write_claims_page([ClaimResult(first, [result])], "quick", place.folder(first)).parent


@pytest.fixture(params=["written", "a_claim"])
def shown(request: pytest.FixtureRequest) -> Path:
    """The folder of a page: of an experiment's report, of a claim."""
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_figure_is_shown_and_nothing_is_wider_than_the_screen(page: Page, shown: Path, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((shown / "report.html").as_uri())
    shown_now = {*(link.get_attribute("href") for link in page.locator("figure a", has_text="PNG").all())}
    assert len(shown_now) == len(list((shown / "figures").glob("*.png"))) > 0
    assert page.evaluate(BROKEN) == 0
    assert page.evaluate(OVERFLOW) <= 0
    for figure in page.locator("figure").all():
        assert figure.locator("figcaption").is_visible()


def test_it_complains_of_nothing_and_fetches_nothing(page: Page, shown: Path):
    said: list[str] = []
    fetched: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: fetched.append(request.url))
    page.goto((shown / "report.html").as_uri())
    assert said == []
    assert [url for url in fetched if not url.startswith("data:")] == [(shown / "report.html").as_uri()]


def test_the_links_beside_a_figure_lead_to_its_files(page: Page, shown: Path):
    page.goto((shown / "report.html").as_uri())
    links = [link.get_attribute("href") or "" for link in page.locator("figure a").all()]
    assert len(links) >= 2 * page.locator("figure").count()
    assert all((shown / link).is_file() for link in links)
