"""`list --strategy NAME`: the fairness card, everything that a reader of a comparison must know of one strategy."""

import numpy as np
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from bench.cards import card_of
from bench.commands.apart import apart
from bench.console import SafeConsole
from bench.errors import UsageError
from problems.space import Categorical, Float, Int, SearchSpace
from strategies.base import Exhausted
from strategies.registry import StrategyEntry, strategy_entry

SPACE = SearchSpace((Float("x", 1e-3, 1, log=True), Int("n", 1, 9), Categorical("c", ("a", "b"))))
TRIALS = 12  # more than most strategies begin with
TIMEOUT_S = 120.0


def show_card(name: str) -> None:
    """Print the card; raises `UsageError` for an unknown name."""
    try:
        entry = strategy_entry(name)
    except KeyError as error:
        raise UsageError(error.args[0]) from error
    table = Table(title=escape(entry.name), show_header=False, box=SIMPLE)
    for label, text in card_of(entry).items():
        table.add_row(label, escape(text))
    if not entry.needs.missing():
        table.add_row("same seed", escape(tried(entry)))
    SafeConsole().print(table)


def tried(entry: StrategyEntry) -> str:
    """Whether the same seed gives the same trials, tried in a process of its own: anybody's code can hang or die."""
    if entry.refusal(len(SPACE)):
        return "not tried: it takes no space of three parameters"
    found = apart(repeatable, (entry.name,), TIMEOUT_S)
    return found[0] if isinstance(found, tuple) else f"not known: {found}"


def repeatable(name: str) -> tuple[str]:
    """What came of trying it twice; a tuple, to be told from the sentence of what went wrong."""
    first, second = (proposals(strategy_entry(name)) for _ in range(2))
    if first == second:
        return (f"the same {len(first)} trials, tried just now",)
    return ("OTHER TRIALS each time: tried just now",)


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
