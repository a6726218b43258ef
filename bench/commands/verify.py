"""`verify`: is what an experiment shows what happened?"""

import os
from collections.abc import Iterator
from pathlib import Path

from bench.commands.progress import ProgressBar
from bench.console import SafeConsole
from bench.database import folder_of
from bench.errors import UsageError
from bench.executors.local import run_local
from bench.verification import Finding, database_findings, parse_sample, rerun_finding
from bench.verified_files import file_findings

SHOWN = 10  # faults of a kind


def verify(name: str, sample: str, jobs: int | None, results: Path) -> int:
    """Print what was looked at and what does not hold; 1 where anything does not."""
    folder = folder_of(name, results)
    try:
        parse_sample(sample, 1)
    except ValueError as error:
        raise UsageError(str(error)) from error
    console, holds = SafeConsole(highlight=False, markup=False, soft_wrap=True), True
    for finding in findings(folder, sample, jobs or len(os.sched_getaffinity(0))):
        holds = holds and not finding.faults
        console.print(f"{'no' if finding.faults else 'ok'}  {finding.subject}")
        for fault in finding.faults[:SHOWN]:
            console.print(f"      {fault}")
        if len(finding.faults) > SHOWN:
            console.print(f"      and {len(finding.faults) - SHOWN} more")
    return 0 if holds else 1


def findings(folder: Path, sample: str, jobs: int) -> Iterator[Finding]:
    """One after the other, the quickest first."""
    yield from database_findings(folder)
    yield from file_findings(folder)
    with ProgressBar(SafeConsole(stderr=True)) as progress:
        yield rerun_finding(folder, sample, run_local, jobs, progress)
