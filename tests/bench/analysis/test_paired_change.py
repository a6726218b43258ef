"""What a change of paired regrets is, and what so many pairs can see of it; by simulation where numbers are claimed."""

import math

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from bench.analysis.paired_change import changes, p_of, share_won, shift, sight, smallest_share
from bench.comparison.rule import MARGIN, Evidence, judge

INF = np.inf
REPEATS = 100


def unlucky(rate: float) -> int:
    """As many of `REPEATS` as a true `rate` exceeds once in a million."""
    return int(binom.isf(1e-6, REPEATS, rate))


def test_a_failed_run_is_infinitely_bad_and_two_say_nothing():
    old, new = np.array([1.0, INF, 1.0, INF, 1e-12]), np.array([10.0, 1.0, INF, INF, 1e-20])
    np.testing.assert_array_equal(changes(old, new, True), [1, -INF, INF, np.nan, 0])
    np.testing.assert_array_equal(changes(old[:3], new[:3], False), [9, -INF, INF])


def test_a_share_counts_ties_half_and_has_the_binomial_interval_of_the_others():
    won = share_won(np.array([-1.0] * 9 + [1.0] + [0.0] * 10), 0.95)
    exact = binomtest(9, 10).proportion_ci(0.95)
    assert (won.value, won.low, won.high) == pytest.approx((0.7, (exact.low * 10 + 5) / 20, (exact.high * 10 + 5) / 20))
    assert share_won(np.zeros(4), 0.95).value == 0.5
    assert math.isnan(share_won(np.array([np.nan]), 0.95).value)


def test_p_takes_failed_runs_for_the_largest_changes():
    assert p_of(np.full(6, INF)) == pytest.approx(2 / 64)
    assert p_of(np.array([0.0, np.nan])) == 1
    assert p_of(np.array([INF, -1.0, -1.0, -1.0])) == pytest.approx(p_of(np.array([9.0, -1.0, -1.0, -1.0])))


def test_the_change_that_is_found_is_found_in_four_of_five():
    rng = np.random.default_rng(1)
    seen = sight(rng.normal(0, 0.3, size=60), 0.1, 0.05)
    found = sum(p_of(rng.normal(seen.smallest, seen.sd, size=60)) < 0.05 for _ in range(REPEATS))
    assert REPEATS - unlucky(1 - 0.8 + 0.03) < found < unlucky(0.8 + 0.03)


def test_so_many_pairs_show_that_nothing_changed():
    rng = np.random.default_rng(2)
    seen = sight(rng.normal(0, 0.2, size=40), 0.1, 0.05)
    n, kept = int(seen.to_exclude), 0
    for _ in range(REPEATS):
        interval = shift(rng.normal(0, seen.sd, size=n), 0.95)
        kept += interval.low > -0.1 and interval.high < 0.1
    assert REPEATS - unlucky(1 - 0.8 + 0.03) < kept < unlucky(0.8 + 0.05)


def test_what_cannot_be_seen_is_infinite_or_unknown():
    assert math.isinf(sight(np.array([0.1, 0.2, 0.1, -0.1, 0.0]), 0.1, 0.05).smallest)
    assert math.isnan(sight(np.zeros(20), 0.1, 0.05).smallest)
    assert smallest_share(0, 0.05) == smallest_share(2, 0.05) == 1.0
    assert smallest_share(100, 0.05) == pytest.approx(0.5 + (1.96 + 0.8416) / 20, abs=1e-4)


@pytest.mark.parametrize("n", [6, 30])
@pytest.mark.parametrize("with_ratio", [True, False])
def test_better_and_worse_are_said_by_chance_in_a_twentieth_at_most(n: int, with_ratio: bool):
    """Old and new may change places; rows are of problems whose spreads are far apart, some fail, some tie."""
    rng = np.random.default_rng(n)
    spreads, words = np.tile([0.05, 0.5, 3.0], n)[:n], []
    for _ in range(REPEATS):
        old, new = 10 ** (spreads * rng.exponential(size=(2, n)))
        old[rng.random(n) < 0.05] = new[rng.random(n) < 0.05] = INF
        new = np.where(rng.random(n) < 0.1, old, new)
        change = changes(old, new, True)
        ratio = shift(change, 0.95).power_of_ten() if with_ratio else None
        words.append(judge(Evidence(n, n, (1, 1), ratio, share_won(change, 0.95)), MARGIN).word)
    assert words.count("better") <= unlucky(0.025)
    assert words.count("worse") <= unlucky(0.025)


def test_no_difference_is_not_said_of_what_is_as_large_as_the_margin():
    rng, words = np.random.default_rng(3), []
    for _ in range(REPEATS):
        change = np.log10(MARGIN) + 0.2 * rng.normal(size=60)
        words.append(
            judge(Evidence(60, 60, (0, 0), shift(change, 0.95).power_of_ten(), share_won(change, 0.95)), MARGIN)
        )
    assert sum(verdict.word == "no difference" for verdict in words) <= unlucky(0.025)
