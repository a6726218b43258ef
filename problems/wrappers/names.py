"""What a problem's name says beside the problem: `ackley+embedded=2+noise=0.1` is ackley, and two wrappers around it.

They are put on from left to right, each once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from os.path import isfile
from typing import Any
from zlib import crc32

import numpy as np
from numpy.random import Generator

from problems.base import Problem
from problems.wrappers.table import WRAPPERS, Wrapper

MARK = "+"


@dataclass(frozen=True)
class Wrapping:
    """A wrapper with its value, as in a name."""

    text: str  # "noise=0.1"
    wrapper: Wrapper
    value: Any

    @property
    def probes(self) -> bool:
        """Whether it needs hundreds of evaluations of the inner problem."""
        return self.wrapper.probes(self.value)

    def inner_dim(self, dim: int) -> int:
        """How many parameters the inner problem has where all are `dim`."""
        return int(self.value) if self.wrapper.narrows else dim


def split(name: str, known: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """The problem and what is around it: `"ackley"`, `("embedded=2", "noise=0.1")`; a `known` name is a problem's.

    What is no wrapper stays with the problem, for a path may have a `+` in it, too.
    """
    base, texts = name, list[str]()
    while base not in known and MARK in base:
        shorter, _, last = base.rpartition(MARK)
        if last.partition("=")[0] not in WRAPPERS:
            break
        base, texts = shorter, [last, *texts]
    return base, tuple(texts)


def no_wrapper(base: str) -> str:
    """What is wrong with a `+` in `base`, which no wrapper is left around; empty where it may be there: in a path."""
    _, mark, last = base.rpartition(":")[2].rpartition(MARK)
    if isfile(base.partition(":")[2]):  # False, too, for what can be no path
        return ""
    return f"unknown wrapper {last!r}; known: {', '.join(WRAPPERS)}" if mark else ""


def read(texts: Sequence[str]) -> tuple[Wrapping, ...]:
    """The wrappers that are meant; raises `ValueError` with how a wrong one is written."""
    wrappings = tuple(map(_read, texts))
    names = [wrapping.wrapper.name for wrapping in wrappings]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} is put on more than once in {MARK.join(texts)!r}; once will do")
    return wrappings


def _read(text: str) -> Wrapping:
    name, equals, value = text.partition("=")
    wrapper = WRAPPERS[name]
    try:
        return Wrapping(text, wrapper, wrapper.read(value if equals else None))
    except ValueError:
        raise ValueError(f"{name} must look like {wrapper.form}, got {text!r}") from None


def wrap(problem: Problem, wrappings: Sequence[Wrapping], dim: int, rng: Generator) -> Problem:
    """`problem` with everything around it, in `dim` dimensions; `rng` has drawn the problem already.

    Each wrapper has a stream of its own by its name: another one beside it changes none of what it draws.
    """
    seed = int(rng.integers(2**63))
    dims = [dim]
    for wrapping in reversed(wrappings):
        dims.insert(0, wrapping.inner_dim(dims[0]))
    for wrapping, outer_dim in zip(wrappings, dims[1:], strict=True):
        stream = np.random.default_rng([seed, crc32(wrapping.wrapper.name.encode())])
        name = f"{problem.name}{MARK}{wrapping.text}"
        problem = wrapping.wrapper.wrap(problem, name, wrapping.value, outer_dim, stream)
    return problem
