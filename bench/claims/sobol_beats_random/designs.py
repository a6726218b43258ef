"""Both designs as arrays on test functions: the best value of the first T points, for every T at once.

| symbol | meaning |
|---|---|
| `T` | trials; both designs are sequences, so that a prefix of T points is what the strategy tries with T trials |
| seed | a pair of point sets in one dimension, and a fresh instance of every function: the independent unit |
"""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.significance import LEAST_REGRET
from bench.claims.claim import Data, Setting
from bench.claims.designs import random_points, sobol_points
from problems.registry import problem_entry
from problems.space import Float, Floats
from problems.synthetic import SyntheticProblem

SMOOTH = ("sphere", "ellipsoid", "rosenbrock", "styblinski-tang")  # few valleys, no ripples
RUGGED = ("ackley", "rastrigin", "schwefel", "michalewicz")  # many valleys
DIMS = (2, 3, 5, 10)
SIZES = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)  # T: powers of two, and one between each
DESIGNS = {"sobol": sobol_points, "random": random_points}
SEEDS = {"quick": 250, "full": 2500}  # 5 s and 50 s for each part


def scaled(problem: SyntheticProblem, units: Floats) -> Floats:
    """Points (T, d) of the unit cube in the problem's box."""
    box = np.array([(p.low, p.high) for p in problem.space if isinstance(p, Float)])  # (d, 2)
    points: Floats = box[:, 0] + units * (box[:, 1] - box[:, 0])
    return points


def best_regrets(problem: SyntheticProblem, units: Floats) -> Floats:
    """Simple regret after each T of `SIZES`; what lies below the last target counts as that."""
    if problem.optimum is None:
        raise ValueError(f"a regret needs an optimum, {problem.name} states none")
    best = np.minimum.accumulate(problem.value_at(scaled(problem, units))) - problem.optimum.value
    regrets: Floats = np.maximum(best[np.array(SIZES) - 1], LEAST_REGRET)
    return regrets


def experiment(setting: Setting) -> Data:
    """One row per function, dimension, seed and T, with both designs' regret."""
    names, seeds = (*SMOOTH, *RUGGED), SEEDS[setting.profile]
    regrets = np.empty((len(DIMS), seeds, len(names), len(DESIGNS), len(SIZES)))
    for i, dim in enumerate(DIMS):
        for seed in range(seeds):
            point_sets = [make(SIZES[-1], dim, setting.rng) for make in DESIGNS.values()]
            for j, name in enumerate(names):
                problem = formula_problem(name, dim, seed, setting.rng)
                regrets[i, seed, j] = [best_regrets(problem, points) for points in point_sets]
    axes: list[list[Hashable]] = [list(axis) for axis in (DIMS, range(seeds), names, SIZES)]
    rows = pd.MultiIndex.from_product(axes, names=["dim", "seed", "function", "trials"]).to_frame(index=False)
    return {"regrets": rows.assign(**{name: regrets[:, :, :, k].ravel() for k, name in enumerate(DESIGNS)})}


def formula_problem(name: str, dim: int, instance: int, rng: Generator) -> SyntheticProblem:
    """The instance of a test function; raises `TypeError` for a problem that is no formula."""
    problem = problem_entry(name).make(dim, instance, rng)
    if not isinstance(problem, SyntheticProblem):
        raise TypeError(f"{name} is not a formula; give one of problems/catalogue.py")
    return problem


def with_advantage(regrets: pd.DataFrame) -> pd.DataFrame:
    """Add `ahead` (1 where Sobol' is lower, ½ where equal, else 0) and `decades`, log10 of random's over Sobol's."""
    lower, equal = regrets["sobol"] < regrets["random"], regrets["sobol"] == regrets["random"]
    decades = np.log10(regrets["random"]) - np.log10(regrets["sobol"])
    return regrets.assign(ahead=lower + 0.5 * equal, decades=decades)
