"""From a spec to the runs that it means, and the cells that cannot be run, each with its reason."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from bench.errors import UsageError
from bench.forms import OWN_DESIGN, parse_initial, parse_trials, parse_workers
from bench.limits import MOST_RUNS
from bench.records import RunKey
from bench.spec import ExperimentSpec, make_spec
from problems.entries import Entry
from problems.plugins import EVERYTHING
from problems.registry import problem_entry, problems
from strategies.names import Parts, parts_of_name
from strategies.pruners.registry import NO_PRUNER, pruner_entry, pruners
from strategies.registry import strategies, strategy_entry

ENTRY_OF: Mapping[str, Callable[[str], Entry]] = {
    "problems": problem_entry,
    "strategies": strategy_entry,
    "pruners": pruner_entry,
}


@dataclass(frozen=True, slots=True)
class Skip:
    """Runs that are planned not to happen: a cell of the experiment, all its seeds."""

    problem: str
    dim: int
    strategy: str
    pruner: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """Every run of an experiment, in the order in which they start: seed by seed, so that a part of it is a whole."""

    spec: ExperimentSpec
    runs: tuple[RunKey, ...]
    skips: tuple[Skip, ...]


def resolve_spec(settings: Mapping[str, Any]) -> ExperimentSpec:
    """The spec of these settings, `all` spelled out; raises `UsageError` for a name that is unknown or not installed.

    What a profile or `all` brings along and is not installed stays in, to be skipped visibly.
    """
    spec = make_spec(settings)
    every: dict[str, Mapping[str, Entry]] = {"problems": problems(), "strategies": strategies(), "pruners": pruners()}
    expanded = {
        field: tuple(name for name, entry in table.items() if not entry.only_by_name)
        for field, table in every.items()
        if getattr(spec, field) == (EVERYTHING,)
    }
    for field, entry_of in ENTRY_OF.items():
        if field in settings and field not in expanded:
            _check_names(getattr(spec, field), entry_of)
    spec = spec.model_copy(update=expanded)
    arms = parse_initial(settings.get("initial", OWN_DESIGN))
    return spec.model_copy(update={"strategies": _armed(spec.strategies, arms, workers_of(settings))})


def workers_of(settings: Mapping[str, Any]) -> list[int]:
    """How many simulated workers; raises `UsageError` where they are asked for and their clock is not."""
    if ("workers" in settings) != ("clock" in settings):
        raise UsageError(
            "workers within a run are simulated: give --workers and --clock simulated together; "
            "for runs side by side on this machine, use --jobs"
        )
    return parse_workers(settings.get("workers", "1"))


def _armed(names: Sequence[str], arms: Sequence[str], workers: Sequence[int]) -> tuple[str, ...]:
    """Every strategy in every arm: `gp` beside `gp@2d`, which is given its first trials, and `gp@8w` with 8 workers."""
    if tuple(arms) == (OWN_DESIGN,) and tuple(workers) == (1,):
        return tuple(names)
    if named := next((name for name in names if parts_of_name(name).searcher != name), None):
        raise UsageError(f"{named} says already how it is run; name it without, or leave out --initial and --workers")
    begun = (Parts(name, "" if arm == OWN_DESIGN else arm) for name, arm in product(names, arms))
    return tuple(str(parts._replace(workers=count)) for parts, count in product(begun, workers))


def _check_names(names: Sequence[str], entry_of: Callable[[str], Entry]) -> None:
    for name in names:
        try:
            missing = entry_of(name).needs.missing()
        except KeyError as error:
            raise UsageError(error.args[0]) from error
        if missing:
            raise UsageError(f"{name} {missing}")


def make_plan(spec: ExperimentSpec) -> Plan:
    """The runs and skips of `spec`; raises `UsageError` when there is nothing to run, or more than anybody could."""
    asked = prod(map(len, (spec.problems, spec.dims, spec.strategies, spec.pruners)), start=spec.seeds)
    if asked > MOST_RUNS:
        raise UsageError(
            f"an experiment has at most {MOST_RUNS} runs, and these settings mean {asked} (problems × dimensions × "
            "strategies × pruners × seeds); make several of it"
        )
    skips = tuple(_skips(spec))
    skipped = {(skip.problem, skip.dim, skip.strategy, skip.pruner) for skip in skips}
    runs = tuple(
        RunKey(problem, dim, seed, strategy, seed, parse_trials(spec.trials, dim), pruner)
        for seed, (problem, dim, strategy, pruner) in product(range(spec.seeds), _cells(spec))
        if (problem, dim, strategy, pruner) not in skipped
    )
    if not runs:
        reasons = "; ".join(dict.fromkeys(skip.reason for skip in skips))
        raise UsageError(f"nothing to run: {reasons}")
    return Plan(spec, runs, skips)


def _cells(spec: ExperimentSpec) -> list[tuple[str, int, str, str]]:
    return list(product(spec.problems, spec.dims, spec.strategies, spec.pruners))


def _skips(spec: ExperimentSpec) -> Iterator[Skip]:
    for problem, dim, strategy, pruner in _cells(spec):
        entries = problem_entry(problem), strategy_entry(strategy), pruner_entry(pruner)
        reasons = (reason for entry in entries if (reason := entry.unavailable(dim)))
        trials = parse_trials(spec.trials, dim)
        reason = next(reasons, None) or _nothing_to_stop(problem, pruner) or _all_given(strategy, dim, trials)
        if reason := reason or _stopped_in_parallel(strategy, pruner):
            yield Skip(problem, dim, strategy, pruner, reason)


def _nothing_to_stop(problem: str, pruner: str) -> str | None:
    if pruner == NO_PRUNER or problem_entry(problem).looks:
        return None
    return f"{pruner} needs looks: {problem} has one look per trial"


def _stopped_in_parallel(strategy: str, pruner: str) -> str | None:
    if pruner == NO_PRUNER or parts_of_name(strategy).workers == 1:
        return None
    return f"{pruner} needs the looks of trials side by side, which simulated workers do not show"


def _all_given(strategy: str, dim: int, trials: int) -> str | None:
    given = parts_of_name(strategy).given
    if not given or parse_trials(given, dim) < trials:
        return None
    return f"{strategy} leaves none of {trials} trials to the strategy; give fewer, or raise --trials"


def default_name(profile: str, spec: ExperimentSpec) -> str:
    """The folder of an experiment that was given no name: the same spec finds its own results again."""
    return f"{profile}-{hashlib.sha256(spec.model_dump_json().encode()).hexdigest()[:6]}"
