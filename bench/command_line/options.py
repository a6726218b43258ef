"""Flags that several commands share, and what becomes of them."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.errors import UsageError
from bench.limits import MOST_JOBS
from problems.loading import resolve
from problems.user_files import VARIABLE

RESULTS = Path("results")
NO_SETTING = ("config", "results", "data", "log")  # parameters of commands that are not about the experiment

Problems = Annotated[
    str | None,
    typer.Option(help="Names, comma-separated, also with wrappers (ackley+noise=0.1); or `all` but the dearest."),
]
Dims = Annotated[str | None, typer.Option(help="Dimensions: 2..10 or 2,5,10.")]
Strategies = Annotated[str | None, typer.Option(help="Names, comma-separated, or `all` but controls and the dearest.")]
Initial = Annotated[
    str | None,
    typer.Option(help="First trials: default (each strategy's own), 10 or 2d (the same random ones for all), or both."),
]
Workers = Annotated[
    str | None, typer.Option(help="Workers within a run, 8 or 1,8,64; simulated, whatever this machine has.")
]
Clock = Annotated[str | None, typer.Option(help="simulated: trials of a run overlap in simulated time; for --workers.")]
Pruners = Annotated[str | None, typer.Option(help="Early stopping: names, comma-separated, or `all`; none is without.")]
Trials = Annotated[str | None, typer.Option(help="Budget of a run: 50, or 10d for ten per dimension.")]
Seeds = Annotated[str | None, typer.Option(help="Seeds (and instances) per cell.")]
Profile = Annotated[str | None, typer.Option(help="Defaults: quick (minutes), standard (hours), full (days).")]
Config = Annotated[Path | None, typer.Option(help="An experiment.toml with any of these settings; flags override it.")]
JobCount = Annotated[int | None, typer.Option(min=1, max=MOST_JOBS, help="Worker processes; default: one per core.")]
Jobs = Annotated[str | None, typer.Option(help="Worker processes; default: one per core, or per CPU of a cluster.")]
Name = Annotated[str | None, typer.Option(help="Folder below the results; default: follows from the settings.")]
Results = Annotated[Path, typer.Option(help="Where experiments are kept.")]
Data = Annotated[
    Path | None, typer.Option(help="The folder of your MNIST or CIFAR-10 files (or set SEARCH_BENCH_DATA).")
]


def settings_of(context: typer.Context) -> dict[str, Any]:
    """The checked settings: the flags that were given, over what the file of `--config` says."""
    use_data(context.params["data"])
    flags = {key: value for key, value in context.params.items() if value is not None and key not in NO_SETTING}
    settings: dict[str, Any] = resolve("bench.settings:read_settings")(flags, context.params["config"])
    return settings


def use_data(folder: Path | None) -> None:
    """Look for the user's data sets in `folder`, also in the worker processes, which inherit the environment."""
    if folder is None:
        return
    if not folder.is_dir():
        raise UsageError(f"--data needs a folder, got {folder}; give the one that holds the files")
    os.environ[VARIABLE] = str(folder.resolve())
