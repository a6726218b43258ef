"""`check`: does a strategy or a problem keep its contract? Each rule in a process of its own: none can hang us."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from rich.markup import escape
from rich.table import Table
from scipy.stats import binom

import problems.registry
import problems.testing
import strategies.registry
import strategies.testing
from bench.commands.apart import apart
from bench.console import SafeConsole
from bench.errors import UsageError
from problems.contracts import ContractViolation
from problems.loading import place, users_object
from problems.registry import ProblemEntry, problem_entry
from strategies.base import Strategy
from strategies.random_search import RandomSearch
from strategies.registry import PROCESS, StrategyEntry, strategy_entry

Kind: TypeAlias = Literal["strategy", "problem"]

DIMS = (2, 5)  # of a problem; what it can have of them
SEEDS, ENOUGH = 12, 10  # of the comparison with random search
BOWL_DIM, BOWL_TRIALS = 3, 30
STARTING_S = 10.0  # more than an interpreter takes to start here; added where a file is loaded first of all


@dataclass(frozen=True)
class Finding:
    """What came of a rule: kept where `found` is empty."""

    rule: str
    found: str = ""
    remedy: str = ""


def check(name: str, timeout_s: float) -> int:
    """Print what came of every rule, and for a strategy whether it beats random search; 1 if a rule is broken."""
    kind = kind_of(name, timeout_s)
    if ":" not in name and (missing := entry_of(kind, name).needs.missing()):
        raise UsageError(f"{name} {missing}")
    console, table = SafeConsole(), Table("rule", "", "what to do", title=f"{kind} {escape(name)}")
    broken = 0
    for finding in findings(kind, name, timeout_s):
        broken += bool(finding.found)
        table.add_row(escape(finding.rule), escape(finding.found) or "kept", escape(finding.remedy))
    console.print(table)
    if kind == "strategy":
        console.print(escape(comparison(name, timeout_s)), highlight=False, soft_wrap=True)
    counted = len(strategies.testing.CHECKS if kind == "strategy" else problems.testing.CHECKS)
    console.print(f"{broken} of {counted} rules broken" if broken else f"all {counted} rules are kept")
    return 1 if broken else 0


def kind_of(name: str, timeout_s: float) -> Kind:
    """Whether `name` is a strategy or a problem; raises `UsageError` where it is neither, or cannot be loaded."""
    if name in problems.registry.problems():
        return "problem"
    if ":" not in name and name not in strategies.registry.strategies():
        raise UsageError(
            f"{name!r} is no strategy or problem of the tables; python -m bench list shows them; your own is given as "
            "file.py:Class or module:Class"
        )
    if ":" not in name:
        return "strategy"
    found = apart(kind_of_users, (name,), timeout_s + STARTING_S)  # the file may hang, or end its process
    if not isinstance(found, tuple):
        raise UsageError(f"{name!r} cannot be loaded: {found}")
    kind: Kind
    kind, complaint = found
    if complaint:
        raise UsageError(complaint)
    return kind


def kind_of_users(name: str) -> tuple[Kind, str]:
    """Whether the user's `name` is a strategy or a problem, and why it cannot be loaded; empty where it can."""
    kind: Kind = "problem"
    try:
        found = Strategy if name.startswith(PROCESS) else users_object(name, "object")
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


def rules_of(kind: Kind) -> Mapping[str, str]:
    """The name of each check -> the rule that it checks, in one sentence."""
    checks = strategies.testing.CHECKS if kind == "strategy" else problems.testing.CHECKS
    return {one.__name__: (one.__doc__ or "").splitlines()[0] for one in checks}


def findings(kind: Kind, name: str, timeout_s: float) -> Iterator[Finding]:
    """Check rule by rule."""
    for check_name, rule in rules_of(kind).items():
        said = apart(examine, (kind, name, check_name), timeout_s)
        found, remedy = said if isinstance(said, tuple) else (str(said), "see docs/write-your-own.md")
        yield Finding(rule, found, remedy)


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


def comparison(name: str, timeout_s: float) -> str:
    """Whether it beats random search on a bowl, in a sentence. Advice: a strategy need not learn."""
    won = apart(wins, (name,), timeout_s)
    if not isinstance(won, int):
        return f"Against random search: {won}."
    by_chance = float(binom.sf(ENOUGH - 1, SEEDS, 0.5))
    verdict = "it learns" if won >= ENOUGH else "no sign that it learns, which a strategy need not"
    return (
        f"Against random search on a bowl in {BOWL_DIM} dimensions, {BOWL_TRIALS} trials: better on {won} of {SEEDS} "
        f"seeds; {verdict} ({ENOUGH} or more happen to what is no better with a probability of {by_chance:.1%})."
    )


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
