"""`report --live`: the report again whenever the experiment has come further, until its last run is finished."""

import time
from pathlib import Path

from bench.commands.showing import show
from bench.console import SafeConsole
from bench.database import DATABASE
from bench.experiment import load_experiment
from bench.records import FINISHED
from bench.report.html import at_rest, write_report

USUAL = 5  # seconds between two looks


def keep_up(folder: Path, every: int | None) -> None:
    """Write the report of the experiment in `folder` as it grows; its page loads itself again every `every` seconds.

    Between two reports lies at least as long as one takes, so that the runs have most of the machine. Returns when
    every run is finished, with the summary shown; Ctrl-C ends it before that. The last page does not load itself again.
    """
    every = every or USUAL
    say = SafeConsole(stderr=True, highlight=False, markup=False, soft_wrap=True).print
    seen, page = None, folder / "report.html"
    try:
        while True:
            begun = time.monotonic()
            now = writes(folder)  # before they are read: what is written meanwhile is for the next look
            if now != seen:
                seen, experiment = now, load_experiment(folder)
                finished = int(experiment.runs["status"].isin(FINISHED).sum())
                if finished == len(experiment.runs):
                    return show(experiment, folder)
                write_report(experiment, folder, every=every)
                say(
                    f"{page}: {finished} of {len(experiment.runs)} runs are finished, "
                    f"{len(experiment.trials)} trials; waiting for the others, Ctrl-C ends this"
                )
            time.sleep(max(every, time.monotonic() - begun))
    except KeyboardInterrupt:
        at_rest(page)
        raise


def writes(folder: Path) -> list[tuple[int, int]]:
    """What changes whenever something is written to the database."""
    files = (folder / name for name in (DATABASE, f"{DATABASE}-wal"))
    return [(found.st_mtime_ns, found.st_size) for found in (path.stat() for path in files if path.exists())]
