"""Pairs of equals by hand, choices by hand."""

import numpy as np
import pytest

from bench.claims.validation_gap.matched_pairs import matched_pairs, summary, watched_choice


def test_pairs_by_hand():
    validation = np.array([0.100, 0.1005, 0.100, 0.2, 0.3, 0.4])  # the better half: the first three, all within 1 %
    train = np.array([0.05, 0.09, 0.05, 0.0, 0.0, 0.0])  # the first and the third fit equally: no wider gap
    test = np.array([0.12, 0.11, 0.10, 0.9, 0.9, 0.9])
    pairs = matched_pairs(train, validation, test)
    assert len(pairs) == 2
    assert pairs["wider"].tolist() == pytest.approx([0.0395, 0.0395])
    assert sorted(pairs["worse"]) == pytest.approx([-0.01, 0.01])
    (row,) = summary(pairs).to_dict("records")
    assert (row["bin"], row["pairs"], row["lost"]) == (2, 2, 0.5)
    assert row["worse"] == pytest.approx(0.0)


def test_unequal_validation_errors_are_not_compared():
    pairs = matched_pairs(np.array([0.0, 0.05, 0.1, 0.1]), np.array([0.1, 0.2, 0.3, 0.4]), np.ones(4))
    assert pairs.empty
    assert summary(pairs).empty


def test_a_tie_counts_half():
    pairs = matched_pairs(np.array([0.0, 0.1, 0, 0]), np.array([0.2, 0.2, 1, 1]), np.array([0.3, 0.3, 1, 1]))
    assert summary(pairs)["lost"].tolist() == [0.5]


def test_the_watched_choice_takes_the_narrowest_gap_that_is_near_enough():
    validation, train = np.array([0.10, 0.11, 0.13]), np.array([0.0, 0.08, 0.13])
    assert watched_choice(train, validation, np.full(3, 0.02)) == (0, 1)
    assert watched_choice(train, validation, np.full(3, 0.001)) == (0, 0)
    assert watched_choice(train, validation, np.full(3, 0.05)) == (0, 2)
