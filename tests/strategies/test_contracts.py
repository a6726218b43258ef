"""Every registered strategy keeps every rule of the contract; a new one is tested as soon as it is in the table."""

import json
import os
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from problems.contracts import ContractViolation
from strategies.base import Card, Exhausted, Proposal, Strategy
from strategies.random_search import RandomSearch
from strategies.registry import StrategyEntry, strategies
from strategies.testing import CHECKS, SPACES, rules, search, violations

ROOT = Path(__file__).parents[2]
# Where the model takes up to a second for every trial: one of its trials within the budget of the checks.
SHORTENED = {
    "ax": {"initialization_budget": 11},
    "smac": {"trees": 1, "challengers": 50, "local_searches": 1},  # a model for every eighth trial all the same
}
AVAILABLE = {name: entry for name, entry in strategies().items() if entry.needs.missing() is None}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
@pytest.mark.parametrize("name", strategies())
def test_contract(name, check):
    entry = strategies()[name]
    if missing := entry.needs.missing():
        pytest.skip(missing)
    check(shortened(entry).make, min_dim=entry.min_dim)


def shortened(entry):
    return replace(entry, options=entry.options | SHORTENED.get(entry.name, {}))


def configs_by_name(names):
    """What each strategy proposes on the mixed space, as text: `1`, `1.0` and `True` differ."""
    return {
        name: repr(search(shortened(AVAILABLE[name]).make(SPACES["mixed"], budget=12, rng=np.random.default_rng(15))))
        for name in names
    }


def test_a_fresh_process_gives_the_same_configs():
    expected = configs_by_name(AVAILABLE)
    # Another hash seed, and the strategies in another order: neither may matter.
    code = (
        "import json; from tests.strategies.test_contracts import AVAILABLE, configs_by_name; "
        "print(json.dumps(configs_by_name(reversed(AVAILABLE))))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == expected
    assert done.stderr == ""  # no library chatters


def test_every_check_states_its_rule():
    assert all(rule.endswith(".") for rule in rules().values())
    assert len(rules()) == len(CHECKS)


class Broken(RandomSearch):
    """A base for strategies that break one rule each."""


class NumpyValues(Broken):
    def ask(self):
        config = self.space.sample(self.rng)
        return self.propose({k: np.float64(v) if isinstance(v, float) else v for k, v in config.items()})


class SameId(Broken):
    def ask(self):
        return Proposal(0, self.space.sample(self.rng))


class OwnStream(Broken):
    def ask(self):
        return self.propose(self.space.sample(np.random.default_rng()))


class GlobalStream(Broken):
    def ask(self):
        return self.propose(self.space.from_unit(np.random.random(len(self.space))))  # noqa: NPY002


class OnePending(Broken):
    pending = False

    def ask(self):
        if self.pending:
            raise RuntimeError("one at a time")
        self.pending = True
        return super().ask()

    def tell(self, proposal, value):
        self.pending = False


class NoFailures(Broken):
    def tell(self, proposal, value):
        float(value)


class Squares(Broken):
    def tell(self, proposal, value):
        if value is not None:
            value**2


class Divides(Broken):
    best = None

    def tell(self, proposal, value):
        if value is not None and self.best is not None:
            1 / (value - self.best)
        self.best = value


class Recovers(Broken):
    asked = 0

    def ask(self):
        self.asked += 1
        if self.asked == 9:
            raise Exhausted("for now")
        return super().ask()


class RepeatsTold(Broken):
    last = None

    def ask(self):
        return super().ask() if self.last is None else self.propose(self.last)

    def tell(self, proposal, value):
        self.last = proposal.config


class ClosesTwice(Broken):
    def close(self):
        raise RuntimeError("no")


class OddBudgets(Broken):
    def __init__(self, space, *, budget, rng):
        super().__init__(space, budget=budget, rng=rng)
        self.left = budget // 2 * 2

    def ask(self):
        if self.left == 0:
            raise Exhausted("budget")
        self.left -= 1
        return super().ask()


class ForgetsGiven(Broken):
    takes_given = True
    adopt = Strategy.adopt


class DrawsAtGiven(Broken):
    takes_given = True

    def adopt(self, config, value):
        self.rng = np.random.default_rng()


class Silent(Broken):
    card = Card(initial_design="none")


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (NumpyValues, "check_configs_are_valid"),
        (OddBudgets, "check_every_budget_works"),
        (SameId, "check_ids_are_distinct"),
        (OwnStream, "check_same_stream_same_configs"),
        (GlobalStream, "check_global_random_state_untouched"),
        (GlobalStream, "check_same_stream_same_configs"),
        (OnePending, "check_several_pending"),
        (NoFailures, "check_failures"),
        (Squares, "check_extreme_values"),
        (Divides, "check_constant_values"),
        (Recovers, "check_small_space"),
        (RepeatsTold, "check_nothing_shared"),
        (ClosesTwice, "check_close"),
        (ForgetsGiven, "check_given_trials"),
        (DrawsAtGiven, "check_given_trials"),
        (Silent, "check_card"),
    ],
)
def test_each_check_finds_what_it_is_for(broken: type[Strategy], check: str):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dict(violations(broken))[check]
    assert isinstance(found, ContractViolation)
    assert str(found).count(";") >= 2  # the rule, what happened, the remedy


def test_what_a_library_draws_on_import_is_not_held_against_its_strategy(tmp_path, monkeypatch):
    (tmp_path / "draws_on_import.py").write_text(
        "import random\nfrom strategies.random_search import RandomSearch as Mine\nrandom.random()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = StrategyEntry("mine", "draws_on_import:Mine", "")
    assert dict(violations(entry.make))["check_global_random_state_untouched"] is None


def test_a_good_strategy_violates_nothing():
    assert all(violation is None for _, violation in violations(RandomSearch))
