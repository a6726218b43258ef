"""What the page draws of a run, step by step: where its trials fell, and how good the best one was."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.regret import simple_regret
from bench.charts.bands import rounded
from bench.explore.live import LiveRun
from bench.records import Trial


@dataclass(frozen=True)
class Fallen:
    """The trials of a run: `x` and `y` in their parameters' units, what each `told` (None: it failed).

    After each, the simple `regret`, and the number of the incumbent, `best` (from 1; 0 before a success).
    """

    x: Sequence[float]
    y: Sequence[float]
    told: Sequence[float | None]
    regret: Sequence[float | None]
    best: Sequence[int]

    def as_json(self) -> dict[str, Any]:
        """As the browser gets it."""
        return dict(vars(self))


def fallen(run: LiveRun, names: tuple[str, str], lowest: float) -> Fallen:
    """The trials of `run` over the parameters `names`; regret is above `lowest`."""
    if not run.trials:
        return Fallen((), (), (), (), ())
    configs = [json.loads(trial.config) for trial in run.trials]
    key = run.key
    rows = pd.DataFrame(list(run.trials), columns=list(Trial._fields)).assign(
        problem=key.problem, dim=key.dim, instance=key.instance, strategy=key.strategy, pruner=key.pruner,
        seed=key.seed, optimum=lowest,
    )  # fmt: skip
    rows = rows.astype(dict.fromkeys(("value", "true_value", "test_value"), float))
    curve = simple_regret(rows)
    improves = curve["incumbent_value"].notna() & curve["incumbent_value"].ne(curve["incumbent_value"].shift())
    best = np.maximum.accumulate(np.where(improves, np.arange(1, len(rows) + 1), 0))
    return Fallen(
        x=[config[names[0]] for config in configs],
        y=[config[names[1]] for config in configs],
        told=rounded(rows["value"]),
        regret=rounded(curve["regret"]),
        best=best.tolist(),
    )


def distinct(values: Sequence[float]) -> int:
    """How many different values there are, but for rounding."""
    return len({float(f"{value:.9g}") for value in values})
