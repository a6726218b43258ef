"""A hand-made comparison: two problems in two dimensions, four strategies, three seeds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from bench.analysis.ranks import ranks
from bench.analysis.regret import regret_curves
from tests.bench.made_by_hand import a_run, frames, trials_of

SPEED: Mapping[str, float] = {"random": 0.3, "grid": 0.2, "optuna-tpe": 0.8, "gp": 1.2}  # decades in ten trials
BEST_FIRST = ["gp", "optuna-tpe", "random", "grid"]


@dataclass(frozen=True)
class Comparison:
    runs: pd.DataFrame
    trials: pd.DataFrame

    @property
    def curves(self) -> pd.DataFrame:
        return regret_curves(self.runs, self.trials)

    @property
    def ranked(self) -> pd.DataFrame:
        return ranks(self.runs, self.curves)

    def of(self, problem: str) -> "Comparison":
        return Comparison(*(frame[frame["problem"] == problem] for frame in (self.runs, self.trials)))


@pytest.fixture
def comparison() -> Comparison:
    parts = []
    for dim in (2, 5):
        for strategy, speed in SPEED.items():
            for seed in range(3):
                fall = 10.0 ** (3 - speed * np.arange(10) / 3 + 0.01 * seed) * dim
                run = a_run(strategy, seed, 10, problem="ackley", dim=dim)
                parts.append((run, trials_of(run, fall.tolist())))
                errors = 0.5 - 0.03 * speed * np.arange(10) + 0.001 * seed
                run = a_run(
                    strategy, seed, 10, problem="net", dim=dim, optimum_origin="bound", value_label="validation error"
                )
                parts.append((run, trials_of(run, errors.tolist(), test_value=(errors + 0.02).tolist())))
    return Comparison(*frames(*parts))
