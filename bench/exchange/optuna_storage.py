"""Optuna's storage: one journal file with a study per run, for optuna-dashboard, `optuna.importance` and its plots."""

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, assert_never

import optuna
import pandas as pd
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import BaseJournalBackend, JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from bench.analysis.regret import RUN
from bench.errors import UsageError
from bench.exchange.rows import groups, records
from bench.exchange.spaces import Spaces
from bench.experiment import Experiment
from bench.records import RunKey, pair_label
from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace

FILE = "optuna.log"
STATES: Mapping[str, TrialState] = {
    "ok": TrialState.COMPLETE, "failed": TrialState.FAIL, "timeout": TrialState.FAIL, "pruned": TrialState.PRUNED,
}  # fmt: skip
OF_A_RUN = (
    *("problem", "dim", "instance", "strategy", "strategy_version", "pruner", "seed", "budget", "status", "error"),
    *("optimum", "optimum_origin", "value_label", "setup_s"),
)
OF_A_TRIAL = ("trial", "true_value", "test_value", "cost", "fidelity", "ask_s", "evaluate_s", "tell_s", "error")


def write(experiment: Experiment, folder: Path) -> Sequence[str]:
    """`optuna.log`; returns the runs that began with no trial."""
    if experiment.trials.empty:
        raise UsageError(f"{experiment.name} has no trials yet; run it first")
    trials_of = groups(experiment.trials, RUN)
    spaces, left_out = Spaces(), []
    journal = Collected()
    with quiet():
        place = JournalStorage(journal)
        for run in records(experiment.runs):
            trials = trials_of.get(tuple(run[name] for name in RUN))
            if trials is None:
                left_out.append(f"{study_name(run)}: no trial, {run['status']}")
            else:
                add_study(place, run, trials, spaces)
        JournalFileBackend(str(folder / FILE)).append_logs(journal.logs)
    return left_out


@contextmanager
def quiet() -> Iterator[None]:
    """Without a line on stderr for every study, and without Optuna's remark that names of metrics are experimental."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(before)


class Collected(BaseJournalBackend):
    """A journal in memory. Optuna's own waits for the disk at every line; its SQL storage is slower still."""

    def __init__(self) -> None:
        self.logs: list[dict[str, Any]] = []

    def read_logs(self, log_number_from: int) -> Iterator[dict[str, Any]]:
        """The lines from that number on."""
        return iter(self.logs[log_number_from:])

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Keep `logs` as they would be read back from a file."""
        self.logs += json.loads(json.dumps(logs))


def study_name(run: Mapping[str, Any]) -> str:
    """`strategy/problem/dim/seed`."""
    return f"{pair_label(run['strategy'], run['pruner'])}/{run['problem']}/{run['dim']}/{run['seed']}"


def add_study(place: optuna.storages.BaseStorage, run: Mapping[str, Any], trials: pd.DataFrame, spaces: Spaces) -> None:
    """The study of one run; what Optuna has no place for are user attributes, by our columns' names."""
    rows = records(trials)
    configs: list[Config] = [json.loads(row["config"]) for row in rows]
    key = RunKey(*(run[name] for name in ("problem", "dim", "instance", "strategy", "seed", "budget", "pruner")))
    origin = spaces.of(key, configs)
    study = optuna.create_study(storage=place, study_name=study_name(run), direction="minimize")
    study.set_metric_names([run["value_label"] or "value"])
    for name, value in {**known(run, OF_A_RUN), "space": origin.how}.items():
        study.set_user_attr(name, value)
    study.add_trials(frozen(row, config, origin.space) for row, config in zip(rows, configs, strict=True))


def frozen(row: Mapping[str, Any], config: Config, space: SearchSpace | None) -> FrozenTrial:
    """A trial as Optuna keeps it. A pruned one has the last value that was seen, as in Optuna."""
    searched = {parameter.name: parameter for parameter in space or ()}
    value = None if pd.isna(row["value"]) else float(row["value"])
    looks = json.loads(row["observations"]) if isinstance(row["observations"], str) else []
    attributes = known(row, OF_A_TRIAL)
    if looks:
        attributes["steps"] = [step for _, _, step, *_ in looks]
    ended = row["started_at"] + row["ask_s"] + row["evaluate_s"] + row["tell_s"]
    return FrozenTrial(
        number=-1,  # this and the next are given by the storage
        trial_id=-1,
        state=STATES[row["status"]],
        value=value,
        datetime_start=datetime.fromtimestamp(row["started_at"]),
        datetime_complete=datetime.fromtimestamp(ended),
        params={name: value_in(parameter, config[name]) for name, parameter in searched.items()},
        distributions={name: distribution(parameter) for name, parameter in searched.items()},
        user_attrs=attributes,
        system_attrs={},
        intermediate_values={number: look[0] for number, look in enumerate(looks, start=1) if look[0] is not None},
    )


def distribution(parameter: Parameter) -> BaseDistribution:
    """Optuna's form of `parameter`."""
    match parameter:
        case Float():
            return FloatDistribution(parameter.low, parameter.high, log=parameter.log)
        case Int():
            return IntDistribution(parameter.low, parameter.high, log=parameter.log)
        case Categorical():
            return CategoricalDistribution([value_in(parameter, choice) for choice in parameter.choices])
        case _:
            assert_never(parameter)


def value_in(parameter: Parameter, value: Any) -> Any:
    """`value` as Optuna takes it; where choices are equal to it that are not to us, as `1` and `True`, their text."""
    if isinstance(parameter, Categorical) and len(set(parameter.choices)) < len(parameter.choices):
        return repr(value)
    return float(value) if isinstance(parameter, Float) else value


def known(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Those columns of `row` that have a value, as JSON scalars."""
    return {name: native(row[name]) for name in names if not pd.isna(row[name])}


def native(value: Any) -> Any:
    """A Python scalar, of what may be numpy's."""
    return value.item() if hasattr(value, "item") else value
