"""One trial: a config is looked at until it is whole, fails, or is stopped by a pruner."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from numpy.random import Generator

from bench.reasons import current_traceback
from bench.records import Trial, TrialStatus
from bench.visible import in_a_few_words
from problems.base import Evaluation, Problem
from problems.space import Config
from strategies.pruners.base import is_whole

ShouldStop: TypeAlias = Callable[[float, float], bool]  # of step and value

encode = json.JSONEncoder(allow_nan=False).encode


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


class PrunerFailed(Exception):
    """A pruner raised: that ends its run, and is no fault of the objective."""


def evaluate(problem: Problem, config: Config, rng: Generator, should_stop: ShouldStop | None = None) -> Result:
    """Observe `config` until the trial is whole or `should_stop(step, value)`; raises `PrunerFailed` alone.

    A pruned trial has the values of its last look. An exception of the objective (also one that asks to end the
    process), or a last look that is not of finite numbers, is a failed trial; a value in between that is not finite is
    not shown to `should_stop`.
    """
    looks: list[Evaluation] = []
    status: TrialStatus = "ok"
    try:
        observed = map(usable, problem.observe(config, rng))
        if should_stop is None:
            looks.extend(observed)
        elif is_stopped(observed, looks, should_stop):
            status = "pruned"
        if not looks:
            raise NotFinite("the problem yielded nothing, not one look")
        last = looks[-1]
        value = finite(last.value)
        true_value = None if last.true_value is None else finite(last.true_value, "true value")
        test_value = None if last.test_value is None else finite(last.test_value, "test value")
    except PrunerFailed:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  the other place: a failed objective is a failed trial
        reason = str(error) if isinstance(error, NotFinite) else current_traceback()
        return Result(None, None, None, "failed", reason, cost_of(looks), len(looks), learning_curve(looks))
    cost = float(last.cost) if len(looks) == 1 else cost_of(looks)
    return Result(value, true_value, test_value, status, None, cost, len(looks), learning_curve(looks))


def usable(look: Evaluation) -> Evaluation:
    """`look`, which must be one; raises `NotFinite` where it is none, or its cost cannot be added up."""
    if not isinstance(look, Evaluation):
        raise NotFinite(f"the problem yielded {in_a_few_words(look)}, not an Evaluation")
    if finite(look.cost, "cost") < 0:
        raise NotFinite(f"the cost is {in_a_few_words(look.cost)}, not a share of a full trial")
    return look


def is_stopped(observed: Iterator[Evaluation], looks: list[Evaluation], should_stop: ShouldStop) -> bool:
    """Append to `looks` what is observed; true as soon as `should_stop` says so of a trial that is not whole."""
    step = 0.0
    for look in observed:
        looks.append(look)
        step += look.cost
        value = number_or_none(look.value)
        if value is None:
            continue
        try:
            stop = should_stop(step, value)
        except Exception as error:
            raise PrunerFailed(f"{type(error).__name__}: {error}") from error
        if stop and not is_whole(step):
            return True
    return False


def finite(value: object, name: str = "value") -> float:
    """`value` as a float; raises `NotFinite` unless it is a finite real number."""
    number = number_or_none(value)
    if number is None:
        raise NotFinite(f"the {name} is {in_a_few_words(value)}, not a finite number")
    return number


def number_or_none(value: object) -> float | None:
    """`value` as a float, or None where it is not a finite real number. SQLite knows no -0.0, and neither do we."""
    try:
        return float(value) + 0.0 if isinstance(value, (int, float)) and math.isfinite(value) else None
    except OverflowError:  # an int beyond the floats
        return None


def cost_of(looks: Sequence[Evaluation]) -> float:
    """The share of the trial's full fidelity that was taken: the last step, in the same order of additions."""
    return list(accumulate((look.cost for look in looks), initial=0.0))[-1]


def learning_curve(looks: Sequence[Evaluation]) -> str | None:
    """The looks as JSON `[[value, test_value, step], …]`, null for what is not finite; None for a single whole look.

    Where a look has a train value, that stands fourth; then a single look is worth keeping, too.
    """
    trained = any(look.train_value is not None for look in looks)
    if not looks or (len(looks) == 1 and is_whole(looks[0].cost) and not trained):
        return None
    steps = accumulate(look.cost for look in looks)
    return encode([seen(look, step) for look, step in zip(looks, steps, strict=True)])


def seen(look: Evaluation, step: float) -> list[float | None]:
    """A look as one point of the learning curve."""
    point = [number_or_none(look.value), number_or_none(look.test_value), step]
    return point if look.train_value is None else [*point, number_or_none(look.train_value)]


def stored_looks(trial: Trial) -> Iterator[tuple[float, float]]:
    """Step and value of the looks of `trial` that a pruner was shown."""
    if trial.observations is not None:
        yield from ((step, value) for value, _, step, *_ in json.loads(trial.observations) if value is not None)
    elif trial.value is not None:
        yield trial.cost, trial.value
