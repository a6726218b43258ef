"""Sobol' and Latin hypercube search: even coverage, for any budget, without warnings (which are errors here)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.quasirandom_search import LatinHypercubeSearch, RepeatedSobolSearch, SobolSearch
from strategies.testing import search
from tests.problems.test_space import spaces

BOTH = pytest.mark.parametrize("kind", [SobolSearch, LatinHypercubeSearch])
SQUARE = SearchSpace((Float("x", 0, 1), Float("y", 0, 1)))


def units(kind, budget, seed, trials, space=SQUARE):
    strategy = kind(space, budget=budget, rng=np.random.default_rng(seed))
    return np.array([space.to_unit(config) for config in search(strategy, trials=trials)])  # (trials, d)


@BOTH
@given(space=spaces(), budget=st.integers(1, 40), seed=st.integers(0, 2**32 - 1))
def test_any_space_and_budget_and_beyond(kind, space, budget, seed):
    strategy = kind(space, budget=budget, rng=np.random.default_rng(seed))
    assert len(search(strategy, trials=2 * budget + 1)) == 2 * budget + 1


@BOTH
def test_seeds_differ_and_repeat(kind):
    assert np.array_equal(units(kind, 10, 1, 10), units(kind, 10, 1, 10))
    assert not np.array_equal(units(kind, 10, 1, 10), units(kind, 10, 2, 10))


@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_a_hypercube_has_one_point_per_cell_of_each_parameter(budget, seed):
    points = units(LatinHypercubeSearch, budget, seed, 2 * budget)
    for cube in (points[:budget], points[budget:]):  # the second is another hypercube
        for column in (cube * budget).astype(int).T:
            assert sorted(column) == list(range(budget))
    assert not np.array_equal(points[:budget], points[budget:])


@given(st.integers(0, 2**32 - 1))
def test_sobol_has_one_point_per_box_of_every_power_of_two(seed):
    """16 points of a scrambled (0, 2)-sequence: one in each of the 4 × 4, 16 × 1 and 1 × 16 boxes."""
    points = units(SobolSearch, 16, seed, 16)
    for boxes in ([4, 4], [16, 1], [1, 16]):
        assert len({tuple(box) for box in (points * boxes).astype(int)}) == 16


def test_a_sobol_run_is_the_beginning_of_a_longer_one():
    assert np.array_equal(units(SobolSearch, 5, 1, 5), units(SobolSearch, 50, 1, 50)[:5])


@BOTH
def test_values_of_integers_and_choices_are_equally_frequent(kind):
    space = SearchSpace((Int("n", 1, 4), Categorical("c", ("a", "b", "c", "d"))))
    configs = search(kind(space, budget=64, rng=np.random.default_rng(1)), trials=64)
    for name in space.names:
        values = [config[name] for config in configs]
        assert {values.count(value) for value in set(values)} == {16}


@given(st.integers(0, 2**32 - 1))
def test_a_repeated_design_is_the_sequence_with_every_tenth_trial_one_of_it_again(seed):
    points = units(RepeatedSobolSearch, 25, seed, 25)
    again = np.arange(25) % 10 == 9
    assert np.array_equal(points[~again], units(SobolSearch, 25, seed, 23))
    assert np.array_equal(points[again], points[[0, 10]])
