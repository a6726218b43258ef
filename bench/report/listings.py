"""What a report lists in words: cells that were skipped, runs and trials that failed, how strategies were set up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from bench.analysis.competitors import parts_of
from bench.report.wording import last_line, ranges
from problems.loading import obstacle
from strategies.pruners.registry import NO_PRUNER, PrunerEntry, pruner_entry
from strategies.registry import StrategyEntry, strategy_entry


@dataclass(frozen=True)
class Incident:
    """Something that happened alike in several cells."""

    strategy: str
    problem: str
    dims: str
    count: int
    reason: str


def incidents(frame: pd.DataFrame, reasons: Iterable[str]) -> list[Incident]:
    """The rows of `frame` (`strategy`, `problem`, `dim`) grouped by what they have in common, reason included."""
    grouped = frame.assign(reason=list(reasons)).groupby(["strategy", "problem", "reason"], sort=False)["dim"]
    return [
        Incident(str(strategy), str(problem), ranges(dims), len(dims), str(reason))
        for (strategy, problem, reason), dims in grouped
    ]


def skipped_cells(skips: pd.DataFrame) -> list[Incident]:
    """Cells that were planned not to run."""
    return incidents(skips, skips["reason"])


def failures(frame: pd.DataFrame) -> list[Incident]:
    """Failed rows of runs or of trials, time-outs among them, by the last line of their error."""
    named = frame[["strategy", "problem", "dim", "status", "error"]]  # taking out a few rows costs by the text of all
    failed = named[named["status"].isin(["failed", "timeout"])]
    return incidents(failed, failed["error"].map(last_line))


@dataclass(frozen=True)
class SetUp:
    """How a strategy was run: its version, where it is defined, what is not its library's default and why."""

    strategy: str
    version: str
    reference: str
    deviations: Sequence[tuple[str, str]]
    unknown: str  # why the last two cannot be told; empty when they can


def set_ups(versions: dict[str, str]) -> list[SetUp]:
    """One entry per strategy of `versions`, as far as it is installed here."""
    return [set_up(name, version) for name, version in versions.items()]


def set_up(label: str, version: str) -> SetUp:
    """What the classes of a strategy and of its pruner say of themselves."""
    strategy, pruner = parts_of(label)
    try:
        entry: StrategyEntry | None = strategy_entry(strategy)
    except KeyError:  # a plug-in or a file that is no longer there; the report must still be written
        entry = None
    of_strategy = set_up_of(entry, label, version)
    if pruner == NO_PRUNER:
        return of_strategy
    of_pruner = set_up_of(pruner_entry(pruner), label, version)
    return SetUp(
        label,
        version,
        "; ".join(filter(None, (of_strategy.reference, of_pruner.reference))),
        (*of_strategy.deviations, *of_pruner.deviations),
        of_strategy.unknown or of_pruner.unknown,
    )


def set_up_of(entry: StrategyEntry | PrunerEntry | None, name: str, version: str) -> SetUp:
    """What the class of a registry's entry says of itself."""
    absent = "is not registered here" if entry is None else entry.needs.missing()
    if entry is None or absent:
        return SetUp(name, version, "", (), str(absent))
    if reason := obstacle(entry.factory):  # a plug-in that broke since; the report must still be written
        return SetUp(name, version, "", (), reason)
    made = entry.load()
    return SetUp(name, version, made.reference, tuple(made.deviations.items()), "")
