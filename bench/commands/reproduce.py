"""`reproduce`: measure what people claim, and say whether it holds."""

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.claims.claim import Claim, Profile
from bench.claims.measure import Place, measure, stored
from bench.claims.registry import claims, load_claim
from bench.commands.progress import ProgressBar
from bench.console import SafeConsole
from bench.errors import UsageError
from bench.report.claims_page import ClaimResult, PartResult, write_claims_page


def list_claims() -> None:
    """Print every claim that can be tested."""
    table = Table("claim", "what it says", title="Claims")
    for entry in claims().values():
        table.add_row(escape(entry.name), escape(entry.summary))
    SafeConsole().print(table)


def reproduce(names: Sequence[str], everything: bool, full: bool, results: Path, jobs: int | None) -> None:
    """Measure what is not stored yet, write the page, print the verdicts; raises `UsageError` for unknown names."""
    chosen = list(dict.fromkeys(claims() if everything else names))
    if not chosen:
        raise UsageError("reproduce needs the name of a claim, or --all; --list shows what there is")
    try:
        loaded = [load_claim(name) for name in chosen]
    except KeyError as error:
        raise UsageError(error.args[0]) from error
    profile: Profile = "full" if full else "quick"
    place = Place(results, profile, jobs or len(os.sched_getaffinity(0)))
    stderr, stdout = SafeConsole(stderr=True), SafeConsole()
    tested = [examine(claim, place, stderr) for claim in loaded]
    folder = place.folder(loaded[0]) if len(loaded) == 1 else results / f"reproduce-{profile}"
    page = write_claims_page(tested, profile, folder)
    stdout.print(verdict_table(tested))
    stdout.print(f"Report: {page}", highlight=False, markup=False, soft_wrap=True)


def examine(claim: Claim, place: Place, stderr: Console) -> ClaimResult:
    """All parts of a claim, measured or read back, and judged."""
    parts = []
    for part in claim.parts:
        data = stored(claim, part, place)
        if data is None:
            stderr.print(f"{claim.name}: {part.name} is being measured", highlight=False, markup=False)
            begun = time.monotonic()
            with ProgressBar(stderr) as progress:
                data = measure(claim, part, replace(place, watcher=progress))
            stderr.print(
                f"{claim.name}: {part.name} took {time.monotonic() - begun:.0f} s", highlight=False, markup=False
            )
        else:
            stderr.print(f"{claim.name}: {part.name} is stored, nothing to run", highlight=False, markup=False)
        parts.append(PartResult(part, part.judge(data), data))
    return ClaimResult(claim, parts)


def verdict_table(tested: Sequence[ClaimResult]) -> Table:
    """One row per part."""
    table = Table("claim", "part", "verdict", "what would decide", title="Verdicts", box=SIMPLE_HEAD)
    for claim in tested:
        for part in claim.parts:
            finding = part.finding
            table.add_row(
                *map(escape, (claim.claim.name, part.part.name, finding.verdict, finding.would_decide or "–"))
            )
    return table
