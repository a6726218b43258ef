"""Every registered pruner keeps every rule of the contract, and each check finds what it is for."""

import itertools

import pytest

from problems.contracts import ContractViolation
from strategies.pruners.base import NoPruner, Pruner
from strategies.pruners.registry import TABLE, pruner_entry, pruners
from strategies.pruners.testing import CHECKS, rules, show, some_trials, violations


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
@pytest.mark.parametrize("name", pruners())
def test_contract(name, check):
    entry = pruners()[name]
    if missing := entry.needs.missing():
        pytest.skip(missing)
    check(entry.make)


def turning(trial):
    """The same curve, which does not fall below half of its first value, and rises again in its second half."""
    rest = 0.5 * trial[0][1]
    return [(step, max(value, rest) + max(0.0, step - 0.5)) for step, value in trial]


@pytest.mark.parametrize("name", pruners())
def test_every_entry_names_its_source_and_all_but_none_stop_something(name):
    entry = pruner_entry(name)
    if missing := entry.needs.missing():
        pytest.skip(missing)
    assert entry.load().reference
    assert all(argument and why for argument, why in entry.load().deviations.items())
    pruner = entry.make()
    trials = [turning(trial) for trial in some_trials()]
    taken = [show(pruner, number, trial) for number, trial in enumerate(trials)]
    saved = sum(1 - looks / len(trial) for looks, trial in zip(taken, trials, strict=True))
    assert (saved > 0) == (name != "none")


def test_names_are_distinct_and_summaries_short():
    assert len({entry.name for entry in TABLE}) == len(TABLE)
    assert all(0 < len(entry.summary) < 60 for entry in TABLE)
    assert all(rule.endswith(".") for rule in rules().values())


def test_an_unknown_pruner_suggests_the_nearest():
    with pytest.raises(KeyError, match=r"unknown pruner .hyperbnad.; did you mean .*hyperband"):
        pruner_entry("hyperbnad")


class Random(Pruner):
    calls = itertools.count()

    def should_stop(self, proposal_id, step, value):
        return next(self.calls) % 7 == 0 and step < 1


class StopsWhole(Pruner):
    def should_stop(self, proposal_id, step, value):
        return step == 1.0


class StopsAtOnce(Pruner):
    def should_stop(self, proposal_id, step, value):
        return step > 0.7 and step < 1


class HalvesEvery(Pruner):
    """Stops every fifth trial halfway, good or bad."""

    def should_stop(self, proposal_id, step, value):
        return proposal_id % 5 == 4 and 0.5 <= step < 1


class CountsFromZero(Pruner):
    def __init__(self):
        self.best = []

    def should_stop(self, proposal_id, step, value):
        if proposal_id == len(self.best):
            self.best.append(value)
        self.best[proposal_id] = min(value, self.best[proposal_id])
        return False


class Divides(Pruner):
    last = 0.0

    def should_stop(self, proposal_id, step, value):
        ratio = (self.last - value) / (abs(self.last) + abs(value))
        self.last = value
        return ratio > 2


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (Random, "check_same_looks_same_decisions"),
        (StopsWhole, "check_whole_trials_are_not_stopped"),
        (StopsAtOnce, "check_the_first_trial_is_not_stopped"),
        (HalvesEvery, "check_the_best_so_far_is_not_stopped"),
    ],
)
def test_each_check_finds_what_it_is_for(broken: type[Pruner], check: str):
    found = dict(violations(broken))[check]
    assert isinstance(found, ContractViolation)
    assert str(found).count(";") >= 2  # the rule, what happened, the remedy


@pytest.mark.parametrize(
    ("broken", "check"), [(CountsFromZero, "check_numbers_may_be_missing"), (Divides, "check_extreme_values")]
)
def test_what_a_pruner_raises_is_found_too(broken: type[Pruner], check: str):
    with pytest.raises((IndexError, ZeroDivisionError)):
        next(each for each in CHECKS if each.__name__ == check)(broken)


def test_a_good_pruner_violates_nothing():
    assert all(violation is None for _, violation in violations(NoPruner))
