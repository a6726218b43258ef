from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.analysis.anytime import areas, best_of, expected_best, random_curves, random_needs
from bench.analysis.regret import regret_curves
from tests.bench.made_by_hand import simple_runs


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=7))
def test_the_expected_best_is_that_of_every_subset(draws: list[float]):
    by_hand = [np.mean([min(some) for some in combinations(draws, n)]) for n in range(1, len(draws) + 1)]
    assert expected_best(np.array(draws)) == pytest.approx(by_hand, abs=1e-9)


def test_it_is_unbiased_and_stable_for_thousands():
    """Of uniform draws the best of n is 1/(n + 1) on average; 5000 draws: standard error below 1 %."""
    curve = expected_best(np.random.default_rng(0).random(5000))
    n = np.array([1, 2, 10, 50])
    assert curve[n - 1] == pytest.approx(1 / (n + 1), rel=0.05)
    assert (np.diff(curve) <= 1e-12).all()
    for n in (1, 77, 2500, 5000):
        assert best_of(n, 5000).sum() == pytest.approx(1.0)


def test_noise_chooses_and_truth_counts_and_a_failure_is_the_worst():
    told, worth = np.array([1.0, 2.0, np.nan]), np.array([5.0, 3.0, np.nan])
    assert expected_best(told, worth) == pytest.approx([13 / 3, (5 + 5 + 3) / 3, 5.0])
    with pytest.raises(ValueError, match="succeeded"):
        expected_best(np.array([np.nan]))
    with pytest.raises(ValueError, match="pool more draws"):
        best_of(4, 3)


def test_what_random_needs_by_hand():
    falling = np.array([8.0, 4.0, 4.0, 2.0])
    assert random_needs(np.array([9.0, 8.0, 6.0, 4.0, 3.0, 2.0, 1.0]), falling).tolist() == [
        1, 1, 1.5, 2, 3, 4, np.inf,
    ]  # fmt: skip


def test_randoms_curve_by_hand():
    """Draws 1..4 of two runs, pooled: expected 2.5, 5/3, 1.25, 1."""
    _, trials = simple_runs({"random": [[4.0, 3.0], [2.0, 1.0]], "a": [[1.0, 0.5]]})
    random = random_curves(trials.assign(optimum=0.0))
    assert random["regret"].tolist() == pytest.approx([2.5, 5 / 3, 1.25, 1.0])
    assert random["pool"].tolist() == [4] * 4


def test_area_by_hand():
    """Random's first trial is worth 4: regrets 4, 2, 2, 0 are 1, ½, ½, 0; a run without success is 1."""
    runs, trials = simple_runs(
        {"random": [[4.0] * 4], "a": [[4.0, 2.0, 2.0, 0.0], [None] * 4], "b": [[9.0, 8.0, 7.0, None]]}
    )
    table = areas(regret_curves(runs, trials), random_curves(trials)).set_index("strategy")["area"]
    assert table["a"].tolist() == [0.5, 1.0]
    assert table["b"] == 1.0
