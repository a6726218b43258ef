"""Section 4: how probable is it that T trials hit a target of 1 % of the volume?

| symbol | meaning |
|---|---|
| `v` | volume of the target, 0.01 |
| sides | (m, d) of m targets; their product is `v` |
| batch | a share of the replications with its own targets and point sets; intervals are taken over batches |

Targets lie on the torus: in the cube itself, points near its middle would be privileged. The paper's targets lie in
the cube, hence our digits are not its digits.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.claims.claim import Data, Setting
from bench.claims.designs import (
    Levels,
    balanced,
    grid_points,
    halton_points,
    lhs_points,
    monotone_resolutions,
    random_points,
    sobol_points,
)  # fmt: skip
from problems.space import Floats

VOLUME = 0.01
LARGEST = 512
TARGETS = (("cube", 3), ("cube", 5), ("rectangle", 3), ("rectangle", 5))
SIZES = sorted({*(round(2 ** (i / 4)) for i in range(37)), 27, 81, 100, 125, 216, 243, 343, 400})  # T of the curves
BATCHES = 20
RECTANGLES = {"quick": 200, "full": 1000}  # per batch, for the grids
POINT_SETS = {"quick": 4, "full": 10}  # per batch
PER_SET = 25  # targets thrown at one point set

SEQUENCES: Mapping[str, Callable[[int, int, Generator], Floats]] = {
    "random": random_points,
    "sobol": sobol_points,
    "halton": halton_points,
}


def cube_sides(count: int, dim: int) -> Floats:
    """Sides (m, d) of cubes of volume `v`."""
    return np.full((count, dim), VOLUME ** (1 / dim))


def rectangle_sides(count: int, dim: int, rng: Generator) -> Floats:
    """Sides (m, d): uniform numbers raised to the common power that makes the volume `v`."""
    logs = np.log(rng.random((count, dim)))  # (m, d), all negative
    sides: Floats = np.exp(logs * (math.log(VOLUME) / logs.sum(axis=1, keepdims=True)))
    return sides


def target_sides(kind: str, count: int, dim: int, rng: Generator) -> Floats:
    """Sides (m, d) of targets of `kind`."""
    return cube_sides(count, dim) if kind == "cube" else rectangle_sides(count, dim, rng)


def grid_probability(levels: Levels, sides: Floats) -> Floats:
    """P(hit) (m,) of a cell-centred grid for targets placed uniformly on the torus: exact."""
    probability: Floats = np.prod(np.minimum(1.0, np.array(levels) * sides), axis=1)
    return probability


def random_probability(trials: Floats) -> Floats:
    """P(hit) of independent uniform trials: exact."""
    return 1.0 - (1.0 - VOLUME) ** trials


def first_hits(points: Floats, sides: Floats, rng: Generator) -> Floats:
    """For targets of `sides` (m, d) at uniform places, the number (m,) of the first point that hits; inf for none."""
    centres = rng.random(sides.shape)  # (m, d)
    inside = np.ones((len(sides), len(points)), dtype=bool)
    for j in range(sides.shape[1]):
        apart = np.abs(points[None, :, j] - centres[:, j, None])  # (m, T)
        inside &= np.minimum(apart, 1.0 - apart) < sides[:, j, None] / 2
    return np.where(inside.any(axis=1), inside.argmax(axis=1) + 1.0, np.inf)


def grid_rows(kind: str, dim: int, batch: int, sides: Floats) -> list[dict[str, object]]:
    """The exact P(hit) of every monotone resolution of every size, and of the levels that our strategy chooses."""
    rows: list[dict[str, object]] = []
    for size in SIZES:
        chosen = balanced(dim, size)
        candidates = {*monotone_resolutions(size, dim), chosen}
        for levels in sorted(candidates):
            rows.append(
                {
                    "target": kind, "dim": dim, "trials": size, "batch": batch,
                    "levels": "×".join(map(str, levels)),
                    "monotone": math.prod(levels) == size and list(levels) == sorted(levels),
                    "chosen": levels == chosen,
                    "probability": float(grid_probability(levels, sides).mean()),
                }
            )  # fmt: skip
    return rows


def curve_rows(kind: str, dim: int, batch: int, sets: int, rng: Generator) -> list[dict[str, object]]:
    """Simulated P(hit) against T: sequences by their prefixes; hypercubes and our grid anew for every T."""
    hits: dict[str, Floats] = {}
    for name, make in SEQUENCES.items():
        firsts = np.concatenate(
            [first_hits(make(LARGEST, dim, rng), target_sides(kind, PER_SET, dim, rng), rng) for _ in range(sets)]
        )
        hits[name] = np.array([(firsts <= size).mean() for size in SIZES])
    for name in ("lhs", "grid"):
        shares = []
        for size in SIZES:
            found = [
                np.isfinite(first_hits(design(name, size, dim, rng), target_sides(kind, PER_SET, dim, rng), rng)).mean()
                for _ in range(sets)
            ]
            shares.append(float(np.mean(found)))
        hits[name] = np.array(shares)
    return [
        {"target": kind, "dim": dim, "trials": size, "batch": batch, "strategy": name, "probability": float(share)}
        for name, shares_of in hits.items()
        for size, share in zip(SIZES, shares_of, strict=True)
    ]


def design(name: str, size: int, dim: int, rng: Generator) -> Floats:
    """A hypercube of `size` points, or the grid that our strategy makes of that budget."""
    return lhs_points(size, dim, rng) if name == "lhs" else grid_points(balanced(dim, size))


def experiment(setting: Setting) -> Data:
    """Exact probabilities of grids over drawn targets, and simulated ones of the other designs, batch by batch."""
    grids, curves = [], []
    for kind, dim in TARGETS:
        for batch in range(BATCHES):
            sides = target_sides(kind, RECTANGLES[setting.profile], dim, setting.rng)
            grids += grid_rows(kind, dim, batch, sides)
            curves += curve_rows(kind, dim, batch, POINT_SETS[setting.profile], setting.rng)
    return {"grids": pd.DataFrame(grids), "curves": pd.DataFrame(curves)}
