"""Random trials in bulk: values of a synthetic problem, and what the best of n among pooled trials is like."""

from typing import Any

import numpy as np
from numpy.random import Generator

from bench.analysis.anytime import best_of
from bench.claims.claim import Setting
from bench.claims.runs import run
from bench.experiment import Experiment
from problems.space import Floats
from problems.synthetic import SyntheticProblem

TRIALS = 59
TOP = 0.05
PROBLEMS = ("sphere", "rosenbrock", "ackley")
SHADES = dict(zip(PROBLEMS, ("#C3B1DB", "#8C6FB8", "#35185F"), strict=True))  # of the figures; no strategy's
TRAINING = "elastic-net-diabetes"
BLOCKS = 9  # of 59 trials per run
SEEDS = {"quick": 4, "full": 40}  # quick: 2124 trainings of 0.03 s; full: about ten minutes on two cores


def random_regrets(problem: SyntheticProblem, shape: tuple[int, ...], rng: Generator) -> Floats:
    """Regrets (*shape) of independent uniform configs."""
    dim = len(problem.space)
    low, high = problem.formula.box(dim)
    values: Floats = problem.value_at(low + (high - low) * rng.random((*shape, dim)))
    return values - problem.formula.minimum(dim)


def training(setting: Setting) -> Experiment:
    """Random trials of a real training; both parts of the claim read the same runs."""
    settings: dict[str, Any] = {"problems": TRAINING, "dims": "3", "strategies": "random"}
    return run(setting, "sixty-trials", **settings, trials=BLOCKS * TRIALS, seeds=SEEDS[setting.profile])


def threshold(values: Floats, share: float = TOP) -> float:
    """The smallest of `values` (N,) that at least `share` of them do not exceed; ties at it belong to the top."""
    return float(np.sort(values)[int(np.ceil(share * len(values) - 1e-9)) - 1])


def chance_of_being_best(values: Floats, size: int = TRIALS) -> Floats:
    """For each of N pooled trials the probability (N,) of being the best of `size` drawn without replacement.

    `best_of`, but that tied trials share theirs equally. The pooled trials must be independent draws.
    """
    chances = best_of(size, len(values))  # (N,) of the sorted values
    _, group = np.unique(values, return_inverse=True)
    ordered = np.sort(group)
    shared: Floats = (np.bincount(ordered, chances) / np.bincount(ordered))[group]
    return shared
