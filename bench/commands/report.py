"""`report`: the tables and figures of an experiment, from what is stored."""

from pathlib import Path

from rich.console import Console

from bench.errors import UsageError
from bench.experiment import Experiment, load_experiment
from bench.report.html import write_report
from bench.report.measures import measure
from bench.report.terminal import summary_table


def report(name: str, results: Path) -> None:
    """Write an experiment's report again and show its summary."""
    if Path(name).name != name:
        raise UsageError(f"an experiment is named by its folder below {results}, not by a path, got {name!r}")
    folder = results / name
    show(load_experiment(folder), folder)


def show(experiment: Experiment, folder: Path) -> None:
    """Print the summary table and write the report."""
    measures = measure(experiment)
    stdout = Console()
    stdout.print(summary_table(measures.summary))
    stdout.print(f"Report: {write_report(experiment, folder, measures)}", highlight=False, markup=False, soft_wrap=True)
