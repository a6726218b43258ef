"""The adapter finds exactly the trials of nevergrad's own loop, and does otherwise only what it says."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from problems.environments import python_of
from problems.space import Categorical, Float, Int, SearchSpace
from strategies.registry import strategy_entry
from strategies.testing import SPACES, search

ENTRY = strategy_entry("nevergrad")
CHOICES = ("relu", "gelu", "silu")
SPACE = {
    "mixed": SearchSpace(
        (
            Float("rate", 1e-5, 1, log=True),
            Int("width", 16, 256, log=True),
            Int("layers", 1, 4),
            Categorical("activation", CHOICES),
        )
    ),
    "numbers": SearchSpace((Float("y", -5, 5), Float("x", 0, 1))),
    "one number": SearchSpace((Float("x", 0, 1),)),
}
NATIVE = Path(__file__).with_name("native_nevergrad.py")
MIDDLE = {"rate": 1e-3, "width": 60, "layers": 2, "x": 0.3, "y": 1.0}

pytestmark = pytest.mark.skipif(ENTRY.needs.missing() is not None, reason=str(ENTRY.needs.missing()))


def loss(space, number, config):
    """The same as in native_nevergrad.py, which cannot import us."""
    numbers = sum(abs(config[name] - value) / value for name, value in MIDDLE.items() if name in config)
    return numbers + (CHOICES.index(config["activation"]) if "activation" in config else 0)


def made(space, budget=20):
    return ENTRY.make(space, budget=budget, rng=np.random.default_rng(5))


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("mixed", 30),  # evolution
        ("numbers", 40),  # Cobyla
        ("one number", 300),  # CMA-ES or (1+1), with nevergrad's metamodel
    ],
)
def test_same_trials_as_its_own_loop(name, budget):
    seed = int(np.random.default_rng(5).integers(2**31))
    command = [str(python_of("nevergrad")), str(NATIVE), str(seed), str(budget), name]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=300)
    native = json.loads(done.stdout)
    for config in native:
        if "activation" in config:
            config["activation"] = CHOICES[config["activation"]]
    strategy = made(SPACE[name], budget)
    assert search(strategy, loss, trials=len(native)) == native
    strategy.close()


def test_other_asks_are_independent_draws_while_one_is_awaited():
    strategy = made(SPACE["numbers"])
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
    strategy = made(SPACE["numbers"])
    strategy.ask()
    strategy.close()
    assert strategy._child._process.returncode == 0  # not killed


def test_a_space_of_one_config():
    assert search(made(SPACES["one value each"]), trials=2) == [{"x": 2.0, "y": 1, "z": None}] * 2
