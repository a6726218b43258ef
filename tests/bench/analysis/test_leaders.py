"""Who leads when, and what is claimed of that: a test where there can be one, the summary's numbers at the end."""

import math

import numpy as np
import pandas as pd
import pytest

from bench.analysis.leaders import leaders
from bench.analysis.overall import rank_means
from bench.analysis.ranks import ranks

TRIALS, SEEDS = 20, 3


def made(problems: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs and curves: `a` is far ahead to trial 5, `b` from then on; `c` is always a little behind the other two."""
    rows = [
        (f"p{problem}", strategy, seed, trial, level * (1 + 0.1 * rng.random()))
        for problem in range(problems)
        for seed in range(SEEDS)
        for trial in range(1, TRIALS + 1)
        for strategy, level in (("a", 1.0), ("b", 10.0 if trial <= 5 else 0.01), ("c", 20.0))
    ]
    curves = pd.DataFrame(rows, columns=["problem", "strategy", "seed", "trial", "regret"])
    curves = curves.assign(dim=2, instance=curves["seed"], pruner="none", value_label="", optimum_origin="analytic")
    runs = curves.drop_duplicates(["problem", "strategy", "seed"]).assign(status="done", budget=TRIALS)
    return runs, curves


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_the_leader_of_each_part_is_told_apart_where_enough_problems_say_so(rng: np.random.Generator):
    runs, curves = made(12, rng)
    found = leaders(curves, ranks(runs, curves), rng).set_index(["share", "strategy"])
    assert found.index.get_level_values("share").unique().tolist() == [0.25, 0.5, 1.0]
    assert found.loc[0.25, "verdict"].to_dict() == {"a": "leads", "b": "higher", "c": "higher"}
    assert found.loc[0.5, "verdict"].to_dict() == {"b": "leads", "a": "higher", "c": "higher"}
    assert found.loc[(0.25, "a"), ["trials_low", "trials_high", "n"]].tolist() == [5, 5, 36]
    assert (found.loc[1.0, "mean_rank"] == [1.0, 2.0, 3.0]).all()
    assert found.loc[(1.0, "a"), "p_holm"] < 0.05
    assert math.isnan(found.loc[(1.0, "b"), "p_holm"])


def test_five_problems_and_three_strategies_can_tell_nobody_apart(rng: np.random.Generator):
    runs, curves = made(5, rng)
    found = leaders(curves, ranks(runs, curves), rng)
    assert set(found["verdict"]) == {"leads", "not told apart"}
    assert found["p_holm"].dropna().min() > 0.05


def test_where_there_is_no_test_it_says_why(rng: np.random.Generator):
    runs, curves = made(1, rng)
    found = leaders(curves, ranks(runs, curves), rng)
    assert set(found["verdict"]) == {"leads", ""}
    assert found["untested"].str.contains("one problem only").all()


def test_the_whole_budget_has_the_intervals_of_the_summary():
    runs, curves = made(6, np.random.default_rng(3))
    noisy = curves.assign(regret=np.random.default_rng(4).random(len(curves)))
    ranked = ranks(runs, noisy)
    end = leaders(noisy, ranked, np.random.default_rng(5)).query("share == 1").set_index("strategy").sort_index()
    summary = rank_means(ranked, np.random.default_rng(5))
    pd.testing.assert_frame_equal(end[list(summary.columns)], summary, check_names=False)


def test_a_run_that_failed_early_counts_as_the_worst(rng: np.random.Generator):
    runs, curves = made(12, rng)
    curves = curves[(curves["strategy"] != "b") | (curves["trial"] < 3)]
    runs.loc[runs["strategy"] == "b", "status"] = "failed"
    found = leaders(curves, ranks(runs, curves), rng).query("share == 1").set_index("strategy")
    assert found["verdict"].to_dict() == {"a": "leads", "c": "higher", "b": "higher"}


def test_nothing_finished_gives_no_rows(rng: np.random.Generator):
    runs, curves = made(1, rng)
    assert leaders(curves, ranks(runs, curves).iloc[:0], rng).empty
