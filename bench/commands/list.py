"""`list`: every strategy, pruner, problem and wrapper, what it needs, where it departs from its library's defaults."""

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from bench.console import SafeConsole
from problems.entries import Entry
from problems.loading import obstacle
from problems.registry import problems
from problems.wrappers.table import WRAPPERS, Wrapper
from strategies.pruners.registry import PrunerEntry, pruners
from strategies.registry import StrategyEntry, strategies


def list_all() -> None:
    """Print all tables."""
    console = SafeConsole()
    console.print(strategy_table(strategies().values()))
    console.print(pruner_table(pruners().values()))
    console.print(problem_table(problems().values()))
    console.print(wrapper_table(WRAPPERS.values()))


def strategy_table(entries: Iterable[StrategyEntry]) -> Table:
    """Name, version or what to install, algorithm and source, departures from the library's defaults."""
    table = Table("strategy", "version", "what it does", "not the library's default", title="Strategies")
    for entry in entries:
        missing = entry.needs.missing() or obstacle(entry.factory)
        departures = {} if missing else entry.load().deviations
        cells = (
            entry.name,
            missing or entry.version(),
            f"{entry.summary}; dimensions {entry.dimensions}",
            "; ".join(f"{name}: {why}" for name, why in departures.items()) or ("?" if missing else "none"),
        )
        table.add_row(*map(escape, cells))  # "search-bench[optuna]" is no markup
    return table


def pruner_table(entries: Iterable[PrunerEntry]) -> Table:
    """Name, version or what to install, rule, departures from the library's defaults."""
    table = Table("pruner", "version", "what it stops", "not the library's default", title="Pruners")
    for entry in entries:
        missing = entry.needs.missing() or obstacle(entry.factory)
        departures = {} if missing else entry.load().deviations
        cells = (
            entry.name,
            missing or entry.version(),
            entry.summary,
            "; ".join(f"{name}: {why}" for name, why in departures.items()) or ("?" if missing else "none"),
        )
        table.add_row(*map(escape, cells))
    return table


def problem_table(entries: Iterable[Entry]) -> Table:
    """Name, dimensions, what it is, what to install."""
    table = Table("problem", "dimensions", "what it is", title="Problems")
    for entry in entries:
        table.add_row(*map(escape, (entry.name, entry.dimensions, entry.needs.missing() or entry.summary)))
    return table


def wrapper_table(entries: Iterable[Wrapper]) -> Table:
    """How each is written after a problem's name, and what it does."""
    table = Table("after +", "what it does", title="Wrappers, around any problem: ackley+noise=0.1+permuted")
    for entry in entries:
        table.add_row(*map(escape, (entry.form, entry.summary)))
    return table
