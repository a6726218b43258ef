"""Random configs fitted to real data, with the loss on every case that they have not seen.

An experiment stores mean errors only. Losses case by case let one model be scored on many test sets of any size, and
on cases that played no part in its choice. Instances are those that strategies meet under the same number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bench.errors import UsageError
from bench.seeding import rng_for
from bench.threads import one_thread
from problems.case_losses import CaseLosses, Supervised
from problems.registry import problem_entry
from problems.space import Floats

# The parameters that a practitioner tunes first; all of knn-digits and of elastic-net-diabetes.
PROBLEMS = ("mlp-digits", "svm-digits", "knn-digits", "elastic-net-diabetes", "boosting-diabetes")
DIM = 5
MOST_DRAWS = 50  # for each config that is wanted: a space in which nearly all trainings diverge is a mistake


@dataclass(frozen=True, eq=False)
class Fitted:
    """`c` models on one division of the data."""

    train: Floats  # (c,) mean loss on the cases that they were fitted on
    held_out: Floats  # (c, h) loss on every other case


def fit(problem: str, instance: int, configs: int, rng: Generator, dim: int = DIM) -> Fitted:
    """`configs` random configs of `problem` whose training does not diverge; draws and trainings come from `rng`.

    Raises `UsageError` where the problem is not installed.
    """
    entry = problem_entry(problem)
    if reason := entry.unavailable(dim):
        raise UsageError(reason)
    made = entry.make(dim, instance, rng_for("instance", problem, dim, instance))
    if not isinstance(made, Supervised):
        raise TypeError(f"fit needs a problem with case_losses, got {problem!r}; name a training")
    kept: list[CaseLosses] = []
    with one_thread():
        for _ in range(configs * MOST_DRAWS):
            losses = made.case_losses(made.space.sample(rng), rng)
            if np.isfinite(losses.held_out).all() and np.isfinite(losses.train).all():
                kept.append(losses)
            if len(kept) == configs:
                return together(kept)
    raise ValueError(f"only {len(kept)} of {configs * MOST_DRAWS} random configs of {problem} could be trained")


def together(losses: Sequence[CaseLosses]) -> Fitted:
    """The models of one division side by side."""
    return Fitted(np.array([one.train.mean() for one in losses]), np.array([one.held_out for one in losses]))


def running_choice(scores: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Position (…, n) of the smallest of the first 1, 2, … scores (…, n); the earliest among equals."""
    before = np.concatenate(
        [np.full((*scores.shape[:-1], 1), np.inf), np.minimum.accumulate(scores, axis=-1)[..., :-1]], axis=-1
    )
    better = np.where(scores < before, np.arange(scores.shape[-1]), 0)
    return np.maximum.accumulate(better, axis=-1)
