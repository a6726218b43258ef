"""One trial: a config is looked at until it is whole, fails, or is stopped by a pruner."""

import json
import math
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from numpy.random import Generator

from bench.records import Trial, TrialStatus
from problems.base import Evaluation, Problem
from problems.space import Config
from strategies.pruners.base import is_whole

encode = json.JSONEncoder(allow_nan=False).encode


class Look(NamedTuple):
    """What one look showed, and the share of the trial's full fidelity that was behind it."""

    evaluation: Evaluation
    step: float
    value: float | None  # None: not a finite number


class Result(NamedTuple):
    """What evaluating one config gave; the middle fields of a `Trial`."""

    value: float | None
    true_value: float | None
    test_value: float | None
    status: TrialStatus
    error: str | None
    cost: float
    fidelity: int
    observations: str | None


class NotFinite(ValueError):
    """The objective returned something that cannot be compared."""


def never(step: float, value: float) -> bool:
    """What stops no trial."""
    return False


def evaluate(
    problem: Problem, config: Config, rng: Generator, should_stop: Callable[[float, float], bool] = never
) -> Result:
    """Observe `config` until the trial is whole or `should_stop(step, value)`; raises only what that raises.

    A pruned trial has the values of its last look. An exception of the objective, or a last value that is not a finite
    number, is a failed trial; a look in between that is not finite is not shown to `should_stop`.
    """
    looks: list[Look] = []
    errors: list[str] = []
    status: TrialStatus = "ok"
    for look in looks_at(problem, config, rng, errors):
        looks.append(look)
        if look.value is not None and should_stop(look.step, look.value) and not is_whole(look.step):
            status = "pruned"
            break
    cost = looks[-1].step if looks else 0.0
    if errors or not looks or looks[-1].value is None:
        error = errors[0] if errors else str(not_finite(looks))
        return Result(None, None, None, "failed", error, cost, len(looks), learning_curve(looks))
    last = looks[-1]
    shown = last.evaluation
    return Result(last.value, shown.true_value, shown.test_value, status, None, cost, len(looks), learning_curve(looks))


def looks_at(problem: Problem, config: Config, rng: Generator, errors: list[str]) -> Iterator[Look]:
    """The looks of a trial. What the objective raises ends them, and its traceback is appended to `errors`."""
    step = 0.0
    try:
        for evaluation in problem.observe(config, rng):
            step += evaluation.cost
            yield Look(evaluation, step, number_or_none(evaluation.value))
    except Exception:  # noqa: BLE001  the other place: a failed objective is a failed trial, told as None
        errors.append(traceback.format_exc())


def not_finite(looks: Sequence[Look]) -> NotFinite:
    """Why a trial without an exception has failed."""
    if not looks:
        return NotFinite("the problem showed nothing")
    return NotFinite(f"the value is {looks[-1].evaluation.value!r:.100}, not a finite number")


def number_or_none(value: object) -> float | None:
    """`value` as a float, or None where it is not a finite real number."""
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def learning_curve(looks: Sequence[Look]) -> str | None:
    """The looks as JSON `[[value, test_value, step], …]`, null for what is not finite; None for a single whole look."""
    if not looks or (len(looks) == 1 and is_whole(looks[0].step)):
        return None
    return encode([[look.value, number_or_none(look.evaluation.test_value), look.step] for look in looks])


def stored_looks(trial: Trial) -> Iterator[tuple[float, float]]:
    """Step and value of the looks of `trial` that a pruner was shown."""
    if trial.observations is not None:
        yield from ((step, value) for value, _, step in json.loads(trial.observations) if value is not None)
    elif trial.value is not None:
        yield trial.cost, trial.value
