"""`list --strategy NAME`: the fairness card, everything that a reader of a comparison must know of one strategy."""

import inspect
from collections.abc import Iterator

import numpy as np
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.commands.list import dimensions
from bench.errors import UsageError
from problems.space import Categorical, Float, Int, SearchSpace
from strategies.base import Exhausted
from strategies.registry import StrategyEntry, strategy_entry

SPACE = SearchSpace((Float("x", 1e-3, 1, log=True), Int("n", 1, 9), Categorical("c", ("a", "b"))))
TRIALS = 12  # more than most strategies begin with


def show_card(name: str) -> None:
    """Print the card; raises `UsageError` for an unknown name."""
    try:
        entry = strategy_entry(name)
    except KeyError as error:
        raise UsageError(error.args[0]) from error
    table = Table(title=escape(entry.name), show_header=False, box=SIMPLE)
    for label, text in lines(entry):
        table.add_row(label, escape(text))
    Console().print(table)


def lines(entry: StrategyEntry) -> Iterator[tuple[str, str]]:
    """Label and text of every line of the card."""
    yield "in a word", entry.summary
    missing = entry.needs.missing()
    yield "version", missing or entry.version()
    yield "dimensions", dimensions(entry)
    if missing:
        return
    found = entry.load()
    yield "what it does", " ".join((inspect.getdoc(found) or "").split())
    yield "defined by", found.reference
    if entry.options:
        yield "options", ", ".join(f"{key} = {value}" for key, value in entry.options.items())
    departures = [f"{argument}: {why}" for argument, why in found.deviations.items()]
    yield "not the default", "; ".join(departures) or "nothing: the library's own arguments"
    yield "same seed", repeatable(entry)


def repeatable(entry: StrategyEntry) -> str:
    """Whether the same seed gives the same trials, tried here."""
    if entry.refusal(len(SPACE)):
        return "not tried: it takes no space of three parameters"
    first, second = proposals(entry), proposals(entry)
    return (
        f"the same {len(first)} trials, tried just now" if first == second else "OTHER TRIALS each time: tried just now"
    )


def proposals(entry: StrategyEntry) -> list[str]:
    """What it proposes on a small mixed space; text, in which `1` and `1.0` differ."""
    strategy = entry.make(SPACE, budget=TRIALS, rng=np.random.default_rng(1))
    configs: list[str] = []
    try:
        for _ in range(TRIALS):
            proposal = strategy.ask()
            configs.append(repr(proposal.config))
            strategy.tell(proposal, float(((SPACE.to_unit(proposal.config) - 0.3) ** 2).sum()))
    except Exhausted:
        pass  # a grid ends where it ends
    finally:
        strategy.close()
    return configs
