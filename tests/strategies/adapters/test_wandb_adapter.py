"""The adapter finds exactly the trials of a loop around `sweeps.next_run`, in the environment of W&B's package."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from problems.environments import python_of
from problems.space import Float, SearchSpace
from strategies.grid_search import balanced_levels
from strategies.registry import strategy_entry
from strategies.testing import search
from tests.strategies.adapters.native.objectives import valley
from tests.strategies.adapters.native.spaces import SPACES

SCRIPT = Path(__file__).with_name("native") / "wandb_loop.py"
MIXED = SPACES["mixed"]
TRIALS = 14  # bayes models after 2
NAMES = ("wandb-bayes", "wandb-random", "wandb-grid")


def grid_axes(trials: int) -> dict[str, list[Any]]:
    grid = MIXED.grid(balanced_levels(MIXED, trials))
    return {name: list(axis) for name, axis in zip(grid.names, grid.axes, strict=True)}


@pytest.mark.parametrize("name", NAMES)
def test_same_trials_as_the_packages_own_loop(name: str):
    entry = strategy_entry(name)
    if missing := entry.needs.missing():
        pytest.skip(missing)
    seed = int(np.random.default_rng(5).integers(2**31))
    words = [name.removeprefix("wandb-"), "mixed", str(seed), str(TRIALS), json.dumps(grid_axes(TRIALS))]
    command = [str(python_of("wandb")), str(SCRIPT), *words]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    native = json.loads(done.stdout)["configs"]
    strategy = entry.make(MIXED, budget=TRIALS, rng=np.random.default_rng(5))
    configs = search(strategy, lambda space, number, config: valley(config), trials=TRIALS)
    strategy.close()
    assert len(configs) == (12 if name == "wandb-grid" else TRIALS)
    assert configs == native


def test_names_with_dots():
    entry = strategy_entry("wandb-bayes")
    if missing := entry.needs.missing():
        pytest.skip(missing)
    space = SearchSpace((Float("model.rate", 0, 1), Float("rate", 0, 1)))
    strategy = entry.make(space, budget=4, rng=np.random.default_rng(5))
    configs = search(strategy, trials=4)
    strategy.close()
    assert [list(config) for config in configs] == [["model.rate", "rate"]] * 4
