"""The adapter finds exactly the trials of `differential_evolution`, and does otherwise only what it says."""

from collections import Counter

import numpy as np
import pytest
from scipy.optimize import differential_evolution

from problems.space import Float, Int, SearchSpace
from strategies.base import Exhausted
from strategies.registry import strategy_entry
from strategies.testing import SPACES as EXAMPLES
from strategies.testing import bowl, search
from tests.strategies.adapters.native.scipy_loop import run
from tests.strategies.adapters.native.spaces import SPACES, Recorded

SQUARE = SearchSpace((Float("x", 0, 1), Float("y", 0, 1)))


def made(space):
    return strategy_entry("scipy-de").make(space, budget=50, rng=np.random.default_rng(5))


def evolved(space, bounds, decoded, **arguments):
    """The configs that scipy evaluates."""
    configs = []

    def objective(point):
        configs.append(decoded(point))
        return bowl(space, 0, configs[-1])

    differential_evolution(objective, bounds, rng=np.random.default_rng(5), **arguments)
    return configs


def test_same_trials_as_scipy_to_the_end():
    theirs, ours = Recorded("mixed"), Recorded("mixed")
    run("scipy-de", "mixed", theirs, trials=10**6, rng=np.random.default_rng(5))
    strategy = made(SPACES["mixed"])
    search(strategy, lambda space, number, config: ours(config), trials=10**6)
    assert ours.configs == theirs.configs
    with pytest.raises(Exhausted, match="converged"):
        strategy.ask()


def test_scipy_itself_draws_the_ends_of_an_integer_range_half_as_often():
    """The reason for the stated deviation; where this fails, the library was mended, and integrality can be used."""
    space = SearchSpace((Int("m", 1, 4), Float("x", 0, 1)))
    native = evolved(
        space,
        [(1, 4), (0, 1)],
        lambda point: {"m": int(point[0]), "x": float(point[1])},
        integrality=[True, False],
        maxiter=0,
        polish=False,
    )
    design = Counter(config["m"] for config in native)  # a Latin hypercube of 30 points
    assert [design[m] for m in (1, 2, 3, 4)] == [5, 10, 10, 5]
    ours = Counter(config["m"] for config in search(made(space), trials=30))
    assert set(ours.values()) == {7, 8}


def test_other_asks_are_independent_draws_while_one_is_awaited():
    strategy = made(SQUARE)
    first, *others = (strategy.ask() for _ in range(4))
    assert len({tuple(p.config.values()) for p in (first, *others)}) == 4
    for proposal in reversed(others):
        strategy.tell(proposal, -1.0)  # not heard: the evolution still waits
    assert strategy._awaited == first.id
    strategy.tell(first, 1.0)
    assert strategy.ask().id == 4
    assert strategy._awaited == 4
    strategy.close()


def test_it_goes_on_where_many_trials_fail():
    def half_fails(space, number, config):
        return None if config["x"] < 0.5 else bowl(space, number, config)

    configs = search(made(SQUARE), half_fails, trials=400)
    assert min(bowl(SQUARE, 0, config) for config in configs if config["x"] >= 0.5) == pytest.approx(0.04, abs=1e-3)
    assert len(search(made(SQUARE), lambda space, n, config: None, trials=200)) == 200


def test_a_space_of_one_config():
    assert search(made(EXAMPLES["one value each"]), trials=2) == [{"x": 2.0, "y": 1, "z": None}] * 2
