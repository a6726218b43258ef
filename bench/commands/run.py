"""`run`: carry an experiment out and say what came of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.commands.progress import ProgressBar
from bench.commands.report import show
from bench.experiment import carry_out, experiment_name, load_experiment
from bench.plan import make_plan, resolve_spec
from bench.records import pair_label


def run(settings: Mapping[str, Any], results: Path) -> int:
    """Run or resume; returns 1 if a run failed, else 0. Ctrl-C leaves what was done and says how to go on."""
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
    if open_runs:
        stderr.print(f"Time limit reached with {open_runs} runs to go; the same command goes on from there.")
    return 1 if len(failed) else 0
