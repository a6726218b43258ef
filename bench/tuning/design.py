"""What is to be tuned and how the trials are divided; everything is checked here, before anything is run."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.errors import UsageError
from problems.registry import problem_entry
from problems.space import SearchSpace
from problems.users_objective import UsersObjective
from strategies.pruners.registry import NO_PRUNER, pruner_entry
from strategies.registry import strategy_entry

NO_FIRST = "none"  # of `--first`: no parameter is searched alone
LEARNING_RATES = ("lr", "eta", "step_size", "learning_rate", "learningrate", "learning_rate_init")
BASELINE = 3  # trials of the defaults, before anything is searched
FEWEST_REPEATS, ENOUGH_REPEATS = 3, 10  # of the winner and of the defaults, unless another number is asked for
LEAST_SEARCH = 4  # trials
FIRST_SHARE = 0.25  # of the search


@dataclass(frozen=True)
class Request:
    """What the command was told."""

    objective: str
    space: str
    trials: int
    strategy: str
    pruner: str
    first: str | None
    repeats: int | None


@dataclass(frozen=True)
class Shares:
    """Trials of each stage; `repeats` is those of the winner, and of the defaults beside it."""

    defaults: int
    first: int
    rest: int
    repeats: int

    @property
    def total(self) -> int:
        """All that is trained."""
        return self.defaults + self.first + self.rest + 2 * self.repeats


@dataclass(frozen=True)
class Design:
    """A tuning, ready to be run; `version` identifies the user's code and space."""

    problem: UsersObjective
    version: str
    strategy: str
    pruner: str
    first: str | None
    no_first: str  # why no parameter is searched first; empty where one is
    shares: Shares

    def identity(self) -> dict[str, Any]:
        """What must be equal for results to go on with, as JSON."""
        return {
            "objective and space": self.problem.name,
            "code and space file": self.version,
            "strategy": self.strategy,
            "pruner": self.pruner,
            "first": self.first or NO_FIRST,
            "trials": asdict(self.shares),
        }

    @property
    def default_name(self) -> str:
        """The folder where none is named: the same tuning finds its own results again."""
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", self.problem.function.rpartition(":")[2])[:40]
        return f"tune-{plain}-{hashlib.sha256(json.dumps(self.identity()).encode()).hexdigest()[:6]}"


def make_design(request: Request) -> Design:
    """The design that `request` means; raises `UsageError` with what cannot be used, and what to do."""
    name = f"{request.objective}@{request.space}"
    if not request.space.endswith(".toml"):
        raise UsageError(f"--space must be a TOML file, space.toml, got {request.space!r}; see docs/tune.md")
    if ":" not in request.objective:
        raise UsageError(
            f"an objective is given as file.py:function or module:function, got {request.objective!r}; see docs/tune.md"
        )
    try:
        entry = problem_entry(name)
        searcher, pruner = strategy_entry(request.strategy), pruner_entry(request.pruner)
    except KeyError as error:
        raise UsageError(error.args[0]) from error
    dim = entry.min_dim
    for needed in (searcher, pruner):
        if reason := needed.unavailable(dim):
            raise UsageError(reason)
    if searcher.name != searcher.searcher or not searcher.load().takes_given:
        raise UsageError(
            f"--strategy {request.strategy} cannot go on from trials that it did not propose, which a tuning needs; "
            "give gp, optuna-tpe, optuna-gp, or another that can"
        )
    problem = entry.make(dim, 0, np.random.default_rng(0))
    if not isinstance(problem, UsersObjective):
        raise UsageError(f"{name} is no function over a space; see docs/tune.md")
    first, no_first = first_of(problem.space, request.first)
    shares = shares_of(request.trials, request.repeats, first is not None)
    return Design(problem, entry.fingerprint, request.strategy, request.pruner, first, no_first, shares)


def first_of(space: SearchSpace, asked: str | None) -> tuple[str | None, str]:
    """The parameter to search first, or None and why; raises `UsageError` for a name that `space` lacks."""
    if asked is not None and asked != NO_FIRST and asked not in space.names:
        raise UsageError(
            f"--first must be a parameter of the space ({', '.join(space.names)}) or {NO_FIRST}, got {asked!r}"
        )
    if asked == NO_FIRST:
        return None, "--first none"
    if len(space) == 1:
        return None, "there is one parameter alone"
    first = asked or next(filter(is_learning_rate, space.names), None)
    return first, "" if first else "no parameter is named like a learning rate; name one by --first"


def is_learning_rate(name: str) -> bool:
    """Whether a parameter's name says that it is one."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return plain in LEARNING_RATES or plain.endswith(("_lr", "learning_rate"))


def shares_of(trials: int, asked: int | None, has_first: bool) -> Shares:
    """`trials` in all, divided; raises `UsageError` where too few are left for the search."""
    repeats = asked or min(ENOUGH_REPEATS, max(FEWEST_REPEATS, trials // 10))
    defaults = min(BASELINE, repeats)
    search = trials - defaults - 2 * repeats
    if search < LEAST_SEARCH:
        enough = trials - search + LEAST_SEARCH
        raise UsageError(
            f"--trials {trials} leaves {max(search, 0)} for the search, beside {defaults} of the defaults and "
            f"{repeats} repeats of winner and defaults; give {enough} or more, or fewer --repeats"
        )
    first = max(2, round(FIRST_SHARE * search)) if has_first else 0
    return Shares(defaults, first, search - first, repeats)


def has_looks(fidelities: list[int]) -> bool:
    """Whether trials show anything on their way, so that a pruner has something to go by."""
    return max(fidelities, default=0) > 1


def pruner_for(design: Design, fidelities: list[int]) -> str:
    """The pruner of the search, once the defaults' trials have shown how many looks there are."""
    return design.pruner if has_looks(fidelities) else NO_PRUNER


def where(folder: Path) -> Path:
    """Which file of a tuning's folder says what it is."""
    return folder / "tuning.json"
