"""Bayesian against random search: time that is counted, and verdicts that follow the numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.claims.bayesian_beats_random.experiments import BBOB, COSTS, FUNCTIONS, TRAININGS, against_random, chances
from bench.claims.bayesian_beats_random.figures import by_budget, by_cost
from bench.claims.bayesian_beats_random.parts import AT_EQUAL_TIME, AT_EQUAL_TRIALS, BUDGET
from bench.claims.claim import Part, Setting
from bench.experiment import Experiment
from bench.spec import make_spec
from tests.bench.made_by_hand import a_run, frames, trials_of


def an_experiment(strategy: str, values: list[float], ask_s: float) -> Experiment:
    run = a_run(strategy, budget=len(values))
    seconds = {"ask_s": [ask_s] * len(values), "tell_s": [0.0] * len(values)}
    runs, trials = frames((run, trials_of(run, values, **seconds)))
    return Experiment("made-up", make_spec({}), {}, runs, trials, pd.DataFrame())


def test_random_search_gets_the_trials_that_fit_into_the_same_time():
    random = an_experiment("random", list(np.arange(1.0, 101.0)), 0.0)
    ours = an_experiment("gp", [9.0, 7.5], 0.009)
    table = against_random(ours, random, [1, 2], [0.001, 1.0]).set_index(["budget", "cost"])
    assert table["random_trials"].tolist() == [1, 10, 1, 2, 20, 2]  # by number; 10 ms a trial of 1 ms; and of 1 s
    assert table["optimiser_s"].tolist() == pytest.approx([0.009] * 3 + [0.018] * 3)
    assert table.loc[(1, 1.0), "chance"] == pytest.approx(0.915)  # 91 of 100 are above 9, and one is equal
    assert table.loc[(2, 0.001), "chance"] == pytest.approx(np.prod([(80 - i) / (100 - i) for i in range(7)]))
    assert table.loc[(2, 1.0), "chance"] == pytest.approx(93 / 100 * 92 / 99)
    assert not table["capped"].any()
    assert against_random(ours, random, [2], [1e-5])["capped"].tolist() == [False, True]


def test_decades_are_the_mean_log_ratio_of_regrets():
    random = an_experiment("random", [1.0, 100.0], 0.0)
    table = against_random(an_experiment("gp", [0.1], 0.0), random, [1], [])
    assert table["decades"].tolist() == pytest.approx([2.0])  # the mean of 10 and 1000 on a log scale


def test_every_budget_of_gp_is_a_run_and_a_peer_is_cut(tmp_path: Path):
    tiny = replace(
        FUNCTIONS,
        problems=("sphere",),
        dims={"quick": (2,)},
        seeds={"quick": 2},
        budgets={"quick": (3, 6)},
        pool={"quick": 40},
        executor="serial",
    )
    table = chances(Setting("quick", np.random.default_rng(0), tmp_path, 1), tiny, ["sobol"])
    assert {path.name for path in tmp_path.iterdir()} == {
        f"claim-functions-{run}-quick" for run in ("random-40", "gp-3", "gp-6", "sobol-6")
    }
    counted = table.groupby(["strategy", "budget"]).size()
    assert set(counted) == {2 * (1 + len(COSTS))}
    assert len(counted) == 4
    assert table["chance"].between(0, 1).all()


def made_up(wins: dict[tuple[str, int], float], otherwise: float = 0.9, seeds: int = 20) -> dict[str, pd.DataFrame]:
    """Chances of gp: `wins[family, dim]`, of others always ½."""
    rows = [
        {"family": family.name, "problem": "one", "dim": dim, "seed": seed, "strategy": strategy, "budget": budget}
        | {"cost": cost, "random_trials": 50, "capped": False, "decades": 0.1 * seed, "needs": 99.0}
        | {"chance": wins.get((family.name, dim), otherwise) if strategy == "gp" else 0.5}
        for family in (FUNCTIONS, TRAININGS, BBOB)
        for dim in family.dims["quick"]
        for seed in range(seeds)
        for strategy in ("gp", "optuna-tpe")
        for budget in (20, BUDGET)
        for cost in [np.nan, *family.costs]
    ]
    return {"chances": pd.DataFrame(rows)}


FUNCTIONS_PART, TRAININGS_PART = AT_EQUAL_TRIALS["functions"], AT_EQUAL_TRIALS["trainings"]
MS, SECOND, MINUTE = AT_EQUAL_TIME


@pytest.mark.parametrize(
    ("part", "wins", "verdict"),
    [
        (FUNCTIONS_PART, {}, "holds"),
        (FUNCTIONS_PART, {("functions", 10): 0.1}, "does not hold"),
        (FUNCTIONS_PART, {("functions", 10): 0.55}, "undecided"),
        (FUNCTIONS_PART, {("trainings", 5): 0.1, ("bbob", 2): 0.1}, "holds"),
        (TRAININGS_PART, {}, "holds"),
        (TRAININGS_PART, {("trainings", 5): 0.1}, "does not hold"),
        (TRAININGS_PART, {("trainings", 5): 0.45}, "undecided"),
        (TRAININGS_PART, {("functions", 5): 0.1}, "holds"),
        (MS, {("trainings", 5): 0.1}, "holds"),  # no training takes a millisecond
        (MS, {("functions", 2): 0.1}, "does not hold"),
        (SECOND, {("trainings", 5): 0.1}, "does not hold"),
        (SECOND, {("trainings", 5): 0.5}, "undecided"),
        (MINUTE, {}, "holds"),
    ],
)
def test_the_verdict_follows_the_numbers(part: Part, wins: dict[tuple[str, int], float], verdict: str):
    finding = part.judge(made_up(wins))
    assert finding.verdict == verdict
    assert bool(finding.would_decide) == (verdict == "undecided")
    assert part.take_away[finding.verdict]


def test_only_runs_at_the_deciding_budget_and_cost_decide():
    data = made_up({})
    rows = data["chances"]
    lost = rows.assign(chance=rows["chance"].where((rows["cost"] != 1.0) & (rows["budget"] == BUDGET), 0.0))
    assert MS.judge({"chances": lost}).verdict == "holds"
    assert SECOND.judge({"chances": lost}).verdict == "does not hold"
    assert FUNCTIONS_PART.judge({"chances": lost}).verdict == "holds"


def test_a_pool_that_was_too_small_is_said():
    data = made_up({})
    data["chances"]["capped"] = data["chances"]["cost"] == COSTS[0]
    assert any("too small" in effect.name for effect in MS.judge(data).effects)
    assert not any("too small" in effect.name for effect in SECOND.judge(data).effects)


def test_figures_are_drawn_with_and_without_peers_and_where_random_search_never_gets_there():
    rows = made_up({})["chances"]
    rows["needs"] = np.where(rows["budget"] == BUDGET, np.inf, rows["needs"])
    for some in (rows, rows[rows["strategy"] == "gp"]):
        assert by_budget(some[some["family"] == "functions"], "one").figure.axes
        assert len(by_cost(some[some["family"] != "bbob"], BUDGET, "two").figure.axes) == 5
