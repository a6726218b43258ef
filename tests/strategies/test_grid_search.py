"""Grid search: the budget is used as far as a product can, evenly, once per point, in random order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.base import Exhausted
from strategies.grid_search import GridSearch, balanced_levels
from strategies.testing import search
from tests.problems.test_space import spaces

BUDGETS = st.integers(1, 300)


@given(spaces(), BUDGETS)
def test_levels_use_the_budget_as_far_as_a_product_can(space, budget):
    levels = balanced_levels(space, budget)
    points = math.prod(levels)
    assert 1 <= points <= budget
    for level, parameter in zip(levels, space, strict=True):
        assert level <= parameter.cardinality
        saturated = level == parameter.cardinality
        assert saturated or points // level * (level + 1) > budget


@given(spaces(), BUDGETS)
def test_levels_are_balanced(space, budget):
    """Nobody gets two levels more than another who could have had one more."""
    levels = balanced_levels(space, budget)
    for level, parameter in zip(levels, space, strict=True):
        if level < parameter.cardinality:
            assert max(levels) <= level + 1 or level + 1 > math.floor(budget ** (1 / len(space)))


@pytest.mark.parametrize(
    ("dim", "budget", "levels"),
    [
        (1, 50, [50]),
        (2, 50, [7, 7]),
        (2, 56, [8, 7]),
        (3, 100, [5, 5, 4]),
        (3, 64, [4, 4, 4]),
        (10, 100, [3, 2, 2, 2, 2, 2, 1, 1, 1, 1]),
    ],
)
def test_levels_of_floats(dim, budget, levels):
    assert balanced_levels(SearchSpace(tuple(Float(f"x{j}", 0, 1) for j in range(dim))), budget) == levels


def test_what_a_small_parameter_cannot_use_goes_to_the_others():
    space = SearchSpace((Categorical("c", ("a", "b")), Float("x", 0, 1), Int("fixed", 3, 3)))
    assert balanced_levels(space, 50) == [2, 25, 1]


@given(spaces(), BUDGETS, st.integers(0, 2**32 - 1))
def test_every_point_once_then_exhausted(space, budget, seed):
    strategy = GridSearch(space, budget=budget, rng=np.random.default_rng(seed))
    configs = search(strategy, trials=budget + 1)
    grid = list(space.grid(balanced_levels(space, budget)))
    assert sorted(map(repr, configs)) == sorted(map(repr, grid))
    with pytest.raises(Exhausted, match=f"all {len(grid)} points"):
        strategy.ask()


def test_the_order_is_random_and_comes_from_the_stream():
    space = SearchSpace((Float("x", 0, 1), Float("y", 0, 1)))

    def order(seed):
        return search(GridSearch(space, budget=49, rng=np.random.default_rng(seed)), trials=49)

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1) != list(space.grid([7, 7]))


def test_a_grid_that_would_fill_the_memory_is_not_built():
    space = SearchSpace(tuple(Int(f"x{j}", 1, 10**6) for j in range(10)))
    assert len(space.grid([100] * 9 + [1])) == 10**18
    assert len(search(GridSearch(space, budget=60, rng=np.random.default_rng(1)), trials=60)) == 48
