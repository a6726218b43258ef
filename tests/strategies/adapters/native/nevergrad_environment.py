"""`nevergrad_loop.py` in the environment of nevergrad."""

import json
import os
import subprocess
from pathlib import Path

from numpy.random import Generator

from problems.environments import python_of
from tests.strategies.adapters.native.spaces import Objective

SCRIPT = Path(__file__).with_name("nevergrad_loop.py")


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> float:
    """`objective` hears of the configs when all is over: the script has its own."""
    command = [str(python_of(name)), str(SCRIPT), space, str(int(rng.integers(2**31))), str(trials)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    for config in answer["configs"]:
        objective(config)
    return float(answer["seconds"])
