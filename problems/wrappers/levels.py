"""`discrete`: every number of the space takes one of a few values, in order, and is searched as an integer.

As in COCO's mixed-integer suite (Tušar, Brockhoff & Hansen 2019, GECCO, Mixed-integer benchmark problems for single-
and bi-objective optimization) the optimum stays reachable, and thereby known: the level that is nearest to a minimiser
is moved onto it. Where no minimiser is known, the optimum is only a bound.
"""

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from problems.base import Optimum, Problem
from problems.space import Categorical, Config, Int, Parameter, SearchSpace, axis_levels
from problems.wrappers.base import Wrapped

Levels = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Discretised(Wrapped):
    """`inner` with numbers that are chosen by level, from 1."""

    levels: tuple[Levels | None, ...]  # the values of each parameter, ascending; None: it is as it was

    def inward(self, config: Config) -> Config:
        """The values at the levels."""
        return {
            name: config[name] if levels is None else levels[config[name] - 1]
            for name, levels in zip(self.space.names, self.levels, strict=True)
        }


def discretised(inner: Problem, name: str, count: int, dim: int, rng: Generator) -> Discretised:
    """`inner` with `count` levels per number, cell-centred on its scale; all values of an integer that has fewer."""
    kept = inner.optimum.minimisers[0] if inner.optimum and inner.optimum.minimisers else Config()
    levels = tuple(levels_of(parameter, count, kept.get(parameter.name)) for parameter in inner.space)
    parameters = tuple(
        parameter if values is None else Int(parameter.name, 1, len(values))
        for parameter, values in zip(inner.space, levels, strict=True)
    )
    return Discretised.around(
        inner,
        name,
        space=SearchSpace(parameters),
        optimum=inner.optimum and optimum_on(inner.optimum, inner.space, levels),
        levels=levels,
    )


def levels_of(parameter: Parameter, count: int, kept: Any) -> Levels | None:
    """Ascending values of a number, of which one is `kept` unless that is None; None for a parameter without order."""
    if isinstance(parameter, Categorical):
        return None
    values = axis_levels(parameter, count)
    if kept is not None and kept not in values:
        place = parameter.to_unit(kept)
        nearest = min(range(len(values)), key=lambda i: abs(parameter.to_unit(values[i]) - place))
        values[nearest] = kept
    return tuple(values)


def optimum_on(optimum: Optimum, space: SearchSpace, levels: tuple[Levels | None, ...]) -> Optimum | None:
    """What is known of the optimum on the grid: the minimiser that is kept, or else that nothing lies below."""
    if not optimum.minimisers:
        return Optimum(optimum.value, "bound") if optimum.origin in ("analytic", "bound") else None
    kept = optimum.minimisers[0]
    minimiser = {
        name: kept[name] if values is None else values.index(kept[name]) + 1
        for name, values in zip(space.names, levels, strict=True)
    }
    return Optimum(optimum.value, optimum.origin, (minimiser,))
