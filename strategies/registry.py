"""The table of strategies: a new one is one line here, or an entry point of the group `search_bench.strategies`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points, version

from numpy.random import Generator

from problems.loading import resolve
from problems.plugins import Entry, find
from problems.space import SearchSpace
from strategies.base import Strategy

GROUP = "search_bench.strategies"


@dataclass(frozen=True)
class StrategyEntry(Entry):
    """How to make a strategy: `factory` is called as `Class(space, budget=…, rng=…, **options)`."""

    def load(self) -> type[Strategy]:
        """Import the class; raises `ImportError` when a package that it needs is missing."""
        strategy_class: type[Strategy] = resolve(self.factory)
        return strategy_class

    def version(self) -> str:
        """What identifies the code that ran: `"optuna 5.0.0"`, or our own version for what is homemade."""
        return self.needs.version() or f"search-bench {version('search-bench')}"

    def make(self, space: SearchSpace, *, budget: int, rng: Generator) -> Strategy:
        """A fresh strategy for one run."""
        return self.load()(space, budget=budget, rng=rng, **self.options)


TABLE: tuple[StrategyEntry, ...] = (
    StrategyEntry("random", "strategies.random_search:RandomSearch", "independent draws from the space"),
)


@cache
def strategies() -> Mapping[str, StrategyEntry]:
    """Every known strategy by name, plug-ins last."""
    plugins = (StrategyEntry(e.name, e.value, f"plug-in {e.value}") for e in entry_points(group=GROUP))
    return {entry.name: entry for entry in (*TABLE, *plugins)}


def strategy_entry(name: str) -> StrategyEntry:
    """The entry called `name`; raises `KeyError` with the nearest names."""
    return find(strategies(), name, "strategy")
