"""A problem around another one: everything that a wrapper does not change is the inner problem's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Config


@dataclass(frozen=True, kw_only=True)
class Wrapped(Problem):
    """`inner` behind another space; here, one that holds the inner parameters under their own names."""

    inner: Problem

    @classmethod
    def around(cls, inner: Problem, name: str, **changed: Any) -> Self:
        """`inner` under a `name` of its own, with these fields `changed` and every other as it is."""
        kept = {field.name: getattr(inner, field.name) for field in fields(Problem)}
        return cls(**(kept | {"name": name, "inner": inner} | changed))

    def inward(self, config: Config) -> Config:
        """The inner problem's config that `config` means."""
        return {name: config[name] for name in self.inner.space.names}

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """The inner problem's looks."""
        return self.inner.observe(self.inward(config), rng)

    def duration(self, config: Config, rng: Generator) -> float:
        """The inner problem's."""
        return self.inner.duration(self.inward(config), rng)


def moved(optimum: Optimum | None, outward: Callable[[Config], Config]) -> Optimum | None:
    """`optimum` with every minimiser where `outward` puts it."""
    return optimum and replace(optimum, minimisers=tuple(map(outward, optimum.minimisers)))
