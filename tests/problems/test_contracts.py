"""Every registered problem keeps the contract in every dimension it has; the contract catches those that do not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.contracts import ContractViolation
from problems.registry import ProblemEntry, problem_entry, problems
from problems.space import Config, Float, SearchSpace
from problems.testing import (
    CHECKS,
    check_config_unchanged,
    check_costs,
    check_evaluations,
    check_frozen,
    check_global_randomness,
    check_looks_are_declared,
    check_nothing_below_optimum,
    check_optimum_off_centre,
    check_optimum_reached,
    check_repeatable,
    check_space,
)

DIMS = (1, 2, 3, 6, 10)
# What `tests/problems/torch_training/` checks needs no repetition at these prices: it does so with fewer cases.
LARGE = {name for name in problems() if name.startswith("nnet-") and name.endswith("-paper")}  # minutes a training
ELSEWHERE = {name for name in problems() if name.startswith("cnn-")} | {"mlp-widths-digits"}
SLOW = {name for name in problems() if name.startswith("nnet-")} - LARGE  # tenths of a second: all parameters at once
# Each wrapper alone and after others, around every kind of problem.
WRAPPED = [
    ("ackley+noise=0.1", 3),
    ("ackley+noise=10%+log", 2),
    ("branin+discrete=5+permuted", 2),
    ("hartmann3+embedded=3+discrete=4+noise=1e-3", 6),
    ("mixed+permuted+discrete=3", 7),
    ("mixed+linear+log=2", 6),
    ("conditional+embedded=4+permuted", 9),
    ("knn-digits+discrete=2", 3),
    ("bbob-f7+discrete=6", 20),
]
CASES = [
    (name, dim)
    for name, entry in problems().items()
    for dim in ((entry.max_dim or 0,) if name in SLOW or entry.one_instance else DIMS)
    if name not in LARGE | ELSEWHERE and not entry.refusal(dim)
] + [(f"bbob-f{function}", 40) for function in (1, 16, 24)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
@pytest.mark.parametrize(("name", "dim"), CASES + WRAPPED)
def test_contract(name: str, dim: int, check: Callable[[ProblemEntry, int], None]) -> None:
    entry = problem_entry(name)
    if reason := entry.needs.missing():
        pytest.skip(reason)
    check(entry, dim)


def test_every_problem_is_covered() -> None:
    assert {name for name, _ in CASES} | LARGE | ELSEWHERE == set(problems())


@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_large_problem_is_made_as_its_small_form(name: str) -> None:
    entry, small = problem_entry(name), problem_entry(name.removesuffix("-paper"))
    assert (entry.factory, entry.max_dim, entry.needs) == (small.factory, small.max_dim, small.needs)
    if reason := entry.needs.missing():
        pytest.skip(reason)
    check_space(entry, 9)


@pytest.mark.parametrize("name", sorted(problems()))
def test_a_dimension_it_lacks_is_refused(name: str) -> None:
    entry = problem_entry(name)
    lacking = entry.min_dim - 1 if entry.max_dim is None else entry.max_dim + 1
    with pytest.raises(ValueError, match=f"{name} "):
        entry.make(lacking, 0, np.random.default_rng(0))


SPACE = SearchSpace((Float("x1", 0.0, 1.0),))


@dataclass(frozen=True, kw_only=True)
class Custom(Problem):
    """A problem whose looks come from a function."""

    looks: Callable[[Config, Generator], Iterator[Evaluation]]

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        return self.looks(config, rng)


def one(value: Any, **fields: Any) -> Callable[[Config, Generator], Iterator[Evaluation]]:
    return lambda config, rng: iter([Evaluation(value, **fields)])


def spoil(config: Config, rng: Generator) -> Iterator[Evaluation]:
    config["x1"] = 0.0
    return iter([Evaluation(0.0)])


BASE = Custom(name="custom", instance=0, space=SPACE, source="", looks=one(0.0))
BELOW = Optimum(1.0, "analytic", ({"x1": 0.5},))


class Thawed(Custom):
    """Forgets to be frozen."""

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


class Entry(ProblemEntry):
    """An entry that holds its problem."""

    problem: Problem

    def make(self, dim: int, instance: int, rng: Generator) -> Problem:
        return self.problem


@pytest.mark.parametrize(
    ("check", "problem"),
    [
        (check_evaluations, replace(BASE, looks=one(np.float64(1.0)))),
        (check_evaluations, replace(BASE, looks=lambda config, rng: iter([]))),
        (
            check_repeatable,
            replace(BASE, looks=lambda c, r: iter([Evaluation(float(np.random.default_rng().random()))])),
        ),
        (check_global_randomness, replace(BASE, looks=lambda c, r: iter([Evaluation(float(np.random.rand()))]))),  # noqa: NPY002
        (check_config_unchanged, replace(BASE, looks=spoil)),
        (check_optimum_reached, replace(BASE, optimum=BELOW)),
        (check_optimum_off_centre, replace(BASE, optimum=BELOW)),
        (check_nothing_below_optimum, replace(BASE, optimum=BELOW)),
        (check_costs, replace(BASE, looks=one(0.0, cost=0.5))),
        (check_looks_are_declared, replace(BASE, looks=lambda c, r: iter([Evaluation(0.0, cost=0.5)] * 2))),
        (check_frozen, Thawed(name="custom", instance=0, space=SPACE, source="", looks=one(0.0))),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_contract_catches(check: Callable[[ProblemEntry, int], None], problem: Problem) -> None:
    entry = Entry("custom", "", "")
    object.__setattr__(entry, "problem", problem)
    with pytest.raises(ContractViolation, match=r"; found: .*; "):
        check(entry, 1)
