"""What a command shows of an experiment at its end: the summary, and where the report is."""

from pathlib import Path

from bench.console import SafeConsole
from bench.experiment import Experiment
from bench.report.findings import saved
from bench.report.html import write_report
from bench.report.measures import Measures
from bench.report.terminal import summary_table


def show(experiment: Experiment, folder: Path) -> None:
    """Print the summary table and write the report."""
    stdout = SafeConsole()

    def tell(measures: Measures) -> None:
        stdout.print(summary_table(measures.summary))
        for sentence in saved(measures.savings):
            stdout.print(sentence, highlight=False, markup=False, soft_wrap=True)

    page = write_report(experiment, folder, tell=tell)
    stdout.print(f"Report: {page}", highlight=False, markup=False, soft_wrap=True)
