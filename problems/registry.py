"""The table of problems: a new one is one line here, or an entry point of the group `search_bench.problems`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from numpy.random import Generator

from problems.base import Problem
from problems.loading import resolve
from problems.plugins import Entry, find

GROUP = "search_bench.problems"


@dataclass(frozen=True)
class ProblemEntry(Entry):
    """How to make a problem: `factory` is called as `factory(name, dim, instance, rng, **options)`; `rng` draws it."""

    def make(self, dim: int, instance: int, rng: Generator) -> Problem:
        """The problem's `instance` in `dim` dimensions; raises `ValueError` for a dimension that it lacks."""
        if refusal := self.refusal(dim):
            raise ValueError(refusal)
        problem: Problem = resolve(self.factory)(self.name, dim, instance, rng, **self.options)
        return problem


TABLE: tuple[ProblemEntry, ...] = ()


@cache
def problems() -> Mapping[str, ProblemEntry]:
    """Every known problem by name, plug-ins last."""
    plugins = (ProblemEntry(e.name, e.value, f"plug-in {e.value}") for e in entry_points(group=GROUP))
    return {entry.name: entry for entry in (*TABLE, *plugins)}


def problem_entry(name: str) -> ProblemEntry:
    """The entry called `name`; raises `KeyError` with the nearest names."""
    return find(problems(), name, "problem")
