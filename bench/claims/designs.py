"""Whole designs as arrays: the points that the strategies of the same names propose, without their configs.

| symbol | meaning |
|---|---|
| `T` | number of points |
| levels | (d,) how many values a grid has per parameter; its points are the products of cell centres |
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from scipy.stats import qmc

from problems.space import Float, Floats, SearchSpace
from strategies.grid_search import balanced_levels

Levels = tuple[int, ...]


def unit_space(dim: int) -> SearchSpace:
    """`dim` parameters x1 … xd in [0, 1]."""
    return SearchSpace(tuple(Float(f"x{i}", 0.0, 1.0) for i in range(1, dim + 1)))


def random_points(count: int, dim: int, rng: Generator) -> Floats:
    """Independent uniform points (T, d)."""
    return rng.random((count, dim))


def sobol_points(count: int, dim: int, rng: Generator) -> Floats:
    """The first points (T, d) of a scrambled Sobol' sequence."""
    whole = qmc.Sobol(dim, scramble=True, rng=rng).random_base2(math.ceil(math.log2(max(count, 1))))
    return np.asarray(whole[:count], dtype=float)


def halton_points(count: int, dim: int, rng: Generator) -> Floats:
    """The first points (T, d) of a scrambled Halton sequence."""
    return np.asarray(qmc.Halton(dim, scramble=True, rng=rng).random(count), dtype=float)


def lhs_points(count: int, dim: int, rng: Generator) -> Floats:
    """A Latin hypercube (T, d)."""
    return np.asarray(qmc.LatinHypercube(dim, rng=rng).random(count), dtype=float)


def grid_points(levels: Levels) -> Floats:
    """The cell-centred grid (T, d)."""
    axes = [(np.arange(count) + 0.5) / count for count in levels]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(levels))


def balanced(dim: int, budget: int) -> Levels:
    """The levels that the grid strategy chooses."""
    return tuple(balanced_levels(unit_space(dim), budget))


def monotone_resolutions(points: int, dim: int, least: int = 1) -> Iterator[Levels]:
    """All ascending levels (d,) whose product is exactly `points`: (1, 16), (2, 8), (4, 4)."""
    if dim == 1:
        if points >= least:
            yield (points,)
        return
    for first in range(least, points + 1):
        if first**dim > points:
            return
        if points % first == 0:
            yield from ((first, *rest) for rest in monotone_resolutions(points // first, dim - 1, first))
