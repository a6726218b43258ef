"""`report`: the tables and figures of an experiment, from what is stored."""

from functools import partial
from pathlib import Path

from bench.database import folder_of
from bench.experiment import load_experiment
from problems.loading import resolve

SHOW = "bench.commands.showing:show"  # imports what computes and draws: a second, while trials are read beside it


def report(name: str, results: Path) -> None:
    """Write an experiment's report again and show its summary."""
    folder = folder_of(name, results)
    experiment = load_experiment(folder, partial(resolve, SHOW))
    resolve(SHOW)(experiment, folder)
