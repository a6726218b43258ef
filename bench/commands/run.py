"""`run`: carry an experiment out and say what came of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.commands.export import write
from bench.commands.progress import ProgressBar
from bench.commands.report import show
from bench.errors import UsageError
from bench.exchange.formats import FORMATS, Format
from bench.experiment import carry_out, experiment_name, load_experiment
from bench.plan import make_plan, resolve_spec
from bench.records import pair_label

LOGS: Mapping[str, Format] = {name: FORMATS[name] for name in ("wandb",)}


def run(settings: Mapping[str, Any], results: Path, log: str | None = None) -> int:
    """Run or resume; returns 1 if a run failed, else 0. Ctrl-C leaves what was done and says how to go on.

    What is to be logged is written at the end, from the store: that can neither slow a run nor break it.
    """
    logging = None if log is None else logger(log)
    plan = make_plan(resolve_spec(settings))
    folder = results / experiment_name(settings)
    stderr = Console(stderr=True)
    stderr.print(f"{folder}: {len(plan.runs)} runs, {len(plan.skips)} cells skipped", highlight=False, markup=False)
    try:
        with ProgressBar(stderr) as progress:
            carry_out(settings, plan, folder, progress)
    except KeyboardInterrupt:
        stderr.print(f"Interrupted; every finished trial is kept in {folder}. The same command goes on from there.")
        raise
    experiment = load_experiment(folder)
    failed = experiment.runs[experiment.runs["status"] == "failed"]
    open_runs = int(experiment.runs["status"].isin(["planned", "running"]).sum())
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
    return 1 if len(failed) else 0


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
