"""Runs as sequences of evaluations, which is how COCO and IOHprofiler see them.

| column | meaning |
|---|---|
| `evaluation` | budget spent, in full trials, rounded up; without a pruner the trial's number |
| `told` | what the strategy was told; NaN of trials that failed |
| `truth` | the true value where one is known, else the told one; NaN of trials that failed or were pruned |
| `best_told` `best_truth` | smallest so far, NaN before there is one |

COCO counts the best value that was *seen*. `bench.analysis.regret` counts that of the incumbent, which noise can hide.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.competitors import by_pair
from bench.analysis.regret import RUN, TOLERANCE, known_optimum, spent_so_far
from bench.exchange.rows import groups, rows
from bench.experiment import Experiment
from bench.records import FINISHED

BBOB = re.compile(r"bbob-f(\d+)")


@dataclass(frozen=True)
class Sequences:
    """The runs of an experiment that can be shown, strategies named with their pruners."""

    runs: pd.DataFrame  # one row per run, in the order of the experiment
    evaluations: Mapping[tuple[Any, ...], pd.DataFrame]  # of each run
    left_out: Sequence[str]

    def of(self, run: Any) -> pd.DataFrame:
        """The evaluations of one row of `runs`."""
        return self.evaluations[tuple(getattr(run, name) for name in RUN)]


def sequences(experiment: Experiment) -> Sequences:
    """Every finished run with a trial; a failed run ends where it failed, an exhausted one where it was exhausted."""
    runs, trials = known_optimum(experiment.runs, experiment.trials)
    counted = by_evaluation(trials)
    finished = runs["status"].isin(FINISHED)
    begun = runs.merge(trials[RUN].drop_duplicates(), on=RUN, how="left", indicator="found")["found"].eq("both")
    kept = finished & begun.to_numpy()
    why = {"not finished": ~finished, "failed before its first trial": finished & ~begun.to_numpy()}
    left_out = [f"{label(row)}: {reason}" for reason, chosen in why.items() for row in rows(by_pair(runs)[chosen])]
    chosen = by_pair(counted.merge(runs.loc[kept, RUN], on=RUN))
    return Sequences(by_pair(runs)[kept], groups(chosen, RUN), left_out)


def by_evaluation(trials: pd.DataFrame) -> pd.DataFrame:
    """The columns above; of several trials within one evaluation (pruned ones) the best, else the last."""
    whole = trials["status"] == "ok"
    counted = trials.assign(
        evaluation=np.ceil(spent_so_far(trials) - TOLERANCE).astype(int),
        truth=trials["true_value"].fillna(trials["value"]).where(whole),
        told=trials["value"],
    )
    best_last = counted.sort_values("truth", ascending=False, na_position="first", kind="stable")
    chosen = best_last.groupby([*RUN, "evaluation"], sort=False).tail(1).sort_index()
    run = chosen.groupby(RUN, sort=False).ngroup()
    so_far = {
        "best_truth": chosen["truth"].groupby(run).cummin(),
        "best_told": chosen["told"].where(chosen["status"] == "ok").groupby(run).cummin(),
    }
    return chosen.assign(**{name: values.groupby(run).ffill() for name, values in so_far.items()})


def label(run: Any) -> str:
    """A run, for a message."""
    return f"{run.strategy} on {run.problem}-{run.dim}d, seed {run.seed}"


def bbob_function(problem: str) -> int | None:
    """The number in COCO's suite, for problems that are COCO's."""
    match = BBOB.fullmatch(problem)
    return int(match[1]) if match else None


def position(config: str) -> list[float]:
    """The values of a config as coordinates; empty where one of them is no number."""
    values = json.loads(config).values()
    return [float(value) for value in values] if all(type(value) in (int, float) for value in values) else []


def improvements(evaluations: pd.DataFrame) -> Iterator[Any]:
    """The rows that are the best so far, and the first and the last."""
    best = float("inf")
    last = len(evaluations) - 1
    for index, row in enumerate(rows(evaluations)):
        better = row.best_truth < best
        best = min(best, row.best_truth) if better else best
        if better or index in (0, last):
            yield row
