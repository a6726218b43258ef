"""The table of problems: a new one is one line here, or an entry point of the group `search_bench.problems`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from numpy.random import Generator

from problems.base import Problem
from problems.plugins import NOTHING, Needs, find, resolve

GROUP = "search_bench.problems"


@dataclass(frozen=True)
class ProblemEntry:
    """How to make a problem, and in which dimensions it exists.

    `factory` is `"module:callable"`; it is called as `callable(name, dim, instance, rng, **options)`, where `rng` draws
    the instance, and imported only then.
    """

    name: str
    factory: str
    summary: str
    min_dim: int = 1
    max_dim: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    needs: Needs = NOTHING

    def refusal(self, dim: int) -> str | None:
        """Why there is no such dimension, or None."""
        if dim < self.min_dim:
            return f"{self.name} needs dimension {self.min_dim} or more"
        if self.max_dim is not None and dim > self.max_dim:
            return f"{self.name} has no more than {self.max_dim} dimensions"
        return None

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
