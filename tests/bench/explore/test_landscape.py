"""The landscape: trials fall step by step, and grid and random differ along the edges."""

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from bench.explore.live import live_run
from bench.explore.views.landscape.fallen import fallen
from bench.explore.views.landscape.ground import functions, ground
from bench.explore.views.landscape.page import drawn
from tests.bench.a_browser import OVERFLOW, serious

Opens = Callable[..., Page]
TRACE = "([name, trace]) => document.querySelector(`#landscape-${name} .js-plotly-plot`).data[trace]"
HEAT, LOWEST, TRIALS, ABOVE, BESIDE = 0, 1, 2, 4, 5


def shown(page: Page, name: str, trace: int) -> dict[str, Any]:
    """A trace of a figure, as the page draws it."""
    found: dict[str, Any] = page.evaluate(TRACE, [name, trace])
    return found


def test_grid_tries_five_values_and_random_twenty_five(opened: Opens):
    page = opened("landscape?function=branin&first=grid&second=random&budget=25")
    expect(page.locator("#landscape-first-told")).to_contain_text("25 trials: 5 distinct values of x1, 5 of x2")
    expect(page.locator("#landscape-second-told")).to_contain_text("25 trials: 25 distinct values of x1, 25 of x2")
    for name, values in (("first", 5), ("second", 25)):
        assert len(set(shown(page, name, ABOVE)["x"]) - {None}) == values  # None parts one stroke from the next
        assert len(set(shown(page, name, BESIDE)["y"]) - {None}) == values
    assert serious(page) == []


def test_side_by_side_are_the_same_instance_and_the_same_seed(opened: Opens):
    page = opened("landscape?function=branin&first=random&second=sobol&budget=8&seed=4")
    expect(page.locator("#landscape-second-told")).to_contain_text("8 trials")
    expect(page.locator("#landscape-regret .legendtext")).to_have_count(2)
    for trace in (HEAT, LOWEST):
        assert shown(page, "first", trace) == shown(page, "second", trace)
    assert len(shown(page, "first", LOWEST)["x"]) == 3  # of Branin, here moved by the seed
    for name, strategy in (("first", "random"), ("second", "sobol")):
        configs = [json.loads(trial.config) for trial in live_run("branin", 2, strategy, 4, 8).trials]
        assert shown(page, name, TRIALS)["x"] == [config["x1"] for config in configs]
    seed = page.get_by_role("group", name="Seed").get_by_role("spinbutton")
    seed.fill("")
    seed.press("Enter")  # of no number: nothing is drawn, nothing complained of
    expect(page).not_to_have_url(re.compile("seed"))
    seed.fill("5")
    seed.press("Enter")
    expect(page).to_have_url(re.compile("seed=5"))
    moved = ground("branin", 5).minimisers[0][0]
    page.wait_for_function(f"([wanted]) => ({TRACE})(['second', {LOWEST}]).x[0] === wanted", arg=[moved])
    assert shown(page, "first", HEAT) == shown(page, "second", HEAT)
    expect(page.locator("#notice")).to_be_empty()


def test_trials_fall_as_the_player_says_and_the_address_keeps_the_step(opened: Opens):
    page = opened("landscape?function=sphere&second=sobol&budget=20&step=11&speed=10")
    told, play = page.locator("#landscape-first-told"), page.get_by_role("button", name="Play")
    expect(told).to_contain_text("11 trials")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(told).to_contain_text("12 trials")
    drawn_now = shown(page, "first", TRIALS)
    assert len(drawn_now["x"]) == 12
    assert drawn_now["marker"]["size"].index(max(drawn_now["marker"]["size"])) == 11  # the newest is the largest
    page.get_by_role("button", name="Step back").click()
    page.get_by_role("button", name="Step back").click()
    expect(told).to_contain_text("10 trials")
    page.reload()
    expect(told).to_contain_text("10 trials")
    play.click()
    expect(told).not_to_contain_text("10 trials")
    page.get_by_role("button", name="Pause").click()
    expect(play).to_be_visible()
    by_then = told.inner_text()
    page.wait_for_timeout(350)  # three trials' time
    assert told.inner_text() == by_then
    play.click()
    expect(told).to_contain_text("20 trials")
    expect(play).to_be_visible()  # it stands at the end
    page.get_by_role("button", name="To the start").click()
    expect(told).to_contain_text("no trial yet")


def test_a_long_run_says_how_far_it_is_and_another_choice_ends_it(opened: Opens):
    page = opened("landscape?function=sphere&first=skopt-gp&second=random&budget=200&step=200")
    running = page.locator("#landscape-running")
    expect(running).to_have_text(re.compile(r"^Running skopt-gp, trial \d+ of 200 … Another choice ends it\.$"))
    expect(running).not_to_contain_text("trial 1 of")
    expect(page.locator("#landscape-second-told")).to_be_empty()
    page.get_by_role("group", name="Strategy on the left").get_by_role("button").click()
    page.locator(".dash-dropdown-option").get_by_text("sobol", exact=True).click()
    expect(page.locator("#landscape-second-told")).to_contain_text("200 trials")
    expect(running).to_be_empty()


def test_what_cannot_be_shown_is_told_in_a_line(opened: Opens):
    page = opened("landscape?function=hartmann6", width=390)
    expect(page.locator("#notice")).to_contain_text("hartmann6")
    assert page.evaluate(OVERFLOW) <= 0
    page.goto(page.url.replace("hartmann6", "nonsense<b>"))
    expect(page.locator("#notice")).to_contain_text("nonsense<b>")
    page.goto(page.url.split("?")[0] + "?second=ax%3Cb%3E&budget=3000")
    expect(page.locator("#notice")).to_contain_text("ax<b>")
    expect(page.locator(".complaints").first).to_contain_text("3000")


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
    runs = [live_run("ackley", 2, name, 0, 5) for name in ("random", "grid")]
    assert drawn("ackley", 0, runs, 5)["strategies"] == ["random", "grid"]
