"""Chances against pooled draws: counted by hand, by every subset, and unbiased over pools."""

from itertools import combinations

import numpy as np
import pytest

from bench.analysis.pooled import chance_ahead, chance_between, even_trials, none_of

POOL = np.array([3.0, 1.0, 2.0, 2.0, np.nan])


def counted(value: float, pool: np.ndarray, n: int) -> float:
    """The chance over all subsets of n draws."""
    bests = np.array([np.nanmin(np.append(subset, np.inf)) for subset in combinations(pool, n)])
    return float(((value < bests) + 0.5 * (value == bests)).mean())


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("value", [0.5, 1.0, 1.5, 2.0, 9.0])
def test_the_chance_is_the_share_of_subsets(value: float, n: int):
    assert chance_ahead(value, POOL, n) == pytest.approx(counted(value, POOL, n))


def test_a_run_that_failed_is_never_ahead_of_one_that_did_not():
    assert chance_ahead(np.nan, np.array([1.0, 2.0]), 1) == 0.0
    assert chance_ahead(np.nan, np.array([np.nan, np.nan]), 2) == 0.5


def test_two_pools():
    ours, theirs = np.array([1.0, 2.0, 4.0]), np.array([2.0, 3.0, 5.0])
    by_hand = np.mean([counted(min(subset), theirs, 1) for subset in combinations(ours, 2)])
    assert chance_between(ours, 2, theirs, 1) == pytest.approx(by_hand)
    assert chance_between(ours, 2, ours, 2) == pytest.approx(0.5)


def test_it_is_unbiased_over_pools():
    rng = np.random.default_rng(5)
    chances = [chance_ahead(0.1, rng.random(12), 5) for _ in range(4000)]
    assert np.mean(chances) == pytest.approx(0.9**5, abs=4 * np.std(chances) / np.sqrt(4000))


def test_many_draws_stay_finite_and_too_many_are_refused():
    assert none_of(1000, 1000, 5000) == pytest.approx(0.0, abs=1e-90)
    assert none_of(0, 7, 7) == 1.0
    with pytest.raises(ValueError, match="pool more draws"):
        none_of(1, 6, 5)


def test_the_trials_for_an_even_chance():
    pool = np.arange(1.0, 101.0)
    n = even_trials(1.0, pool)  # 1 - 0.99^n = 1/2
    assert n == pytest.approx(68.97, abs=0.01)
    assert even_trials(0.0, pool) == np.inf
    assert even_trials(100.0, pool) == 1.0
