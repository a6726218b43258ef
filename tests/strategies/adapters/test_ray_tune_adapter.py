"""The adapter does with failures and ends of ranges what it says; its trials are in `test_native_loops.py`."""

import numpy as np
import pytest

from problems.space import Float, Int, SearchSpace
from strategies.registry import strategy_entry
from strategies.testing import SPACES, bowl, search
from tests.strategies.adapters.native import spaces

SPACE = spaces.SPACES["mixed"]
TRIALS = 25  # hyperopt's model begins after 20, the others' after 10


def made(name: str, space: SearchSpace = SPACE, budget: int = TRIALS):
    return strategy_entry(name).make(space, budget=budget, rng=np.random.default_rng(5))


def test_bayesopt_gives_up_as_it_says():
    """A failure among the first ten, and it waits for an eleventh value for ever."""
    configs = search(
        made("ray-bayesopt"), lambda space, n, config: None if n == 3 else bowl(space, n, config), trials=20
    )
    assert len(configs) == 10


@pytest.mark.parametrize("name", ["ray-optuna", "ray-hyperopt"])
def test_the_others_go_on_after_failures(name):
    configs = search(made(name), lambda space, n, config: None if n % 3 else bowl(space, n, config), trials=TRIALS)
    assert len(configs) == TRIALS


@pytest.mark.parametrize("name", ["ray-optuna", "ray-hyperopt", "ray-bayesopt", "ray-random"])
def test_ends_of_ranges_are_drawn(name):
    space = SearchSpace((Int("n", 1, 3), Int("m", 1, 2, log=True)))
    strategy = made(name, space, budget=60)
    drawn = [tuple(strategy.ask().config.values()) for _ in range(10 if name == "ray-bayesopt" else 60)]
    assert {n for n, _ in drawn} == {1, 2, 3}
    assert {m for _, m in drawn} == {1, 2}


def test_names_with_slashes():
    space = SearchSpace((Float("model/rate", 0, 1), Float("rate", 0, 1)))
    assert list(search(made("ray-optuna", space), trials=1)[0]) == ["model/rate", "rate"]


def test_a_space_of_one_config():
    assert search(made("ray-optuna", SPACES["one value each"]), trials=2) == [{"x": 2.0, "y": 1, "z": None}] * 2
