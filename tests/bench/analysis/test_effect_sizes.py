import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from bench.analysis.effect_sizes import (
    improvements,
    interquartile_mean,
    interquartile_means,
    probability_of_improvement,
)

SAMPLES = st.lists(st.integers(-3, 3).map(float) | st.just(float("nan")), min_size=1, max_size=8).map(np.array)


def ends(**by_strategy: np.ndarray) -> pd.DataFrame:
    """Rows from arrays (problems, seeds)."""
    return pd.DataFrame(
        [
            {"problem": f"p{p}", "dim": 2, "instance": seed, "seed": seed, "strategy": name, "value": value}
            for name, matrix in by_strategy.items()
            for p, row in enumerate(matrix)
            for seed, value in enumerate(row)
        ]
    )


def test_improvement_by_hand():
    """Of nine pairs ours is lower in 4 and equal in 2: 5/9."""
    ours, theirs = np.array([1.0, 3.0, 5.0]), np.array([1.0, 4.0, 5.0])
    assert probability_of_improvement(ours, theirs) == pytest.approx(5 / 9)
    assert mannwhitneyu(theirs, ours).statistic / 9 == pytest.approx(5 / 9)


@given(SAMPLES, SAMPLES)
def test_one_of_two_is_better(a: np.ndarray, b: np.ndarray):
    there, back = probability_of_improvement(a, b), probability_of_improvement(b, a)
    assert there + back == pytest.approx(1.0)
    assert 0 <= there <= 1


def test_nothing_to_compare_is_refused():
    with pytest.raises(ValueError, match="runs on both sides"):
        probability_of_improvement(np.array([]), np.array([1.0]))


def test_interquartile_mean_by_hand_and_with_failed_runs():
    assert interquartile_mean(np.arange(8.0)) == 3.5
    assert interquartile_mean(np.array([1.0, 2.0, 3.0, 99.0])) == 2.5
    assert interquartile_mean(np.array([1.0, 2.0, 3.0, np.nan])) == 2.5
    assert interquartile_mean(np.array([1.0, np.nan, 3.0, np.nan])) == np.inf


def test_intervals_hold_their_estimate_and_strata_are_kept():
    """Constant within each problem: resampling within strata can change nothing."""
    rng = np.random.default_rng(0)
    (row,) = interquartile_means(ends(a=np.array([[1.0] * 4, [9.0] * 4])), "value", rng).to_dict("records")
    assert (row["iqm"], row["low"], row["high"], row["n"]) == (5.0, 5.0, 5.0, 8)
    (row,) = interquartile_means(ends(a=rng.normal(size=(4, 10))), "value", rng).to_dict("records")
    assert row["low"] < row["iqm"] < row["high"]


def test_pairs_of_an_instance_show_what_all_pairs_hide():
    rng = np.random.default_rng(1)
    hard = rng.normal(size=(3, 10))
    table = improvements(ends(a=hard - 0.01, b=hard), "value", "a", rng)
    (row,) = table.to_dict("records")
    assert (row["peer"], row["n"], row["paired"], row["low"], row["high"]) == ("b", 30, 1.0, 1.0, 1.0)
    assert row["probability"] < 0.6
    assert row["iqm_difference"] == pytest.approx(-0.01)


def test_equal_strategies_are_called_different_about_as_rarely_as_said():
    """A/A, 200 experiments of 4 problems × 10 seeds at 5 %: 19 is beyond 99.5 % of chance, percentile bootstraps of
    ten seeds err up to 7 % of the time: 24 is beyond 99.5 % of that."""
    rng = np.random.default_rng(2)
    different = 0
    for _ in range(200):
        (row,) = improvements(ends(a=rng.normal(size=(4, 10)), b=rng.normal(size=(4, 10))), "value", "a", rng).to_dict(
            "records"
        )
        different += not row["low"] <= 0.5 <= row["high"]
    assert different <= 24
