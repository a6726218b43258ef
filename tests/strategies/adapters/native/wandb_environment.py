"""`wandb_loop.py` in the environment of W&B's package."""

import json
import os
import subprocess
from pathlib import Path

from numpy.random import Generator

from problems.environments import python_of
from strategies.grid_search import balanced_levels
from tests.strategies.adapters.native.spaces import SPACES, Objective

SCRIPT = Path(__file__).with_name("wandb_loop.py")


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> float:
    """`objective` hears of the configs when all is over: the script has its own."""
    grid = SPACES[space].grid(balanced_levels(SPACES[space], trials))
    axes = dict(zip(grid.names, grid.axes, strict=True))  # the stated deviation
    words = [name.removeprefix("wandb-"), space, str(int(rng.integers(2**31))), str(trials), json.dumps(axes)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(python_of("wandb")), str(SCRIPT), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    for config in answer["configs"]:
        objective(config)
    return float(answer["seconds"])
