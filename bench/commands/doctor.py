"""`doctor`: is this machine ready, and what would a run meet?"""

import os
import tempfile
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from bench.console import SafeConsole
from bench.environment import environment
from bench.threads import THREAD_VARIABLES
from problems.registry import problems
from strategies.pruners.registry import pruners
from strategies.registry import strategies


def doctor(results: Path) -> int:
    """Print the checks; returns 1 if something keeps `run` from working."""
    where = environment()
    table = Table("check", "finding", title="search-bench doctor", show_header=False)
    for name in ("python", "platform", "processor", "git"):
        table.add_row(name, escape(str(where[name])))
    table.add_row("cores", f"{len(os.sched_getaffinity(0))} usable of {where['cores']}")
    threads = ", ".join(f"{name}={os.environ.get(name, 'unset')}" for name in THREAD_VARIABLES[:2])
    table.add_row("threads", escape(threads))
    table.add_row("versions", ", ".join(f"{name} {version}" for name, version in where["versions"].items()))
    kinds = {"strategies": strategies(), "pruners": pruners(), "problems": problems()}
    for kind, entries in ((kind, table_of.values()) for kind, table_of in kinds.items()):
        lacking = {entry.name: missing for entry in entries if (missing := entry.needs.missing())}
        table.add_row(f"{kind}", f"{len(entries) - len(lacking)} of {len(entries)} ready")
        for name, missing in lacking.items():
            table.add_row(escape(f"  {name}"), escape(missing))
    obstacle = obstacle_to_writing(results)
    table.add_row("results", escape(obstacle or f"{results.absolute()} can be written"))
    SafeConsole().print(table)
    return 1 if obstacle else 0


def obstacle_to_writing(results: Path) -> str | None:
    """Why nothing can be stored below `results`, or None; leaves nothing behind."""
    place = next(folder for folder in (results.absolute(), *results.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"x")
    except OSError as error:
        return f"{place} cannot be written: {error.strerror}; choose another folder with --results"
    return None
