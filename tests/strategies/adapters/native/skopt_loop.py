"""`gp_minimize` and `forest_minimize`."""

from typing import Any

import skopt
from numpy.random import Generator
from skopt.space import Categorical, Integer, Real

from tests.strategies.adapters.native.spaces import HIGH, LOW, SPACES, Objective


def mixed() -> list[Any]:
    return [
        Real(1e-5, 1, prior="log-uniform"),
        Integer(16, 256, prior="log-uniform", transform="normalize"),  # the stated deviation
        Integer(1, 4),
        Real(0, 0.999),
        Categorical(["relu", "gelu", "silu"]),
    ]


def box() -> list[Any]:
    return [Real(LOW, HIGH) for _ in range(5)]


NATIVE = {"mixed": mixed, "box": box}  # made for each run: gp_minimize changes the dimensions that it is given
MINIMIZE = {"skopt-gp": skopt.gp_minimize, "skopt-forest": skopt.forest_minimize}


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    names = SPACES[space].names
    MINIMIZE[name](
        lambda point: objective(dict(zip(names, point, strict=True))),
        NATIVE[space](),
        n_calls=trials,
        random_state=int(rng.integers(2**31)),
    )
