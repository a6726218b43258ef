"""Integers and choices: their points, and steps along them.

The acquisition has no gradient there. So after the climb, which takes integers for real numbers, the best point goes
on from lattice point to lattice point, one parameter at a time, while that pays.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from problems.space import Categorical, Floats, Int, Parameter, SearchSpace

Worth: TypeAlias = Callable[[Floats], Floats]  # units (n, d) -> acquisition (n,)

MOST_STEPS = 10


def every_point(space: SearchSpace) -> Floats:
    """All points (cardinality, d) of a small finite space."""
    levels = [int(parameter.cardinality) for parameter in space]
    return np.array([space.to_unit(config) for config in space.grid(levels)])


def walk(space: SearchSpace, tops: Floats, worth: Worth) -> Floats:
    """`tops` (n, d) sorted by worth; where there is a lattice, with the points met on a walk from the best."""
    found, values = [tops], [worth(tops)]
    here, value = best_of(found[0], values[0])
    for _ in range(MOST_STEPS):
        steps = one_step_away(space, here)
        if len(steps) == 0:
            break
        found.append(steps)
        values.append(worth(steps))
        there, gained = best_of(found[-1], values[-1])
        if gained <= value:
            break
        here, value = there, gained
    return np.vstack(found)[np.argsort(-np.concatenate(values), kind="stable")]


def best_of(units: Floats, values: Floats) -> tuple[Floats, float]:
    """The point of the largest value, and that value."""
    best = int(np.argmax(values))
    return units[best], float(values[best])


def one_step_away(space: SearchSpace, here: Floats) -> Floats:
    """Points (n, d) that differ from `here` (d,) in one integer by one, or in one choice."""
    config = space.from_unit(here)
    points = []
    for j, parameter in enumerate(space):
        for unit in neighbours_of(parameter, config[parameter.name]):
            point = here.copy()
            point[j] = unit
            points.append(point)
    return np.array(points).reshape(-1, len(here))


def neighbours_of(parameter: Parameter, value: Any) -> list[float]:
    """The neighbouring values of an integer, the other choices of a categorical; as units, none for a float."""
    match parameter:
        case Int(low=low, high=high):
            return [parameter.to_unit(other) for other in (value - 1, value + 1) if low <= other <= high]
        case Categorical(choices=choices):
            return [(i + 0.5) / len(choices) for i, choice in enumerate(choices) if choice is not value]
        case _:
            return []
