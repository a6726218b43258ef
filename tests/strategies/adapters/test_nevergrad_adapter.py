"""The adapter finds the trials of whatever NGOpt chooses for a space, and does otherwise only what it says."""

import numpy as np
import pytest

from problems.space import Float, SearchSpace
from strategies.registry import strategy_entry
from strategies.testing import SPACES, search
from tests.strategies.adapters.native import nevergrad_environment
from tests.strategies.adapters.native.spaces import Recorded

ENTRY = strategy_entry("nevergrad")
NUMBERS = {
    "two numbers": SearchSpace((Float("y", -5, 5), Float("x", 0, 1))),
    "one number": SearchSpace((Float("x", 0, 1),)),
}

pytestmark = pytest.mark.skipif(ENTRY.needs.missing() is not None, reason=str(ENTRY.needs.missing()))


def made(space, budget=20):
    return ENTRY.make(space, budget=budget, rng=np.random.default_rng(5))


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("two numbers", 40),  # Cobyla
        ("one number", 300),  # CMA-ES or (1+1), with nevergrad's metamodel
    ],
)
def test_same_trials_as_its_own_loop(name, budget):
    """Beside evolution, which it chooses for the mixed space of `test_native_loops.py`."""
    ours, theirs = Recorded(name), Recorded(name)
    nevergrad_environment.run("nevergrad", name, theirs, trials=budget, rng=np.random.default_rng(5))
    strategy = made(NUMBERS[name], budget)
    search(strategy, lambda space, number, config: ours(config), trials=min(budget, 60))
    strategy.close()
    assert ours.configs == theirs.configs[:60]


def test_other_asks_are_independent_draws_while_one_is_awaited():
    strategy = made(NUMBERS["two numbers"])
    first, *others = (strategy.ask() for _ in range(4))
    assert first.config == {"y": 0.0, "x": 0.5}  # the middle
    assert len({tuple(p.config.values()) for p in (first, *others)}) == 4
    for proposal in reversed(others):
        strategy.tell(proposal, -1.0)  # not heard: NGOpt still waits
    assert strategy._awaited == first.id
    strategy.tell(first, 1.0)
    assert strategy.ask().id == strategy._awaited == 4
    strategy.close()


def test_it_ends_at_once_though_its_thread_waits():
    strategy = made(NUMBERS["two numbers"])
    strategy.ask()
    strategy.close()
    assert strategy._child._process.returncode == 0  # not killed


def test_a_space_of_one_config():
    assert search(made(SPACES["one value each"]), trials=2) == [{"x": 2.0, "y": 1, "z": None}] * 2
