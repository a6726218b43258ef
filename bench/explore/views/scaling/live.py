"""What "Strategies against dimension and budget" runs here and now: which runs, and what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bench.explore.offered import offered_strategy
from bench.explore.views.scaling.figures import Part, part_of
from bench.plots.regret_figures import Measure
from bench.records import Outcome, RunKey, Setting, Trial
from bench.run import make_problem
from bench.visible import visible
from problems.registry import CHEAP, RECORDING, problem_entry, problems
from problems.space import Floats, SearchSpace

REGRET = Measure("regret", "simple regret", "simple regret")
TIERS = (20, 40, 100)  # budgets at which what does not depend on its budget is run; a smaller one is its beginning


@dataclass(frozen=True, eq=False)
class Result:
    """What a run came to: its regret trial by trial to the end of its budget, NaN where there is none."""

    error: str
    regret: Floats  # (budget,)


@dataclass(frozen=True, slots=True)
class Asked:
    """Runs to be shown: each of `strategies` on `problem` under `seeds` seeds, up to `trials` trials."""

    problem: str
    strategies: tuple[str, ...]
    trials: int
    seeds: int

    def keys(self, dim: int) -> Iterator[RunKey]:
        """The runs in `dim` dimensions of what can be run there, one strategy after the other."""
        if unavailable_problem(self.problem, dim):
            return
        for name in self.strategies:
            if refusal(name, dim):
                continue
            budget = told_budget(name, self.trials)
            for seed in range(self.seeds):
                yield RunKey(self.problem, dim, seed, name, seed, budget)


def live_problems() -> Mapping[str, str]:
    """The problems that cost next to nothing and exist in several dimensions, each with what it is."""
    return {
        name: entry.summary
        for name, entry in problems().items()
        if entry.factory in CHEAP and entry.factory != RECORDING and entry.min_dim != entry.max_dim
    }


def unavailable_problem(name: str, dim: int) -> str | None:
    """Why `name` is not run live in `dim` dimensions, or None."""
    if name in live_problems():
        reason = problem_entry(name).unavailable(dim)
        return f"{reason}." if reason else None
    why = "one of its trials takes too long" if name in problems() else "it is none of the list"
    return f"{visible(name)} is not run live: {why}; choose another problem, or a recorded experiment as the source."


@lru_cache(maxsize=4096)
def refusal(name: str, dim: int) -> str | None:
    """Why the strategy `name` is not run in `dim` dimensions, or None."""
    try:
        return offered_strategy(name).unavailable(dim)
    except KeyError as error:
        return str(error.args[0])


def told_budget(name: str, trials: int) -> int:
    """How many trials `name` is told that it has, so that its first `trials` are those of a run with that budget."""
    if not offered_strategy(name).anytime:
        return trials
    return next((tier for tier in TIERS if tier >= trials), trials)


@lru_cache(maxsize=256)
def space_of(problem: str, dim: int) -> SearchSpace:
    """Where a live problem is searched."""
    return make_problem(RunKey(problem, dim, 0, "random", 0, 1)).space


def digest(key: RunKey, setting: Setting | None, trials: Sequence[Trial], outcome: Outcome) -> Result:
    """What is kept of a run; see `bench.explore.background`."""
    curve = np.full(key.budget, np.nan)
    if setting is not None and setting.optimum is not None and trials:
        regret = incumbents(trials) - setting.optimum
        curve[: len(regret)] = regret
        if outcome.status == "exhausted":  # it keeps what it found
            curve[len(regret) :] = regret[-1]
    return Result(outcome.error or "", curve)


def incumbents(trials: Sequence[Trial]) -> Floats:
    """What the incumbent is truly worth, trial by trial (t,): `bench.analysis.regret.simple_regret`, of one run.

    That takes tens of milliseconds for its tables; a page that follows hundreds of runs has not got them.
    """
    told = np.array([np.inf if trial.value is None else trial.value for trial in trials])
    true = np.array([np.nan if (v := first_known(trial)) is None else v for trial in trials])
    improves = told < np.append(np.inf, np.minimum.accumulate(told)[:-1])
    place = np.maximum.accumulate(np.where(improves, np.arange(len(told)), -1))
    worth: Floats = np.where(place < 0, np.nan, true[place])
    return worth


def first_known(trial: Trial) -> float | None:
    """The true value of `trial`, or what was told where no truth is known."""
    return trial.value if trial.true_value is None else trial.true_value


def parts_of(results: Mapping[RunKey, Result], trials: int) -> dict[int, Part]:
    """What `results` come to at `trials`, by dimension, as far as there are any."""
    dims: dict[int, list[tuple[RunKey, Result]]] = {}
    for key, result in results.items():
        dims.setdefault(key.dim, []).append((key, result))
    return {dim: cached_part(dim, tuple(own), trials) for dim, own in sorted(dims.items())}


@lru_cache(maxsize=256)
def cached_part(dim: int, results: tuple[tuple[RunKey, Result], ...], trials: int) -> Part:
    """Of results in one dimension; the same runs were the same objects before."""
    curves: dict[str, list[Floats]] = {}
    for key, result in results:
        curves.setdefault(key.strategy, []).append(result.regret[:trials])
    return part_of(dim, REGRET, {name: np.array(own) for name, own in curves.items()})
