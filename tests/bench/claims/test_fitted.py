"""Fitted configs: the losses that the problems themselves report, case by case."""

import numpy as np
import pytest

from bench.claims.fitted import fit, running_choice


def test_the_running_choice_is_the_earliest_of_the_best_so_far():
    scores = np.array([[3.0, 2.0, 2.0, 5.0, 1.0], [1.0, 1.0, 0.5, 0.7, 0.5]])
    assert running_choice(scores).tolist() == [[0, 1, 1, 1, 4], [0, 0, 2, 2, 2]]


def test_fits_repeat_and_are_those_of_random_configs():
    pytest.importorskip("sklearn")
    first, again = (fit("knn-digits", 3, 4, np.random.default_rng(5)) for _ in range(2))
    assert first.held_out.shape == (4, 540)
    assert first.train.shape == (4,)
    assert set(np.unique(first.held_out)) <= {0.0, 1.0}
    np.testing.assert_array_equal(first.held_out, again.held_out)
    assert len(set(first.held_out.mean(axis=1))) > 1
