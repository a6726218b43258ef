"""A training here and now: `mlp-digits` in five parameters, its validation and training error after each epoch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from bench.explore.live import ONE_AT_A_TIME
from bench.seeding import rng_for
from bench.threads import one_thread
from problems.base import Problem
from problems.entries import Entry
from problems.registry import problem_entry
from problems.space import Config, Float, Int

PROBLEM, DIM, INSTANCE = "mlp-digits", 5, 0  # that of which the recording is
KEPT = 512  # trainings
Number: TypeAlias = Float | Int


@dataclass(frozen=True)
class Curves:
    """Errors in [0, 1] after each epoch that there was; `diverged`: the network then gave no numbers any more."""

    validation: Sequence[float]
    training: Sequence[float]
    diverged: bool

    @property
    def best(self) -> int:
        """The epoch (from 0) after which the validation error was lowest, the first of them."""
        return min(range(len(self.validation)), key=lambda epoch: self.validation[epoch])

    def as_json(self) -> dict[str, Any]:
        """As the browser keeps it."""
        return dict(vars(self))


def entry() -> Entry:
    """The problem in the registry."""
    return problem_entry(PROBLEM)


def refusal() -> str:
    """What to install before anything can be trained; empty where all is there."""
    return entry().unavailable(DIM) or ""


@lru_cache(1)
def problem() -> Problem:
    """The instance that was recorded, with its training error observed."""
    known = problem_entry(PROBLEM)
    rng = rng_for("instance", *known.drawn_as(DIM), INSTANCE)
    return replace(known, options={**known.options, "with_training": True}).make(DIM, INSTANCE, rng)


def curves(config: Config, seed: int) -> Curves:
    """Train with `config`; `seed` says the initial weights and the order of the cases. What was trained is kept."""
    return trained(tuple(config.items()), seed)


@lru_cache(KEPT)
def trained(items: tuple[tuple[str, Any], ...], seed: int) -> Curves:
    """As `curves`."""
    with ONE_AT_A_TIME, one_thread():
        looks = list(problem().observe(dict(items), rng_for("explore", PROBLEM, seed)))
    whole = [
        (look.value, look.train_value) for look in looks if math.isfinite(look.value) and look.train_value is not None
    ]
    return Curves([validation for validation, _ in whole], [training for _, training in whole], len(whole) < len(looks))
