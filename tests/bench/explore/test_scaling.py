"""Strategies against dimension and budget: all in both figures, live and recorded, and why the grid is where it is."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from bench.analysis.regret import RUN, regret_curves
from bench.analysis.statistics import median_band
from bench.experiment import run_experiment
from bench.explore.live import live_run
from bench.explore.views.scaling.answer import live_answer
from bench.explore.views.scaling.live import Asked, Result, digest, parts_of
from bench.records import Outcome, RunKey, Setting, Trial
from tests.bench.a_browser import OVERFLOW, serious

Opens = Callable[..., Page]
# Plotly draws after what the page says has changed.
DRAWN = """([title, rows]) => document.querySelector("#scaling-by-trial .js-plotly-plot")?.layout?.title?.text === title
    && ["trial", "dim"].every(along => document.querySelector(`#scaling-by-${along} .js-plotly-plot`)?.data
    ?.filter(trace => trace.meta !== "band").length === rows)"""
LINES = """name => Object.fromEntries(document.querySelector(`#${name} .js-plotly-plot`).data
    .filter(trace => trace.meta !== "band").map(trace => [trace.name, trace]))"""
SEEN = """() => { window.notes = []; new MutationObserver(() =>
    window.notes.push(document.querySelector("#scaling-running").innerText))
    .observe(document.querySelector("#scaling-running"), {childList: true, characterData: true, subtree: true}); }"""


def lines(page: Page, name: str) -> dict[str, Any]:
    """The traces of a figure by strategy, without bands."""
    found: dict[str, Any] = page.evaluate(LINES, f"scaling-{name}")
    return found


def finished(page: Page, dim: int) -> None:
    """Wait until the runs in `dim` dimensions are all there."""
    expect(page.locator("#scaling-numbers summary")).to_have_text(f"The numbers at d = {dim}, lowest first")
    expect(page.locator("#scaling-running")).to_have_text("")
    drawn(page, dim)


def drawn(page: Page, dim: int) -> None:
    """Wait until both figures show what the table does."""
    rows = page.locator("#scaling-numbers tbody tr").count()
    page.wait_for_function(DRAWN, arg=[f"At d = {dim}, trial by trial", rows])


@pytest.fixture(scope="module")
def scaled(results: Path) -> pd.DataFrame:
    """The final regrets of an experiment called scaled."""
    found = run_experiment(
        results=results, name="scaled", problems="sphere,branin", dims="2,3", strategies="random,sobol", trials="12",
        seeds=3, executor="serial",
    )  # fmt: skip
    return regret_curves(found.runs, found.trials)


def test_moving_d_redraws_both_figures_with_every_strategy_and_seed(opened: Opens):
    page = opened("scaling?problem=sphere&dim=2&trials=10&seeds=3&strategies=grid,random,gp")
    page.evaluate(SEEN)
    finished(page, 2)
    assert lines(page, "by-dim").keys() == lines(page, "by-trial").keys() == {"grid", "random", "gp"}
    page.get_by_role("slider", name="Dimension d (parameters)").press("ArrowRight")
    finished(page, 3)
    left, right = lines(page, "by-dim"), lines(page, "by-trial")
    assert left.keys() == right.keys() == {"grid", "random", "gp"}
    assert all(line["x"] == [2, 3] for line in left.values())
    assert all(line["x"] == list(range(1, 11)) for line in right.values())
    for name, line in right.items():
        assert line["hovertemplate"].endswith("n = 3")
        assert left[name]["y"][1] == line["y"][-1]
    assert page.locator("#scaling-numbers td:last-child").all_inner_texts() == ["3", "3", "3"]
    notes = page.evaluate("window.notes")
    assert any("gp" in note and ("waiting" in note.lower() or "running" in note.lower()) for note in notes)
    said = page.inner_text("#scaling-said")
    assert said.startswith("At d = 3 after 10 trials, ")
    assert "grid could place only 2 values on each of the 3 axes: 8 points for 10 trials." in said
    assert serious(page) == []
    page.reload()
    finished(page, 3)
    assert lines(page, "by-dim").keys() == {"grid", "random", "gp"}


def test_the_budget_cuts_what_does_not_depend_on_it(opened: Opens):
    page = opened("scaling?problem=sphere&dim=2&trials=15&seeds=2&strategies=sobol")
    finished(page, 2)
    longer = lines(page, "by-trial")["sobol"]
    page.get_by_role("slider", name="Budget (trials)").press("ArrowLeft")
    expect(page.locator("#scaling-said")).to_contain_text("after 10 trials")
    finished(page, 2)
    shorter = lines(page, "by-trial")["sobol"]
    assert shorter["y"] == longer["y"][:10]
    assert "trials=10" in page.url


def test_a_grid_in_ten_dimensions_says_why_it_is_where_it_is_also_on_a_phone(opened: Opens):
    page = opened("scaling?problem=sphere&dim=10&trials=10&seeds=1&strategies=grid", width=390)
    finished(page, 10)
    expect(page.locator("#scaling-said")).to_contain_text(
        "grid could place only 2 values on 3 of the 10 axes and 1 value (the middle) on the other 7, which it never "
        "moves: 8 points for 10 trials."
    )
    assert page.evaluate(OVERFLOW) == 0


def test_an_experiment_that_was_recorded_is_a_source(opened: Opens, scaled: pd.DataFrame):
    page = opened("scaling?problem=sphere&dim=3&strategies=random,gp&source=recorded:scaled")
    expect(page.locator("#scaling-numbers summary")).to_have_text("The numbers at d = 3, lowest first")
    drawn(page, 3)
    left, right = lines(page, "by-dim")["random"], lines(page, "by-trial")["random"]
    own = scaled[(scaled["problem"] == "sphere") & (scaled["strategy"] == "random")]
    expected = own[own["trial"] == 12].groupby("dim")["regret"].median()
    assert left["x"] == [2, 3]
    assert left["y"] == pytest.approx(expected.tolist(), rel=1e-4)
    assert right["hovertemplate"].endswith("n = 3")
    expect(page.locator("#scaling-running")).to_have_text("scaled did not record gp; it also has sobol.")
    page.get_by_role("slider", name="Dimension d (parameters)").press("ArrowRight")
    expect(page.locator("#scaling-said")).to_have_text("scaled has no finished runs at d = 4; it has d = 2 and 3.")


def test_an_address_runs_nothing_that_is_not_of_the_tables(opened: Opens, tmp_path: Path):
    mark = tmp_path / "owned"
    page = opened(f"scaling?dim=1&trials=5&seeds=1&strategies=exec:touch%20{mark},random,optuna-cmaes,%3Cb%3E")
    expect(page.locator("#scaling-numbers td:last-child")).to_have_text(["1"])
    note = page.locator("#scaling-running")
    expect(note).to_contain_text(f"exec:touch {mark} is not run: a page runs what `python -m bench list` shows")
    expect(note).to_contain_text("optuna-cmaes needs dimension 2 or more")
    expect(note).to_contain_text("unknown strategy '<b>'")
    assert not mark.exists()
    page = opened("scaling?problem=os:system&source=recorded:nothing")
    expect(page.locator("#scaling-said")).to_contain_text("there is no experiment called nothing; there are: ")
    page = opened("scaling?problem=os:system")
    expect(page.locator("#scaling-said")).to_contain_text("os:system is not run live: it is none of the list")


def trial(number: int, value: float | None, true: float | None = None) -> Trial:
    return Trial(
        number, "{}", value, true, None, "failed" if value is None else "ok", None, 1.0, 1, None, 0.0, 0.0, 0.0, 0.0
    )


def test_the_regret_of_a_run_is_that_of_the_analysis():
    key = RunKey("sphere", 2, 0, "grid", 0, 6)
    trials = [trial(1, None), trial(2, 5.0, 4.0), trial(3, 4.5, 6.0), trial(4, None), trial(5, 3.0)]
    for status in ("exhausted", "failed"):
        found = digest(key, Setting(1.0, "analytic", "value", 0.0), trials, Outcome(status, None)).regret  # type: ignore[arg-type]
        facts = dict(zip(RUN, ("sphere", 2, 0, "grid", "none", 0), strict=True))
        runs = pd.DataFrame(
            [facts | {"budget": 6, "status": status, "optimum": 1.0, "optimum_origin": "analytic", "value_label": "v"}]
        )
        frame = pd.DataFrame(trials, columns=Trial._fields).assign(**facts, optimum=1.0)
        expected = regret_curves(runs, frame)["regret"].to_numpy()
        assert np.array_equal(found[: len(expected)], expected, equal_nan=True)
        assert np.isnan(found[len(expected) :]).all()


def test_medians_and_bands_are_those_of_the_analysis():
    asked = Asked("levy", ("random",), 8, 7)
    results = {key: result_of(key) for key in asked.keys(2)}
    (part,) = parts_of(results, 8).values()
    rows = [
        (key.seed, "random", t, regret)
        for key, result in results.items()
        for t, regret in enumerate(result.regret[:8], 1)
    ]
    frame = pd.DataFrame(rows, columns=["seed", "strategy", "trial", "regret"])
    expected = median_band(frame, "regret", ["strategy"], "trial", np.random.default_rng(0))
    pd.testing.assert_frame_equal(part.bands[expected.columns], expected, check_dtype=False)


def result_of(key: RunKey) -> Result:
    run = live_run(key.problem, key.dim, key.strategy, key.seed, key.budget)
    return digest(key, run.setting, run.trials, run.outcome)


class Partly:
    """In place of the workers: some runs are done, one is under way."""

    def __init__(self, done: Sequence[RunKey], under_way: RunKey) -> None:
        self.done, self.under_way = done, under_way

    def ask(self, page: str, keys: Sequence[RunKey]) -> dict[RunKey, Result]:
        return {key: result_of(key) for key in keys if key in self.done}

    def known(self, keys: Sequence[RunKey]) -> dict[RunKey, Result]:
        return {}

    def at(self) -> dict[RunKey, int]:
        return {self.under_way: 3}


def test_what_is_finished_is_shown_and_what_is_not_is_named():
    asked = Asked("sphere", ("random", "sobol", "gp"), 10, 3)
    keys = list(asked.keys(2))
    answer = live_answer(asked, 2, False, "page", Partly(keys[:4], keys[4]))  # type: ignore[arg-type]
    assert answer.busy
    assert answer.parts[2].ends.set_index("strategy")["n"].to_dict() == {"random": 3, "sobol": 1}
    assert answer.running == "Running sobol (1 of 3 seeds, trial 4 of 20); waiting gp."
    assert answer.said[0].startswith("So far, at d = 2 after 10 trials, random is lowest: ")
    whole = live_answer(asked, 2, False, "page", Partly(keys, keys[0]))  # type: ignore[arg-type]
    assert not whole.busy
    assert whole.running == ""
