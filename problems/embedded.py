"""Problems of low effective dimension (Bergstra & Bengio 2012): one or two parameters matter, drawn by the instance.

`f(x) = g(x_R) + share · range(g) · mean_{j ∉ R} ((x_j − c_j)/r_j)²`: R are the relevant coordinates, g is a
styblinski-tang function of them, c is a drawn place and r_j the distance from c_j to the farther end of its range. The
second term lies between 0, at c, and `share` of the range of g, so the minimum is that of g, at g's minimiser joined
with c.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.catalogue import FORMULAS, Formula
from problems.space import Config, Floats
from problems.synthetic import box_space, configs, draw_placement
from problems.transforms import Chain, Embedding, draw_positions

BASE = "styblinski-tang"
HIGHEST_PER_COORDINATE = 125.0  # of styblinski-tang in its box: at 5
SHARE = 0.01  # of the range of g: the most that all other parameters add


@dataclass(frozen=True, kw_only=True)
class EmbeddedProblem(Problem):
    """A formula of few coordinates among parameters that hardly matter; free of noise."""

    formula: Formula
    placement: Chain  # begins with the embedding
    places: tuple[float, ...]  # (d,) c; the relevant ones are not used
    weights: tuple[float, ...]  # (d,) of the squared distances; 0 for the relevant ones

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return self.space.names

    @cached_property
    def _places(self) -> Floats:
        return np.array(self.places)

    @cached_property
    def _weights(self) -> Floats:
        return np.array(self.weights)

    @property
    def relevant(self) -> tuple[str, ...]:
        """The parameters that matter."""
        return tuple(name for name, weight in zip(self._names, self.weights, strict=True) if weight == 0.0)

    def value_at(self, points: Floats) -> Any:
        """Values (…) of points (…, d) given as numbers in the order of the space."""
        away = points - self._places
        return self.formula.function(self.placement.forward(points)) + np.vecdot(away * away, self._weights)

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """The value, once; `rng` is not used."""
        value = float(self.value_at(np.array([config[name] for name in self._names])))
        yield Evaluation(value, value)


def make(name: str, dim: int, instance: int, rng: Generator, *, effective: int) -> EmbeddedProblem:
    """`effective` relevant parameters among `dim`, drawn by `rng`."""
    formula = FORMULAS[BASE]
    low, high = formula.box(dim)
    coordinates = np.sort(rng.choice(dim, size=effective, replace=False))
    embedding = Embedding(tuple(coordinates.tolist()), dim)
    placement = Chain((embedding, draw_placement(formula, effective, rng)))

    places = draw_positions(low, high, rng)
    minimum = formula.minimum(effective)
    most = SHARE * (HIGHEST_PER_COORDINATE * effective - minimum)
    weights = most / max(dim - effective, 1) / np.maximum(places - low, high - places) ** 2
    weights[coordinates] = 0.0
    minimisers = np.where(weights == 0.0, placement.inverse(np.array(formula.minimisers(effective))), places)  # (m, d)

    space = box_space(low, high)
    return EmbeddedProblem(
        name=name,
        instance=instance,
        space=space,
        source=f"{formula.source}, embedded as in Bergstra & Bengio 2012, section 2.5",
        optimum=Optimum(minimum, formula.origin, configs(space, minimisers)),
        formula=formula,
        placement=placement,
        places=tuple(places.tolist()),
        weights=tuple(weights.tolist()),
    )
