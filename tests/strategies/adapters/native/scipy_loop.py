"""`differential_evolution` on the unit cube."""

from typing import Any

import numpy as np
from numpy.random import Generator
from scipy.optimize import Bounds, differential_evolution

from tests.strategies.adapters.native.spaces import BOX_NAMES, HIGH, LOW, SPACES, Objective


class Enough(Exception):
    """Raised by the objective after the last trial; scipy counts generations, not trials."""


def box(point: Any) -> dict[str, Any]:
    return dict(zip(BOX_NAMES, LOW + point * (HIGH - LOW), strict=True))


DECODE = {"mixed": SPACES["mixed"].from_unit, "box": box}


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    told, decode, dim = 0, DECODE[space], len(SPACES[space])

    def loss(point: Any) -> float | None:
        nonlocal told
        if told == trials:
            raise Enough
        told += 1
        return objective(decode(point))

    try:
        differential_evolution(loss, Bounds(np.zeros(dim), np.ones(dim)), rng=rng)
    except Enough:
        return
