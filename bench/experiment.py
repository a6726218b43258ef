"""An experiment from Python: run it, load it."""

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bench.cards import Lines, cards_of
from bench.database import DATABASE, connect_for_reading, read_meta
from bench.environment import environment
from bench.errors import UsageError
from bench.executors import Executor, Limits, Task, Watcher
from bench.executors.local import run_local
from bench.executors.serial import run_serial
from bench.integrity import reading_errors
from bench.plan import Plan, default_name, make_plan, resolve_spec
from bench.reading import read_retrainings, read_trials
from bench.records import Outcome, Retraining, RunKey
from bench.settings import check_settings
from bench.shards import WHOLE, Shard, parse_shard
from bench.spec import DEFAULT_PROFILE, ExperimentSpec
from bench.store import Store
from problems.entries import Needs
from problems.loading import resolve

RESULTS = Path("results")
OF_RUN = ["problem", "dim", "instance", "strategy", "strategy_version", "pruner", "seed"]  # in a trial's row
RUNS = [*OF_RUN, "budget", "status", "error", "optimum", "optimum_origin", "value_label", "setup_s", "id"]
SKIPS = ["problem", "dim", "strategy", "pruner", "reason"]
RETRAININGS = [*OF_RUN, *Retraining._fields]
REPEATS = 3  # of the evaluation of a run's final incumbent where its problem is noisy


@dataclass(frozen=True)
class Experiment:
    """What is stored of an experiment: one row per trial, per run, per skipped cell, and per retraining."""

    name: str
    spec: ExperimentSpec
    environment: Mapping[str, Any]
    runs: pd.DataFrame
    trials: pd.DataFrame
    skips: pd.DataFrame
    cards: Mapping[str, Lines] = field(default_factory=dict)  # by strategy, as it was when it ran
    retrainings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RETRAININGS))  # one row each


class Silent:
    """A watcher that says nothing."""

    def starting(self, keys: Sequence[RunKey], finished: int, spent: float) -> None:
        """Say nothing."""

    def trials(self, key: RunKey, spent: float) -> None:
        """Say nothing."""

    def finished(self, key: RunKey, outcome: Outcome) -> None:
        """Say nothing."""

    def waiting(self) -> None:
        """Say nothing."""


def run_experiment(
    settings: Mapping[str, Any] | None = None,
    *,
    results: Path = RESULTS,
    watcher: Watcher | None = None,
    **more: Any,
) -> Experiment:
    """Run, or resume, the experiment that `settings` and keywords describe, and load it.

    The keywords are the flags of `run`: `problems`, `dims`, `strategies`, `initial`, `workers` and `clock` (simulated
    parallel search), `pruners`, `trials`, `seeds`, `profile`, `name`, `jobs`, `time_limit` (seconds after which no
    further run is started), `trial_timeout` and `ask_timeout` (seconds after which a trial, or the run of a strategy
    that does not answer, has failed), `retrain` (how often the final incumbent of a run on a noisy problem is evaluated
    again, apart from the budget), `executor`, and `address` (of a Ray cluster; a process that is connected to one
    already goes on with that).
    Raises `UsageError` for what cannot be run.
    """
    checked = check_settings({**(settings or {}), **more})
    folder = results / experiment_name(checked)
    carry_out(checked, make_plan(resolve_spec(checked)), folder, watcher or Silent())
    return load_experiment(folder)


def experiment_name(settings: Mapping[str, Any]) -> str:
    """The folder's name: the given one, or one that follows from the spec; a part of the runs has one of its own."""
    name = settings.get("name") or default_name(settings.get("profile", DEFAULT_PROFILE), resolve_spec(settings))
    return f"{name}{shard_of(settings).suffix}"


def shard_of(settings: Mapping[str, Any]) -> Shard:
    """The part of the runs that `settings` ask for."""
    return parse_shard(settings["shard"]) if "shard" in settings else WHOLE


def carry_out(settings: Mapping[str, Any], plan: Plan, folder: Path, watcher: Watcher) -> None:
    """Execute what is unfinished of a plan; returns early when the time limit is reached."""
    executor = settings.get("executor", "local")
    limit = settings.get("time_limit")
    limits = Limits(settings.get("trial_timeout"), settings.get("ask_timeout"))
    if limits.are_set and executor == "serial":
        raise UsageError("time-outs need worker processes, got --executor serial; leave out one or the other")
    jobs = settings.get("jobs")
    place = EXECUTORS[executor](settings.get("address"), jobs)  # entered first: without it, nothing is written
    with place as execute, Store.open(folder, plan, environment()) as store:
        deadline = None if limit is None else time.monotonic() + limit
        if settings.get("retry_failed"):
            store.forget_failures()
        own = shard_of(settings).of(plan.runs)
        repeats = settings.get("retrain", REPEATS)
        tasks = [Task(run, key, limits, repeats) for run, key in store.unfinished() if key in own]
        watcher.starting([task.key for task in tasks], len(own) - len(tasks), store.spent_on_unfinished())
        execute(store, tasks, watcher, jobs, lambda: deadline is not None and time.monotonic() > deadline)
        store.keep_cards(cards_of(dict.fromkeys(key.strategy for key in plan.runs)))


def on_ray(address: str | None, jobs: int | None) -> AbstractContextManager[Executor]:
    """A Ray cluster, while it is entered; raises `UsageError` where Ray is not installed."""
    if missing := RAY.missing():
        raise UsageError(f"--executor ray {missing}")
    place: AbstractContextManager[Executor] = resolve("bench.executors.ray_cluster:on_cluster")(address, jobs)
    return place


RAY = Needs("ray", ("ray",), "ray")
EXECUTORS: Mapping[str, Callable[[str | None, int | None], AbstractContextManager[Executor]]] = {
    "local": lambda address, jobs: nullcontext(run_local),
    "serial": lambda address, jobs: nullcontext(run_serial),
    "ray": on_ray,
}


def load_experiment(folder: Path | str, meanwhile: Callable[[], object] = lambda: None) -> Experiment:
    """The stored experiment in `folder`, also while it is being written; raises `UsageError` when it cannot be read.

    `meanwhile` is done while a large one is read.
    """
    folder = Path(folder)
    checked = connect_for_reading(folder, unchecked=["trials"], check_file=False)  # but for what `read_trials` checks
    with reading_errors(folder), closing(checked) as connection:
        runs = table(connection, "runs", RUNS, "ORDER BY id").rename(columns={"id": "run"})
        skips = table(connection, "skips", SKIPS)
        trials = read_trials(folder / DATABASE, meanwhile)
        retrainings = read_retrainings(connection)
        spec = ExperimentSpec.model_validate(read_meta(connection, "spec"))
        where = read_meta(connection, "environment")
        cards = read_meta(connection, "cards", {})
    runs["optimum"] = runs["optimum"].astype(float)  # a column of NULLs alone would be of objects
    whole = retrainings.merge(runs[["run", *OF_RUN]], on="run")[RETRAININGS]
    return Experiment(folder.name, spec, where, runs, with_facts(trials, runs), skips, cards, whole)


def table(connection: sqlite3.Connection, name: str, columns: Sequence[str], order: str = "") -> pd.DataFrame:
    """Columns of a table, named by us: SQLite takes the letters' case from the file, where a bit may have flipped."""
    query = f"SELECT {', '.join(columns)} FROM {name} {order}"
    return pd.read_sql_query(query, connection).set_axis(list(columns), axis=1)


def with_facts(trials: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """`trials` with what is known of their runs; not joined by SQLite, which would make each text anew."""
    places = runs["run"].searchsorted(trials["run"])
    facts = runs[[*OF_RUN, "optimum"]].take(places).set_axis(trials.index)
    own = trials.drop(columns="run")
    before, after = list(own.columns[:5]), list(own.columns[5:])  # up to the values; the optimum stands beside them
    return pd.concat([facts, own], axis=1)[[*OF_RUN, *before, "optimum", *after]]
