"""Weights & Biases' offline runs, which `wandb sync` uploads: one W&B run per run. No account, no network.

| W&B | ours |
|---|---|
| project, group, job type | experiment, problem and dimension, strategy with its pruner |
| config | the run's columns, and the incumbent's values as `incumbent.<parameter>` |
| history, one step per trial | `value`, `incumbent`, `regret`, `spent`, costs, times; `config.<number>` |
| summary | the incumbent's values at the end, `trials`, `failed_trials`, `status` |
"""

import hashlib
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import wandb

from bench.analysis.regret import RUN, known_optimum, simple_regret
from bench.errors import UsageError
from bench.exchange.rows import groups, records
from bench.experiment import Experiment
from bench.records import pair_label

CACHE = "WANDB_CACHE_DIR"
OF_A_RUN = (
    *("problem", "dim", "instance", "strategy", "strategy_version", "pruner", "seed", "budget", "status"),
    *("optimum", "optimum_origin", "value_label", "setup_s"),
)
MEASURED = ("value", "true_value", "test_value", "regret", "spent", "cost", "fidelity", "ask_s", "evaluate_s", "tell_s")
AT_THE_END = {
    "incumbent": "incumbent_value", "incumbent_true": "incumbent_true", "incumbent_test": "incumbent_test",
    "regret": "regret", "spent": "spent",
}  # fmt: skip


def write(experiment: Experiment, folder: Path) -> Sequence[str]:
    """A folder `offline-run-…` for every run with a trial, below `wandb/`; returns the other runs."""
    if experiment.trials.empty:
        raise UsageError(f"{experiment.name} has no trials yet; run it first")
    runs, trials = known_optimum(experiment.runs, experiment.trials)
    trials_of = groups(simple_regret(trials), RUN)
    left_out = []
    with service():
        for run in records(runs):
            found = trials_of.get(tuple(run[name] for name in RUN))
            if found is None:
                left_out.append(f"{name_of(run)}: no trial, {run['status']}")
            else:
                log(experiment.name, run, records(found), folder)
    for path in list(folder.rglob("*")):
        if path.is_symlink():  # to W&B's own logs, and to where this folder is now
            path.unlink()
    return left_out


@contextmanager
def service() -> Iterator[None]:
    """W&B's process that writes, for as long as this is open; its own logs go where they are deleted."""
    before = os.environ.get(CACHE)
    with TemporaryDirectory() as cache:
        os.environ[CACHE] = cache
        try:
            yield
        finally:
            wandb.teardown()
            if before is None:
                del os.environ[CACHE]
            else:
                os.environ[CACHE] = before


def name_of(run: Mapping[str, Any]) -> str:
    """What W&B calls a run."""
    return f"{pair_label(run['strategy'], run['pruner'])} on {run['problem']}-{run['dim']}d, seed {run['seed']}"


def settings(folder: Path) -> wandb.Settings:
    """Offline, silent, and without what W&B looks up about the machine, the code and the installed packages."""
    return wandb.Settings(
        mode="offline",
        root_dir=str(folder),
        silent=True,
        console="off",
        disable_git=True,
        disable_code=True,
        x_disable_machine_info=True,
        x_disable_meta=True,
        x_disable_stats=True,
        x_save_requirements=False,
    )


def log(project: str, run: Mapping[str, Any], trials: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Write one run. Its id follows from what it is, so that an upload again is no second run."""
    identity = hashlib.sha256(json.dumps([project, *(str(run[name]) for name in RUN)]).encode()).hexdigest()[:16]
    whole = [row for row in trials if row["status"] == "ok"]
    incumbent = json.loads(min(whole, key=lambda row: row["value"])["config"]) if whole else {}
    logged = wandb.init(
        project=project,
        id=identity,
        name=name_of(run)[:128],
        group=f"{run['problem']}-{run['dim']}d"[:128],
        job_type=pair_label(run["strategy"], run["pruner"])[:64],
        config={**known(run, OF_A_RUN), "incumbent": incumbent},
        reinit="create_new",
        settings=settings(folder),
    )
    for row in trials:
        logged.log(step_of(row), step=row["trial"])
    last = trials[-1]
    ends = {name: last[column] for name, column in AT_THE_END.items() if is_known(last[column])}
    failed = sum(not is_known(row["value"]) for row in trials)
    logged.summary.update({**ends, "trials": len(trials), "failed_trials": failed, "status": run["status"]})
    logged.finish(exit_code=1 if run["status"] == "failed" else 0)


def step_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """One trial's line of the history."""
    config = json.loads(row["config"])
    numbers = {f"config.{name}": value for name, value in config.items() if type(value) in (int, float)}
    incumbent = {"incumbent": row["incumbent_value"]} if is_known(row["incumbent_value"]) else {}
    return {"trial": row["trial"], "status": row["status"], **known(row, MEASURED), **incumbent, **numbers}


def known(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Those columns of `row` that have a value that JSON can write."""
    return {name: row[name] for name in names if is_known(row[name])}


def is_known(value: object) -> bool:
    """Whether there is a value, and a finite one where it is a number."""
    return math.isfinite(value) if isinstance(value, (int, float)) else value is not None
