"""The contract that every pruner keeps, as checks without a test framework: for this project and for third parties.

A check is called as `check(make)`, where `make()` returns a fresh pruner, and raises `ContractViolation` with the rule,
what happened, and the remedy.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from problems.contracts import ContractViolation
from strategies.pruners.base import Pruner, is_whole

Make: TypeAlias = Callable[[], Pruner]
Look: TypeAlias = tuple[float, float]  # step, value
Trial: TypeAlias = Sequence[Look]


def falling(end: float, looks: int, start: float = 1.0) -> list[Look]:
    """A learning curve that falls from `start` to `end` in `looks` looks, quickly at first."""
    return [(look / looks, end + (start - end) * math.exp(-5.0 * look / looks)) for look in range(1, looks + 1)]


def some_trials(count: int = 40) -> list[list[Look]]:
    """Learning curves of 1 to 30 looks with ends scattered over (0, 1): those of a search that learns nothing."""
    return [falling((number * 0.61803) % 1.0, (10, 2, 30, 1, 7, 3)[number % 6]) for number in range(count)]


def show(pruner: Pruner, proposal_id: int, trial: Trial) -> int:
    """Show a trial until it is stopped; how many looks were taken."""
    for number, (step, value) in enumerate(trial, start=1):
        if pruner.should_stop(proposal_id, step, value):
            return number
    return len(trial)


def check_same_looks_same_decisions(make: Make) -> None:
    """Two fresh pruners that are shown the same looks decide the same."""
    first, second = ([show(pruner, i, trial) for i, trial in enumerate(some_trials())] for pruner in (make(), make()))
    if first != second:
        raise ContractViolation(
            "same looks, same decisions", f"stops were {first}, then {second}", "use no clock and no random numbers"
        )


def check_whole_trials_are_not_stopped(make: Make) -> None:
    """At full fidelity there is nothing left to save."""
    pruner = make()
    for number, trial in enumerate(some_trials()):
        for step, value in trial:
            if pruner.should_stop(number, step, value):
                if is_whole(step):
                    raise ContractViolation(
                        "a whole trial is not stopped", f"trial {number} was, at step {step}", "return False at step 1"
                    )
                break


def check_the_first_trial_is_not_stopped(make: Make) -> None:
    """With nothing to compare with, a trial goes on, whatever its curve looks like."""
    rising = [(look / 20, look / 20) for look in range(1, 21)]
    flat = [(look / 20, 1.0) for look in range(1, 21)]
    for trial in (falling(0.5, 20), rising, flat):
        taken = show(make(), 0, trial)
        if taken < len(trial):
            raise ContractViolation(
                "the first trial is not stopped", f"it was after {taken} looks", "wait for a trial to compare with"
            )


def check_the_best_so_far_is_not_stopped(make: Make) -> None:
    """A trial that lies below everything seen before, at each of its looks, is taken to its end."""
    pruner = make()
    for number, trial in enumerate(some_trials()):
        if number % 5 != 4:
            show(pruner, number, trial)
            continue
        winner = [(step, value - 10.0 * number) for step, value in falling(0.0, 10)]
        taken = show(pruner, number, winner)
        if taken < len(winner):
            raise ContractViolation(
                "the best so far is not stopped", f"trial {number} was after {taken} looks", "compare before you stop"
            )


def check_several_under_way(make: Make) -> None:
    """The looks of several trials may come mixed."""
    pruner = make()
    trials = dict(enumerate(falling(0.1 * number, 10) for number in range(8)))
    for look in range(10):
        for number in reversed(list(trials)):
            if pruner.should_stop(number, *trials[number][look]):
                del trials[number]
    if 0 not in trials:
        raise ContractViolation("the best so far is not stopped", "it was, among others", "keep trials apart by id")


def check_numbers_may_be_missing(make: Make) -> None:
    """Trials may fail before their first look or in the middle: numbers are missing, and curves have no end."""
    pruner = make()
    for number, trial in enumerate(some_trials()):
        if number % 3 != 1:
            show(pruner, 2 * number, trial if number % 4 else trial[: len(trial) // 2])


def check_extreme_values(make: Make) -> None:
    """Values as large as 1e300, of either sign, are values like others; so are equal ones."""
    for values in ((1e300, -1e300), (0.0, 0.0), (1e300, 1e300)):
        pruner = make()
        for number in range(12):
            show(pruner, number, [(look / 10, values[(number + look) % 2]) for look in range(1, 11)])


Check: TypeAlias = Callable[[Make], None]
CHECKS: tuple[Check, ...] = (
    check_same_looks_same_decisions,
    check_whole_trials_are_not_stopped,
    check_the_first_trial_is_not_stopped,
    check_the_best_so_far_is_not_stopped,
    check_several_under_way,
    check_numbers_may_be_missing,
    check_extreme_values,
)


def rules() -> Mapping[str, str]:
    """Name of each check -> the rule that it checks, in one sentence."""
    return {check.__name__: (check.__doc__ or "").splitlines()[0] for check in CHECKS}


def violations(make: Make) -> Iterator[tuple[str, ContractViolation | None]]:
    """Run every check; the name of each with what it found, or None."""
    for check in CHECKS:
        try:
            check(make)
        except ContractViolation as violation:
            yield check.__name__, violation
        else:
            yield check.__name__, None
