"""`export`: an experiment in the format of somebody else's tool."""

import os
import shlex
from pathlib import Path

from bench.console import SafeConsole
from bench.database import fingerprint, folder_of
from bench.exchange.formats import Format, format_called
from bench.experiment import load_experiment
from bench.report.folders import replacing_folder

EXPORTS = "exports"  # below the experiment's folder


def export(name: str, to: str, output: Path | None, wide: bool, results: Path) -> None:
    """Write the experiment `name` for `to` and say how to open it; raises `UsageError`, and then leaves nothing."""
    write(format_called(to), folder_of(name, results), output, wide)


def write(target: Format, folder: Path, output: Path | None = None, wide: bool = False) -> None:
    """Write the experiment in `folder`; to `exports/…` below it unless `output` says where."""
    for variable, value in target.environment.items():
        os.environ.setdefault(variable, value)
    fill = target.load(wide)
    made_of, experiment = fingerprint(folder), load_experiment(folder)
    place = output or folder / EXPORTS / target.name
    with replacing_folder(place, made_of) as draft:
        left_out = fill(experiment, draft)
    stderr, stdout = (SafeConsole(stderr=to_stderr, highlight=False, markup=False) for to_stderr in (True, False))
    for line in left_out:
        stderr.print(f"left out: {line}", soft_wrap=True)
    stdout.print(
        f"Exported to {place}; open with: {target.opens.format(folder=shlex.quote(str(place)))}", soft_wrap=True
    )
