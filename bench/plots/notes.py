"""What a figure must say about the runs behind it: how many, which failed, which are not there."""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from bench.analysis.competitors import has_pruners
from bench.plots.style import shown
from bench.records import FINISHED


def span(numbers: Iterable[int]) -> str:
    """`"3"` or `"2–3"`."""
    low, high = min(numbers), max(numbers)
    return f"{low}" if low == high else f"{low}–{high}"


def spans(numbers: Iterable[int], singular: str, plural: str) -> str:
    """`"n = 3 seeds"`; the empty case is 0."""
    known = list(numbers) or [0]
    return f"n = {span(known)} {singular if max(known) == 1 else plural}"


def run_notes(runs: pd.DataFrame) -> list[str]:
    """One line on failed runs and one on unfinished ones, where there are any."""
    notes = []
    failed = runs[runs["status"] == "failed"]
    if len(failed):
        total, counts = (Counter(frame["strategy"]) for frame in (runs, failed))
        which = ", ".join(f"{shown(name)} {count} of {total[name]}" for name, count in sorted(counts.items()))
        notes.append(f"Failed runs, which count as infinitely bad from where they end: {which}.")
    unfinished = int((~runs["status"].isin(FINISHED)).sum())
    if unfinished:
        notes.append(f"Not finished and left out: {unfinished} of {len(runs)} runs.")
    return notes


def budget_axis(runs: pd.DataFrame) -> str:
    """What the horizontal axis of curves counts: trials, or where trials may be stopped, their cost."""
    return "budget spent (full trials)" if has_pruners(runs) else "trial"


def budget_of(runs: pd.DataFrame) -> str:
    """`"30 trials"`, or the range where the budget depends on the dimension."""
    return f"{span(runs['budget'])} {'full trials' if has_pruners(runs) else 'trials'}"
