"""`run`: carry an experiment out and say what came of it."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from bench.commands.export import write
from bench.commands.progress import ProgressBar
from bench.commands.showing import show
from bench.console import SafeConsole
from bench.errors import UsageError
from bench.exchange.formats import FORMATS, Format
from bench.experiment import carry_out, experiment_name, load_experiment, shard_of
from bench.plan import make_plan, resolve_spec
from bench.records import RunKey, pair_label

LOGS: Mapping[str, Format] = {name: FORMATS[name] for name in ("wandb",)}


def run(settings: Mapping[str, Any], results: Path, log: str | None = None) -> int:
    """Run or resume; returns 1 if a run failed, else 0. Ctrl-C leaves what was done and says how to go on.

    What is to be logged is written at the end, from the store: that can neither slow a run nor break it.
    """
    logging = None if log is None else logger(log)
    plan = make_plan(resolve_spec(settings))
    folder = results / experiment_name(settings)
    stderr = SafeConsole(stderr=True)
    own = shard_of(settings).of(plan.runs)
    part = f" (shard {settings['shard']} of {len(plan.runs)})" if "shard" in settings else ""
    stderr.print(f"{folder}: {len(own)} runs{part}, {len(plan.skips)} cells skipped", highlight=False, markup=False)
    try:
        with ProgressBar(stderr) as progress:
            carry_out(settings, plan, folder, progress)
    except KeyboardInterrupt:
        stderr.print(
            f"Interrupted; every finished trial is kept in {folder}. The same command goes on from there.",
            markup=False, soft_wrap=True, highlight=False,
        )  # fmt: skip
        raise
    experiment = load_experiment(folder)
    failed = experiment.runs[experiment.runs["status"] == "failed"]
    open_runs = sum(key in own for key in still_open(experiment.runs))
    show(experiment, folder)
    for row in failed.itertuples():
        reason = str(row.error).strip().splitlines()[-1]
        stderr.print(
            f"failed: {pair_label(str(row.strategy), str(row.pruner))} on {row.problem}-{row.dim}d, "
            f"seed {row.seed}: {reason}",
            markup=False,
            soft_wrap=True,
        )
    again = experiment.runs[experiment.runs["error"].notna() & (experiment.runs["status"] != "failed")]
    for reason in again["error"]:
        stderr.print(f"not repeatable: {reason}", markup=False, soft_wrap=True)
    if logging is not None:
        write_log(logging, folder, stderr)
    if open_runs:
        stderr.print(f"Time limit reached with {open_runs} runs to go; the same command goes on from there.")
    elif len(own) < len(plan.runs):
        shard = shard_of(settings)
        whole = folder.name.removesuffix(shard.suffix)
        merge = f"python -m bench merge '{whole}-*-of-{shard.parts}' --name {whole}"
        stderr.print(f"Shard {shard} is done. When all are: {merge}", soft_wrap=True, markup=False, highlight=False)
    return 1 if len(failed) else 0


def still_open(runs: pd.DataFrame) -> list[RunKey]:
    """The runs that have not ended."""
    names = [field.name for field in fields(RunKey)]
    rows = runs.loc[runs["status"].isin(["planned", "running"]), names]
    return [RunKey(*row) for row in rows.itertuples(index=False)]


def logger(name: str) -> Format:
    """The format that `--log` names; raises `UsageError` unless it is one, and can be written here."""
    if name not in LOGS:
        raise UsageError(f"--log must be {' or '.join(LOGS)}, got {name!r}")
    if missing := LOGS[name].needs.missing():
        raise UsageError(f"--log {name} {missing}")
    return LOGS[name]


def write_log(target: Format, folder: Path, stderr: Console) -> None:
    """Export to `target`; what is in its way is said and takes nothing from the run."""
    try:
        write(target, folder)
    except (UsageError, OSError) as error:
        remedy = f"python -m bench export {folder.name} --to {target.name} --output FOLDER"
        stderr.print(f"Not logged: {error}. Later: {remedy}", markup=False, soft_wrap=True)
