"""The project's only ask–evaluate–tell loop."""

import json
import math
import traceback
from collections.abc import Sequence
from contextlib import closing
from time import perf_counter, time
from typing import NamedTuple

from numpy.random import Generator

from bench.records import Outcome, RunKey, Setting, Sink, Trial, TrialStatus
from bench.seeding import TrialStreams, rng_for
from problems.base import Evaluation, Problem
from problems.registry import problem_entry
from problems.space import Config
from strategies.base import Exhausted, Strategy
from strategies.registry import strategy_entry

encode_config = json.JSONEncoder(allow_nan=False).encode


class ReplayMismatch(Exception):
    """A strategy that is told the same results proposed another config than it did before."""


def make_problem(key: RunKey) -> Problem:
    """The problem's instance that every strategy meets under this seed."""
    rng = rng_for("instance", key.problem, key.dim, key.instance)
    return problem_entry(key.problem).make(key.dim, key.instance, rng)


def make_strategy(key: RunKey, problem: Problem) -> Strategy:
    """The strategy of a run: it gets the space, the budget and a stream of its own, nothing else of the problem."""
    rng = rng_for("strategy", key.seed, key.problem, key.dim, key.strategy)
    return strategy_entry(key.strategy).make(problem.space, budget=key.budget, rng=rng)


def execute(key: RunKey, stored: Sequence[Trial], sink: Sink) -> Outcome:
    """Run `key` to its end: replay its `stored` trials, then give each new one to `sink` as soon as it is complete.

    A strategy that raises ends the run as `failed` with its traceback; it is neither repaired nor replaced.
    """
    began = perf_counter()
    try:
        problem = make_problem(key)
        with closing(make_strategy(key, problem)) as strategy:
            sink.begin(setting_of(problem, perf_counter() - began))
            replay(strategy, stored)
            search(strategy, problem, key, len(stored), sink)
    except Exhausted:
        return Outcome("exhausted", None)
    except Exception:  # noqa: BLE001  one of the two places where a failure is caught: it ends its run, and is kept
        return Outcome("failed", traceback.format_exc())
    return Outcome("done", None)


def setting_of(problem: Problem, setup_s: float) -> Setting:
    """What the tables need to know of `problem`."""
    optimum = problem.optimum
    if optimum is None:
        return Setting(None, None, problem.value_label, setup_s)
    return Setting(optimum.value, optimum.origin, problem.value_label, setup_s)


def replay(strategy: Strategy, stored: Sequence[Trial]) -> None:
    """Bring `strategy` to where it was after `stored`; raises `ReplayMismatch` at the first config that differs."""
    for trial in stored:
        proposal = strategy.ask()
        config = encode_config(proposal.config)
        if config != trial.config:
            raise ReplayMismatch(f"trial {trial.trial} was {trial.config} and is {config} when asked again")
        strategy.tell(proposal, trial.value)


def search(strategy: Strategy, problem: Problem, key: RunKey, done: int, sink: Sink) -> None:
    """The loop itself: trials `done` + 1 to the budget; raises whatever the strategy raises."""
    streams = TrialStreams("noise", key.seed, key.problem, key.dim, key.instance)
    validate = problem.space.validate
    for number in range(done + 1, key.budget + 1):
        started_at, start = time(), perf_counter()
        proposal = strategy.ask()
        asked = perf_counter()
        validate(proposal.config)
        config = encode_config(proposal.config)
        ready = perf_counter()
        result = evaluate(problem, proposal.config.copy(), streams.stream(number))
        evaluated = perf_counter()
        strategy.tell(proposal, result.value)
        told = perf_counter()
        sink.add(Trial(number, config, *result, asked - start, evaluated - ready, told - evaluated, started_at))


class Result(NamedTuple):
    """What evaluating one config to its end gave; the middle fields of a `Trial`."""

    value: float | None
    true_value: float | None
    test_value: float | None
    status: TrialStatus
    error: str | None
    cost: float
    fidelity: int
    observations: str | None


def evaluate(problem: Problem, config: Config, rng: Generator) -> Result:
    """Observe `config` to full fidelity. An exception or a value that is not a finite number is a failed trial."""
    looks: list[Evaluation] = []
    try:
        looks.extend(problem.observe(config, rng))
        last = looks[-1]
        value = finite(last.value)
    except Exception as error:  # noqa: BLE001  the other place: a failed objective is a failed trial, told as None
        reason = str(error) if isinstance(error, NotFinite) else traceback.format_exc()
        cost = sum(look.cost for look in looks)
        return Result(None, None, None, "failed", reason, cost, len(looks), learning_curve(looks))
    cost = last.cost if len(looks) == 1 else sum(look.cost for look in looks)
    return Result(value, last.true_value, last.test_value, "ok", None, cost, len(looks), learning_curve(looks))


class NotFinite(ValueError):
    """The objective returned something that cannot be compared."""


def finite(value: object) -> float:
    """`value` as a float; raises `NotFinite` unless it is a finite real number."""
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    raise NotFinite(f"the value is {value!r:.100}, not a finite number")


def learning_curve(looks: Sequence[Evaluation]) -> str | None:
    """The looks of a trial as JSON `[[value, test_value], …]`, null for what is not finite; None for a single look."""
    if len(looks) < 2:
        return None
    return encode_config([[_number_or_none(look.value), _number_or_none(look.test_value)] for look in looks])


def _number_or_none(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None
