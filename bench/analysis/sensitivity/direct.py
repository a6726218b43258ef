"""Sobol' indices of the function itself, where a trial is cheap and its noise-free value is known: no surrogate."""

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.importance import POINTS, sobol_shares
from bench.evaluate import evaluate
from problems.base import Problem
from problems.space import Floats

MOST_SECONDS = 10.0  # that all evaluations may take together


def is_cheap(trials: pd.DataFrame, d: int) -> bool:
    """Whether trials like these have known true values, and `POINTS` (d + 2) of them would take `MOST_SECONDS`."""
    known = bool(trials["true_value"].notna().all())
    return known and float(trials["evaluate_s"].mean()) * POINTS * (d + 2) <= MOST_SECONDS


def direct_shares(problem: Problem, names: tuple[str, ...], rng: Generator) -> pd.DataFrame | None:
    """`sobol_shares` of the true values over the parameters `names`, the others in the middle of their ranges.

    None where a trial failed.
    """
    searched = [j for j, name in enumerate(problem.space.names) if name in names]
    failed = False

    def true_values(points: Floats) -> Floats:  # (m, d) -> (m,)
        nonlocal failed
        units = np.full((len(points), len(problem.space)), 0.5)
        units[:, searched] = points
        found = [evaluate(problem, problem.space.from_unit(unit), rng).true_value for unit in units]
        failed = failed or any(value is None for value in found)
        return np.array([np.nan if value is None else value for value in found])

    with np.errstate(invalid="ignore"):
        table = sobol_shares(true_values, names, rng)
    return None if failed else table
