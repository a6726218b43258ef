"""The loop of cmaes' README, on the unit cube."""

import math
from typing import Any

import numpy as np
from cmaes import CMA
from numpy.random import Generator

from tests.strategies.adapters.native.spaces import BOX_NAMES, HIGH, LOW, SPACES, Objective


def box(point: Any) -> dict[str, Any]:
    return dict(zip(BOX_NAMES, LOW + point * (HIGH - LOW), strict=True))


DECODE = {"mixed": SPACES["mixed"].from_unit, "box": box}


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    decode, dim = DECODE[space], len(SPACES[space])
    mean, seed = rng.random(dim), int(rng.integers(2**31))
    optimizer = CMA(mean, 0.2, bounds=np.tile([0.0, 1.0], (dim, 1)), seed=seed)
    told = 0
    while not optimizer.should_stop():
        solutions = []
        for _ in range(optimizer.population_size):
            point = optimizer.ask()
            value = objective(decode(point))
            solutions.append((point, math.inf if value is None else value))
            told += 1
            if told == trials:
                return
        optimizer.tell(solutions)
