"""Test functions as problems: parameters x1 … xd, and an instance that puts the optimum somewhere new.

Formulas that are valid everywhere are shifted, some also rotated; those valid in their box only are stretched and
mirrored within it (see `transforms`). Either way the minimum keeps its value, and its place is known exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.catalogue import FORMULAS, Formula
from problems.space import Config, Float, Floats, SearchSpace
from problems.transforms import Chain, Transform, draw_rotation, draw_shift, draw_stretch


@dataclass(frozen=True, kw_only=True)
class SyntheticProblem(Problem):
    """`formula` seen through `placement`; free of noise."""

    formula: Formula
    placement: Transform

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return self.space.names

    def value_at(self, points: Floats) -> Any:
        """Values (…) of points (…, d) given as numbers in the order of the space."""
        return self.formula.function(self.placement.forward(points))

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """The value, once; `rng` is not used."""
        value = float(self.value_at(np.array([config[name] for name in self._names])))
        yield Evaluation(value, value)


def box_space(low: Floats, high: Floats) -> SearchSpace:
    """Parameters x1 … xd with these bounds, (d,) each."""
    bounds = zip(low.tolist(), high.tolist(), strict=True)
    return SearchSpace(tuple(Float(f"x{i}", *pair) for i, pair in enumerate(bounds, start=1)))


def configs(space: SearchSpace, points: Floats) -> tuple[Config, ...]:
    """Points (m, d) as configs."""
    return tuple(dict(zip(space.names, point, strict=True)) for point in points.tolist())


def draw_placement(formula: Formula, dim: int, rng: Generator) -> Chain:
    """The map from the problem's box to the formula's coordinates, of the kind that is right for the formula."""
    low, high = formula.box(dim)
    minimisers = np.array(formula.minimisers(dim))  # (m, d)
    match formula.valid:
        case "everywhere":
            shift = draw_shift(low, high, minimisers[0], rng)
            return Chain((shift, draw_rotation(minimisers[0], rng)) if formula.rotated else (shift,))
        case "box":
            return draw_stretch(low, high, minimisers, rng)


def make(name: str, dim: int, instance: int, rng: Generator) -> SyntheticProblem:
    """The formula called `name`, placed by `rng`."""
    formula = FORMULAS[name]
    space = box_space(*formula.box(dim))
    placement = draw_placement(formula, dim, rng)
    minimisers = configs(space, placement.inverse(np.array(formula.minimisers(dim))))
    return SyntheticProblem(
        name=name,
        instance=instance,
        space=space,
        source=formula.source,
        optimum=Optimum(formula.minimum(dim), formula.origin, minimisers),
        formula=formula,
        placement=placement,
    )
