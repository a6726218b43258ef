"""All trials of a tuning in one table, stage after stage.

| column | meaning |
|---|---|
| `stage` | which: see `bench.tuning.stages` |
| `who` | `defaults` or `winner` where a config was trained again, else `search` |
| `number` | over all stages, from 1 |
| `config` | a mapping |
| `value` `test_value` `train_value` | of the last look, NaN where there is none |
| `status` `error` `cost` `fidelity` `seed` `evaluate_s` | as in results/README.md |
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bench.experiment import Experiment
from bench.tuning.stages import CONFIRM, DEFAULTS, WINNER

KEPT = ["seed", "trial", "value", "test_value", "status", "error", "cost", "fidelity", "observations", "evaluate_s"]
IN_ORDER = [
    *("number", "stage", "who", "seed", "status", "value", "test_value", "train_value", "cost", "fidelity"),
    *("evaluate_s", "error"),
]  # in trials.csv
SEARCH = "search"


def trials_of(experiments: Mapping[str, Experiment]) -> pd.DataFrame:
    """The table of the stages that were run, by their names."""
    parts = [of_stage(stage, experiment) for stage, experiment in experiments.items()]
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "number", range(1, len(table) + 1))
    return table


def of_stage(stage: str, experiment: Experiment) -> pd.DataFrame:
    """The trials of one stage."""
    trials = experiment.trials
    who = [Path(name).stem for name in trials["strategy"]] if stage in (DEFAULTS, CONFIRM) else SEARCH
    own = trials[KEPT].assign(
        stage=stage,
        who=who,
        config=[json.loads(text) for text in trials["config"]],
        train_value=[train_value(text) for text in trials["observations"]],
    )
    return own.drop(columns=["observations", "trial"])


def train_value(observations: object) -> float:
    """The training score of the last look, or NaN."""
    looks: list[list[float | None]] = json.loads(observations) if isinstance(observations, str) else []
    value = looks[-1][3] if looks and len(looks[-1]) > 3 else None
    return math.nan if value is None else value


def known(trials: pd.DataFrame) -> list[tuple[dict[str, Any], float | None]]:
    """What a strategy may be given of these trials: configs with their values, None where a trial failed."""
    values = [None if math.isnan(value) else value for value in trials["value"]]
    return list(zip(trials["config"], values, strict=True))


def candidates(trials: pd.DataFrame) -> pd.DataFrame:
    """The trials of the search that were taken to their end."""
    return trials[(trials["who"] == SEARCH) & (trials["status"] == "ok")]


def again(trials: pd.DataFrame, who: str) -> pd.DataFrame:
    """The confirming trials of `defaults` or `winner`, by seed."""
    return trials[(trials["stage"] == CONFIRM) & (trials["who"] == who)].set_index("seed").sort_index()


def pairs(trials: pd.DataFrame, column: str) -> pd.DataFrame:
    """Columns `defaults` and `winner` of a score: seeds on which both have one."""
    return pd.DataFrame({who: again(trials, who)[column] for who in ("defaults", WINNER)}).dropna()


def columns_for_people(trials: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The table with a column per parameter instead of mappings."""
    settings = pd.DataFrame(list(trials["config"]), index=trials.index, columns=list(names))
    own = {name: f"{name} (parameter)" for name in names if name in IN_ORDER}
    return trials[IN_ORDER].join(settings.rename(columns=own))
