import numpy as np
import pandas as pd
import pytest

from bench.analysis.anytime import expected_best, random_needs
from bench.analysis.overall import overall
from bench.analysis.ranks import ranks
from bench.analysis.regret import known_optimum, regret_curves
from bench.analysis.running_times import running_times
from bench.analysis.sample_efficiency import (
    budgets,
    chances,
    efficiencies,
    expected_curve,
    expected_curves_without,
    needed,
)
from bench.analysis.statistics import median
from bench.analysis.summary import summarise
from bench.analysis.targets import profile_bands
from tests.bench.made_by_hand import simple_runs

Curves = dict[str, list[list[float | None]]]
BY_HAND: Curves = {"random": [[4.0, 2.0], [4.0, 2.0]], "a": [[2.0, 1.0], [2.0, 0.5]], "b": [[8.0, 2.0], [8.0, 2.0]]}


def measures(curves: Curves, **more: object) -> pd.DataFrame:
    runs, trials = simple_runs(curves, **more)
    regrets = regret_curves(runs, trials)
    return overall(runs, trials, regrets, ranks(runs, regrets), np.random.default_rng(0))


def test_every_number_by_hand():
    """Random's draws are 4 2 4 2: expected 3, 2⅓, 2, 2. a ends at 1 and ½, lower than the pool: at least 4/2 times."""
    table = measures(BY_HAND)
    a = table.loc["a"]
    assert a["mean_rank"] == 1.0
    assert a["score"] == pytest.approx(0.75 / 2)
    assert (a["won"], a["won_high"]) == (1.0, 1.0)
    assert a["ratio"] == pytest.approx((0.5 * 0.25) ** 0.5)
    assert a["area"] == pytest.approx((2 / 3 + 1 / 3 + 2 / 3 + 1 / 6) / 4)
    assert (a["efficiency"], a["efficiency_censored"]) == (2.0, True)
    assert table.loc["b", "won"] == 0.5
    assert table.loc["b", "efficiency"] == pytest.approx(3 / 2)
    assert table.loc["random", "score"] == 1.0
    assert np.isnan(table.loc["random", "won"])


def test_intervals_hold_their_numbers():
    rng = np.random.default_rng(1)
    curves = {name: rng.lognormal(size=(9, 12)).tolist() for name in ("random", "a", "b")}
    table = measures(curves)
    for name in ("mean_rank", "score", "won", "ratio", "area", "efficiency"):
        rows = table[name].drop("random")
        assert (table.loc[rows.index, f"{name}_low"] <= rows).all(), name
        assert (rows <= table.loc[rows.index, f"{name}_high"]).all(), name
        assert (table.loc[rows.index, f"{name}_low"] < table.loc[rows.index, f"{name}_high"]).all(), name


def test_it_agrees_with_the_summary():
    runs, trials = simple_runs(BY_HAND)
    summary = summarise(runs, trials, curves := regret_curves(runs, trials), ranks(runs, curves)).set_index("strategy")
    table = measures(BY_HAND)
    for name in ("mean_rank", "score"):
        assert table[name].to_dict() == pytest.approx(summary[name].to_dict())


def test_one_seed_has_no_interval_and_without_random_there_is_only_a_rank():
    one = measures({name: seeds[:1] for name, seeds in BY_HAND.items()})
    ends = [name for name in one if name.endswith(("_low", "_high"))]
    assert one[ends].isna().all(axis=None)
    alone = measures({"a": [[1.0], [2.0]], "b": [[2.0], [1.0]]})
    assert list(alone) == ["mean_rank", "mean_rank_low", "mean_rank_high"]


def test_failed_runs_are_as_bad_as_can_be():
    table = measures({"random": [[4.0, 2.0]] * 3, "a": [[1.0, 1.0], [None, None], [None, None]]})
    assert table.loc["a", "score"] == np.inf
    assert table.loc["a", "won"] == pytest.approx(1 / 3)
    # ends 1, 3, 3: a failed run is random's first trial; random has 3, 2.4, 2.1, … after 1, 2, 3, … of all six
    assert table.loc["a", "efficiency"] == pytest.approx((2 + (2.4 - 7 / 3) / 0.3) / 2)


def test_where_no_optimum_is_known_only_what_needs_none_is_said():
    table = measures(BY_HAND, optimum=None, optimum_origin=None)
    assert table.loc["a", "won"] == 1.0
    for name in ("score", "ratio", "area", "efficiency"):
        assert table[name].isna().all(), name


def test_a_pool_is_as_the_one_of_anytime_also_without_one_of_its_runs():
    rng = np.random.default_rng(2)
    told, worth = rng.normal(size=(2, 3, 10)).round(1)  # with ties
    told[0, 4] = told[1, :3] = np.nan
    at = budgets(30)
    curve = expected_curve(told, worth, chances(at, 30))
    regret = np.array([-9.0, -0.5, 0.0, 9.0])
    single = expected_best(told.ravel(), worth.ravel())
    assert curve == pytest.approx(single)
    assert needed(regret, curve, at) == pytest.approx(random_needs(regret, single))
    for left, without in enumerate(expected_curves_without(told, worth, chances(budgets(20), 20))):
        others = [row for row in range(3) if row != left]
        assert without == pytest.approx(expected_best(told[others].ravel(), worth[others].ravel()))


def test_large_pools_are_thinned_to_both_ends():
    at = budgets(6000)
    assert (at[0], at[-1]) == (1, 6000)
    assert len(at) <= 64


def test_budgets_between_whole_trials_are_interpolated():
    assert chances(np.array([1.0, 1.5, 9.0]), 4) == pytest.approx(
        np.array([[0.25, 0.25, 0.25, 0.25], [0.375, 7 / 24, 5 / 24, 0.125], [1.0, 0.0, 0.0, 0.0]])
    )


def test_random_search_needs_as_many_trials_as_itself_as_often_as_said():
    """A/A, 60 experiments of 8 cells × 3 seeds, two random searches: 3 expected, 9 are beyond 99.5 % of chance."""
    rng = np.random.default_rng(4)
    index = pd.MultiIndex.from_product(
        [[f"p{number}" for number in range(8)], range(3), ["random", "twin"], range(1, 11)],
        names=["problem", "seed", "strategy", "trial"],
    )
    wrong = 0
    for _ in range(60):
        frame = pd.DataFrame({"value": rng.lognormal(size=len(index))}, index=index).reset_index()
        frame = frame.assign(dim=2, optimum=0.0, true_value=np.nan)
        frame["regret"] = frame.groupby(["problem", "seed", "strategy"])["value"].cummin()
        row = efficiencies(frame, frame).loc["twin"]
        wrong += not row["efficiency_low"] <= 1 <= row["efficiency_high"]
    assert wrong <= 8


def test_running_times_by_hand():
    """Random is at 4 2 | 4 2 with a target of 2⅓ (the pool's best of two); a is there at its first trial, b never and
    c in one of two runs: after 1 trial, and not after 2."""
    runs, trials = simple_runs(BY_HAND | {"b": [[8.0, 3.0]] * 2, "c": [[1.0, 1.0], [9.0, 9.0]]})
    table = running_times(regret_curves(runs, trials), known_optimum(runs, trials)[1], np.random.default_rng(0))
    table = table.set_index("strategy")
    assert table["ert"].to_dict() == pytest.approx({"a": 1.0, "b": np.inf, "c": 3.0, "random": 2.0})
    assert table["successes"].to_dict() == {"a": 2, "b": 0, "c": 1, "random": 2}
    assert (table["n"] == 2).all()
    assert (table.loc["c", "low"], table.loc["c", "high"]) == (1.0, np.inf)


def test_a_profile_is_the_mean_over_runs_with_a_band():
    costs = pd.DataFrame(
        [("p", 2, 0, "a", 1.0), ("p", 2, 0, "a", np.inf), ("p", 2, 1, "a", 2.0), ("p", 2, 1, "a", 3.0)],
        columns=["problem", "dim", "seed", "strategy", "cost"],
    )
    bands = profile_bands(costs, np.random.default_rng(0))
    assert bands["cost"].tolist() == [1.0, 2.0, 3.0]
    assert bands["median"].tolist() == [0.25, 0.5, 0.75]
    assert bands["low"].tolist() == [0.0, 0.5, 0.5]
    assert bands["high"].tolist() == [0.5, 0.5, 1.0]
    assert set(bands["n"]) == {2}


def test_medians_without_nan_and_with_infinities():
    x = np.array([[1.0, np.nan, np.inf], [3.0, np.nan, 1.0], [np.nan, np.nan, np.inf]])
    assert median(x, 0) == pytest.approx([2.0, np.nan, np.inf], nan_ok=True)
    assert median(np.array([1.0, np.inf]), 0) == np.inf
