"""Pruners on trainings that were all taken to their end: what each would have stopped is then known, and what of.

Random search proposes the same trials whatever the pruner, so that the recorded curves of a run without one, shown to a
pruner in their order, are exactly the run with it: its decisions, and the winner that it did not see, together.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.claims.claim import Setting
from bench.claims.runs import run
from strategies.pruners.base import is_whole
from strategies.pruners.registry import pruner_entry

PRUNERS = ("asha", "hyperband", "median", "patience")
PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "quick": ("mlp-digits",),
    "full": ("mlp-digits", "cnn-digits", "nnet-digits"),
}
DIM = {"mlp-digits": 10, "cnn-digits": 10, "nnet-digits": 7}
TRIALS = 40  # of a set
SETS: Mapping[str, int] = {"quick": 36, "full": 100}


@dataclass(frozen=True)
class Training:
    """A trial that was taken to its end."""

    looks: tuple[tuple[float, float], ...]  # step and value, where that is a number
    cost: float  # of all looks
    value: float | None  # None: it failed
    test: float | None


def trainings(trials: pd.DataFrame) -> list[Training]:
    """The trials of one run, in order."""
    return [training(row) for row in trials.sort_values("trial").to_dict("records")]


def training(row: Mapping[Any, Any]) -> Training:
    """A row of trials."""
    failed = row["status"] != "ok"
    curve = json.loads(row["observations"]) if isinstance(row["observations"], str) else []
    looks = tuple((step, value) for value, _, step in curve if value is not None)
    value, test = (None if failed else float(row[name]) for name in ("value", "test_value"))
    return Training(looks, float(row["cost"]), value, test)


def stops(done: list[Training], pruner: str) -> Iterator[float | None]:
    """At which step each training would have been stopped; None: it would not."""
    decide = pruner_entry(pruner).make()
    for number, one in enumerate(done):
        ended = (step for step, value in one.looks if decide.should_stop(number, step, value) and not is_whole(step))
        yield next(ended, None)


def outcome(done: list[Training], pruner: str) -> dict[str, float]:
    """What `pruner` does to a set of trainings.

    `saved`: share of the cost of all; `stopped`: share of the trainings; `kept`: 1 where a training with the lowest
    validation error of all is among those not stopped, else 0; `lost`: test error of the best that was left, minus that
    of the best of all, each the first with its validation error.
    """
    at = list(stops(done, pruner))
    whole = sum(one.cost for one in done)
    spent = sum(one.cost if step is None else step for one, step in zip(done, at, strict=True))
    left = [one for one, step in zip(done, at, strict=True) if step is None]
    best, best_left = winner(done), winner(left)
    return {
        "saved": 1.0 - spent / whole,
        "stopped": float(np.mean([step is not None for step in at])),
        "kept": float(best_left.value == best.value),
        "lost": float(best_left.test or 0.0) - float(best.test or 0.0),
    }


def winner(done: list[Training]) -> Training:
    """The first with the lowest value."""
    return min((one for one in done if one.value is not None), key=lambda one: one.value or 0.0)


def stopped_sets(setting: Setting) -> dict[str, pd.DataFrame]:
    """One row per set and pruner: `problem`, `seed`, `pruner`, and the numbers of `outcome`."""
    rows = []
    for problem in PROBLEMS[setting.profile]:
        trials = run(
            setting, f"stopped-{problem}", problems=[problem], dims=[DIM[problem]], strategies=["random"],
            trials=TRIALS, seeds=SETS[setting.profile],
        ).trials  # fmt: skip
        for seed, of_run in trials.groupby("seed"):
            done = trainings(of_run)
            rows += [{"problem": problem, "seed": seed, "pruner": name, **outcome(done, name)} for name in PRUNERS]
    return {"sets": pd.DataFrame(rows)}
