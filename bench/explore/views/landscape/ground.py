"""What lies under the trials: a function of two parameters on a lattice, and where it is lowest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bench.evaluate import evaluate
from bench.explore.offered import offered_problem
from bench.records import RunKey
from bench.run import make_problem
from bench.seeding import rng_for
from problems.base import Problem
from problems.registry import CHEAP, problems
from problems.space import Float, Floats

DIM = 2
POINTS = 81  # along each parameter
SHALLOW = 8.0  # times the median above the lowest is the highest: from there on colours are logarithmic
DECADES = 4  # of a logarithmic scale; what is lower has the lowest colour


@dataclass(frozen=True)
class Ground:
    """A function on a lattice: `x` and `y` (POINTS,), each parameter in its own units; `value` (POINTS, POINTS).

    `height`: what is coloured, the value above `lowest`, a logarithm of it where `is_log`.
    """

    names: tuple[str, str]
    is_log_axis: tuple[bool, bool]
    x: Floats
    y: Floats
    value: Floats
    lowest: float
    height: Floats
    is_log: bool
    minimisers: Sequence[tuple[float, float]]


def functions() -> list[str]:
    """The functions of the registry that can be shown: cheap ones, of numbers, in two dimensions."""
    return [name for name, entry in problems().items() if entry.factory in CHEAP and not refusal(name)]


def refusal(name: str) -> str:
    """Why `name` cannot be shown, in a line; empty where it can."""
    try:
        entry = offered_problem(name)
    except (KeyError, ValueError) as error:
        return str(error.args[0])
    if reason := entry.unavailable(DIM):
        return f"{reason}; here are functions of two parameters, take one of the menu"
    if entry.factory not in CHEAP:
        return f"{name} is too dear to be drawn: thousands of evaluations; take one of the functions of the menu"
    problem = instance(name, 0)
    if problem.dim != DIM or not all(isinstance(parameter, Float) for parameter in problem.space):
        return f"{name} has no two parameters that are numbers; take one of the functions of the menu"
    return ""


@lru_cache(256)
def instance(name: str, seed: int) -> Problem:
    """The instance that every strategy meets under `seed`."""
    return make_problem(RunKey(name, DIM, seed, "random", seed, 1))


@lru_cache(16)
def ground(name: str, seed: int) -> Ground:
    """The function called `name`, without its noise, in the instance of `seed`."""
    problem = instance(name, seed)
    ends = np.linspace(0, 1, POINTS)
    first, second = problem.space
    x, y = (np.array([parameter.from_unit(unit) for unit in ends], dtype=float) for parameter in (first, second))
    rng = rng_for("landscape", name, seed)
    value = np.full((POINTS, POINTS), np.nan)
    for row, along_y in enumerate(ends):
        for column, along_x in enumerate(ends):
            seen = evaluate(problem, problem.space.from_unit([along_x, along_y]), rng)
            truth = seen.true_value if seen.true_value is not None else seen.value
            value[row, column] = np.nan if truth is None else truth
    lowest = float(np.nanmin(value)) if problem.optimum is None else min(problem.optimum.value, float(np.nanmin(value)))
    above = value - lowest
    highest = float(np.nanmax(above))
    is_log = highest > SHALLOW * float(np.nanmedian(above)) > 0
    height = np.log10(np.maximum(above, highest / 10**DECADES)) if is_log else above
    known = () if problem.optimum is None else problem.optimum.minimisers
    return Ground(
        names=(first.name, second.name),
        is_log_axis=(getattr(first, "log", False), getattr(second, "log", False)),
        x=x,
        y=y,
        value=value,
        lowest=lowest,
        height=height,
        is_log=is_log,
        minimisers=[(float(place[first.name]), float(place[second.name])) for place in known],
    )
