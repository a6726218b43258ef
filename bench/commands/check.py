"""`check`: does a strategy or a problem keep its contract? Each rule in a process of its own: none can hang us."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.markup import escape
from rich.table import Table
from scipy.stats import binom

import problems.registry
import problems.testing
import strategies.registry
import strategies.testing
from bench.commands.apart import apart
from bench.commands.examining import BOWL_DIM, BOWL_TRIALS, SEEDS, Kind, entry_of, examine, kind_of_users, wins
from bench.console import SafeConsole
from bench.errors import UsageError
from problems.wrappers.names import MARK

ENOUGH = 10  # of the seeds of the comparison with random search
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
    if name in problems.registry.problems() or (MARK in name and ":" not in name):
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
