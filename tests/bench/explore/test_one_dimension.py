"""Bayesian optimisation in one dimension: samples come and go as the page is told, and the model is that of `gp`."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from bench.errors import UsageError
from bench.explore.live import live_run
from bench.explore.query import read_query
from bench.explore.views.one_dimension.page import OneDimension, one_more, picture
from bench.explore.views.one_dimension.step import functions, placed, step_of, told_at
from bench.explore.views.one_dimension.worth import KINDS
from problems.registry import problem_entry
from tests.bench.a_browser import OVERFLOW, serious

Opens = Callable[..., Page]
CLEAR = """() => {
    const [legend, area] = [".legend", ".nsewdrag"].map((part) =>
        document.querySelector(`#one-figure ${part}`).getBoundingClientRect());
    return area.width > 500 && legend.bottom <= area.top;
}"""
DATA = "(document.querySelector('#one-figure .js-plotly-plot')?.data ?? [])"
COUNT = f"count => ({DATA}.find(trace => trace.meta === 'samples')?.x.length ?? 0) === count"
OTHER = f"last => ({DATA}.find(trace => trace.meta === 'next')?.x[0] ?? last) !== last"


def shown(page: Page, meta: str) -> dict[str, Any]:
    """A trace of the figure, as the page draws it."""
    found: dict[str, Any] = page.evaluate(f"meta => {DATA}.find(trace => trace.meta === meta)", meta)
    return found


def wait_for_samples(page: Page, count: int) -> list[float]:
    """The places of the samples, as soon as there are `count`."""
    page.wait_for_function(COUNT, arg=count)
    xs: list[float] = shown(page, "samples")["x"] if count else []
    return xs


def test_samples_are_added_and_taken_back_and_the_address_restores_them(opened: Opens):
    page = opened("one-dimension?x=0.3,0.6,0.75,0.9,1")
    wait_for_samples(page, 5)
    before, suggested = min(shown(page, "samples")["y"]), shown(page, "next")["x"]
    page.get_by_role("button", name="Add suggested point").click()
    assert wait_for_samples(page, 6)[5:] == suggested
    best = min(shown(page, "samples")["y"])
    assert best < before
    assert shown(page, "best")["y"] == [best]
    expect(page.locator("#one-next")).to_contain_text(f"Best of 6 so far: {best:.4g}".replace("-", "−"))

    area = page.locator("#one-figure .nsewdrag").first.bounding_box()
    assert area is not None
    left, right = page.evaluate("document.querySelector('#one-figure .js-plotly-plot').layout.xaxis.range")
    page.mouse.click(area["x"] + 0.3 * area["width"], area["y"] + 0.5 * area["height"])
    clicked = wait_for_samples(page, 7)[6]
    assert clicked == pytest.approx(left + 0.3 * (right - left), abs=0.004)

    page.get_by_label("or at x =").fill("0.62")
    page.keyboard.press("Enter")
    taken = wait_for_samples(page, 8)
    assert taken[7] == 0.62
    assert page.url.endswith(f"?x={','.join(map(str, taken))}")
    page.reload()
    assert wait_for_samples(page, 8) == taken

    page.get_by_role("button", name="Undo").click()
    assert wait_for_samples(page, 7) == taken[:7]
    page.get_by_role("button", name="Reset", exact=True).click()
    wait_for_samples(page, 3)
    assert page.url.endswith("one-dimension")
    assert serious(page) == []


def test_the_acquisition_moves_the_suggestion_and_a_hidden_function_is_nowhere(opened: Opens):
    page = opened("one-dimension?acquisition=ucb&kappa=4&hidden=on")
    expect(page.locator("#one-next")).to_contain_text("UCB is highest there")
    expect(page.locator("#one-next")).to_contain_text("True optimum: hidden")
    expect(page.get_by_text("κ: weight of the uncertainty")).to_be_visible()
    wait_for_samples(page, 3)
    (far,) = shown(page, "next")["x"]
    assert shown(page, "function") is None
    assert "−6.021" not in page.inner_text("main")
    page.get_by_text("PI", exact=True).click()
    expect(page.locator("#one-next")).to_contain_text("PI is highest there")
    page.wait_for_function(OTHER, arg=far)
    expect(page.get_by_text("κ: weight of the uncertainty")).to_be_hidden()
    page.get_by_text("Hide the function").click()
    expect(page.locator("#one-next")).to_contain_text("True optimum: −6.021")
    page.wait_for_function(f"{DATA}.some(trace => trace.meta === 'function')")
    assert min(shown(page, "function")["y"]) == pytest.approx(-6.0207, abs=0.001)
    page.get_by_label("or at x =").fill("7")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("x = 0 to 1, got 7")
    page.get_by_role("button", name="Add suggested point").click()
    expect(page.locator("#notice")).to_be_hidden()
    assert page.get_by_role("button", name="Share").count() == 0  # the figure stays on this machine


def test_what_an_address_says_wrongly_is_told_on_a_phone_too(opened: Opens):
    page = opened("one-dimension?function=<b>&x=0.1,9&kappa=99&acquisition=magic", width=390)
    said = " ".join(page.locator(".complaints li").all_inner_texts())
    for words in ("function=<b>", "forrester", "x=0.1,9", "from 0 to 1", "kappa=99", "acquisition=magic"):
        assert words in said
    wait_for_samples(page, 3)
    assert page.evaluate(OVERFLOW) <= 0
    assert serious(page) == []
    page.set_viewport_size({"width": 800, "height": 900})  # a phone is turned
    page.wait_for_function(CLEAR)


@pytest.mark.parametrize("function", ["forrester", "styblinski-tang", "schwefel"])
def test_it_sees_and_suggests_what_gp_does(function: str):
    """The samples' values are those of a run, and the next suggestion is its next trial."""
    entry = live_run(function, 1, "gp", 1, 12)
    xs = tuple(next(iter(json.loads(trial.config).values())) for trial in entry.trials)
    width = np.ptp(step_of(function, 0, 1, xs[:3], "logei", 2.0, None, True).grid)
    assert told_at(function, 0, 1, xs) == tuple(trial.value for trial in entry.trials)
    assert step_of(function, 0, 1, "start", "ei", 2.0, None, True).x == tuple(placed(function, x) for x in xs[:3])
    for taken in range(3, 8):
        suggested = step_of(function, 0, 1, xs[:taken], "logei", 2.0, None, True).suggestion
        assert suggested == pytest.approx(xs[taken], abs=0.005 * width)


def test_noise_is_that_of_the_trial_and_the_band_is_in_units_of_the_value():
    entry = live_run("forrester+noise=20%", 1, "gp", 0, 8)
    xs = tuple(next(iter(json.loads(trial.config).values())) for trial in entry.trials)
    assert told_at("forrester", 20, 0, xs) == tuple(trial.value for trial in entry.trials)
    for warped in (True, False):
        step = step_of("forrester", 0, 0, (0.1, 0.3, 0.5, 0.7, 0.9), "ei", 2.0, (0.2, 0.0), warped)
        assert step.belief is not None
        at = np.searchsorted(step.grid, step.x)
        np.testing.assert_allclose(step.belief.middle[at], step.told, atol=0.01)
        assert np.ptp(step.told) > 2.0
        assert (step.belief.high - step.belief.low)[at].max() < 0.05
        assert (step.belief.low <= step.belief.middle).all()


def test_every_function_and_acquisition_has_a_picture_from_no_sample_to_many():
    assert {problem_entry(name).refusal(1) for name in functions()} == {None}
    for state in [*({"function": name} for name in functions()), *({"acquisition": name} for name in KINDS)]:
        json.dumps(picture(OneDimension(**state))[0], allow_nan=False)
    for x in ((), (0.3,), (0.3, 0.3), (0.3, 0.3, 0.3001)):
        figure, words, *_ = picture(OneDimension(x=x))
        json.dumps(figure, allow_nan=False)
        assert len(x) >= 2 or "two samples" in str(words)
    with pytest.raises(UsageError, match="60 samples"):
        one_more(OneDimension(x=tuple(np.linspace(0, 1, 60).tolist())), 0.5)


def test_a_wrong_place_of_one_function_may_be_right_for_another():
    assert read_query(OneDimension, "?function=sphere&x=-5,5")[1] == []
    assert len(read_query(OneDimension, "?function=sphere&x=-5,6")[1]) == 1
    state, complaints = read_query(OneDimension, "?x=0.1,nan,inf")
    assert (state.x, len(complaints)) == ("start", 1)
    assert read_query(OneDimension, "?x=")[0].x == ()
