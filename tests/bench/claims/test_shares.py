"""Wilson's interval against published values, and where it matters: when every run won."""

import numpy as np
import pytest

from bench.claims.shares import share_effect, wilson


def test_published_values():
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29
    for wins, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        assert wilson(wins / n, n) == pytest.approx((low, high), abs=5e-5)
    assert wilson(1 / 29, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_five_wins_out_of_five_are_no_certainty():
    effect = share_effect("P", [1.0] * 5, "runs", 0.5)
    assert (effect.value, effect.high) == (1.0, 1.0)
    assert 0.5 < effect.low < 0.6
    assert effect.verdict == "holds"
    assert share_effect("P", [1.0] * 3, "runs", 0.5).verdict == "undecided"


def test_the_true_mean_is_covered_though_strata_differ():
    rng = np.random.default_rng(3)
    chances = np.repeat([0.95, 0.6, 0.3], 10)  # three problems, ten seeds each
    covered = 0
    for _ in range(2000):
        effect = share_effect("P", rng.random(30) < chances, "runs")
        covered += effect.low <= chances.mean() <= effect.high
    assert covered >= 0.95 * 2000 - 3 * np.sqrt(2000 * 0.05 * 0.95)  # three standard errors


def test_no_run_says_nothing():
    effect = share_effect("P", [], "runs", 0.5)
    assert (effect.low, effect.high, effect.verdict) == (0.0, 1.0, "undecided")
