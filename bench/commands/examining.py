"""What `check` does in the processes that it starts: imports little, for there is one for every rule."""

from typing import Literal, TypeAlias

import numpy as np

import problems.testing
import strategies.testing
from bench.errors import UsageError
from problems.contracts import ContractViolation
from problems.loading import place, users_object
from problems.registry import ProblemEntry, problem_entry
from problems.wrappers.names import split
from strategies.base import Strategy
from strategies.random_search import RandomSearch
from strategies.registry import PROCESS, StrategyEntry, strategy_entry

Kind: TypeAlias = Literal["strategy", "problem"]

DIMS = (2, 5)  # of a problem; what it can have of them
SEEDS, BOWL_DIM, BOWL_TRIALS = 12, 3, 30  # of the comparison with random search


def kind_of_users(name: str) -> tuple[Kind, str]:
    """Whether the user's `name` is a strategy or a problem, and why it cannot be loaded; empty where it can."""
    kind: Kind = "problem"
    try:
        found = Strategy if name.startswith(PROCESS) else users_object(split(name)[0], "object")
        kind = "strategy" if isinstance(found, type) and issubclass(found, Strategy) else "problem"
        entry_of(kind, name)
    except (KeyError, UsageError) as error:
        return kind, str(error.args[0])
    return kind, ""


def entry_of(kind: Kind, name: str) -> StrategyEntry | ProblemEntry:
    """Its entry; raises `UsageError` where it cannot be loaded."""
    try:
        return strategy_entry(name) if kind == "strategy" else problem_entry(name)
    except KeyError as error:
        raise UsageError(error.args[0]) from error


def examine(kind: Kind, name: str, check_name: str) -> tuple[str, str]:
    """What breaks the rule, and the remedy; empty where it is kept."""
    try:
        if kind == "strategy":
            entry = strategy_entry(name)
            getattr(strategies.testing, check_name)(entry.make, min_dim=entry.min_dim)
        else:
            of_problem = problem_entry(name)
            for dim in DIMS if of_problem.refusal(DIMS[0]) is None else (of_problem.min_dim,):
                if of_problem.refusal(dim) is None:
                    getattr(problems.testing, check_name)(of_problem, dim)
    except ContractViolation as violation:
        return f"{violation.rule}: {violation.found}{cause(violation)}", violation.remedy
    return "", ""


def cause(violation: ContractViolation) -> str:
    """Where the user's code raised, if that was it."""
    return place(violation.__cause__) if violation.__cause__ else ""


def wins(name: str) -> int:
    """On how many of `SEEDS` instances of the sphere it ends below random search."""
    entry, won = strategy_entry(name), 0
    for seed in range(SEEDS):
        problem = problem_entry("sphere").make(BOWL_DIM, seed, np.random.default_rng(seed))
        best = []
        for make, stream in ((entry.make, 1), (RandomSearch, 2)):
            searcher = make(problem.space, budget=BOWL_TRIALS, rng=np.random.default_rng([seed, stream]))
            configs = strategies.testing.search(
                searcher,
                lambda space, number, config, problem=problem: (
                    next(  # type: ignore[misc]
                        iter(problem.observe(config, np.random.default_rng(0)))
                    ).value
                ),
                trials=BOWL_TRIALS,
            )
            values = [next(iter(problem.observe(config, np.random.default_rng(0)))).value for config in configs]
            best.append(min(values))
            searcher.close()
        won += best[0] < best[1]
    return won
