"""`report`: the tables and figures of an experiment, from what is stored."""

from functools import partial
from pathlib import Path

from bench.database import folder_of
from bench.errors import UsageError
from bench.experiment import load_experiment
from problems.loading import resolve

SHOW = "bench.commands.showing:show"  # imports what computes and draws: a second, while trials are read beside it


def report(name: str, results: Path, live: bool = False, every: int | None = None) -> None:
    """Write an experiment's report again and show its summary; `live`: until the experiment is finished."""
    if every is not None and not live:
        raise UsageError(f"--every {every} says how often --live looks again; add --live, or leave it out")
    folder = folder_of(name, results)
    if live:
        resolve("bench.commands.live:keep_up")(folder, every)
        return
    experiment = load_experiment(folder, partial(resolve, SHOW))
    resolve(SHOW)(experiment, folder)
