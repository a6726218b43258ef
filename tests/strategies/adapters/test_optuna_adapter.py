"""The adapter does with failures and pending trials what it says; its trials are in `test_native_loops.py`."""

import numpy as np
import pytest
from optuna.trial import TrialState

from problems.space import Categorical, Float, SearchSpace
from strategies.base import Exhausted
from strategies.grid_search import balanced_levels
from strategies.registry import strategy_entry
from strategies.testing import SPACES, search
from tests.strategies.adapters.native import spaces
from tests.strategies.adapters.native.loops import LOOPS

SPACE = spaces.SPACES["mixed"]
TRIALS = 20
OPTUNA = pytest.mark.parametrize("name", [name for name in LOOPS if name.startswith("optuna-")])


def make(name, space=SPACE, budget=TRIALS):
    return strategy_entry(name).make(space, budget=budget, rng=np.random.default_rng(5))


@OPTUNA
def test_a_failed_trial_is_a_fail(name):
    strategy = make(name)
    strategy.tell(strategy.ask(), None)
    strategy.tell(strategy.ask(), 1.0)
    assert [trial.state for trial in strategy._study.trials] == [TrialState.FAIL, TrialState.COMPLETE]


@pytest.mark.parametrize("name", ["optuna-tpe", "optuna-tpe-independent", "optuna-gp"])
def test_a_pending_trial_is_avoided(name):
    """Both have a constant liar: two asks after the random trials differ."""
    strategy = make(name, SPACES["two floats"])
    search(strategy, trials=15)
    first, second = strategy.ask(), strategy.ask()
    assert first.config != second.config


def test_the_grid_is_that_of_our_own_levels_then_exhausted():
    budget = 30
    strategy = make("optuna-grid", budget=budget)
    configs = search(strategy, trials=budget)
    grid = list(SPACE.grid(balanced_levels(SPACE, budget)))
    assert sorted(map(repr, configs)) == sorted(map(repr, grid))
    with pytest.raises(Exhausted, match="24 points"):
        strategy.ask()


def test_equal_choices_of_different_type_are_told_apart():
    space = SearchSpace((Categorical("c", (1, True, 1.0, "1")),))
    assert {repr(config["c"]) for config in search(make("optuna-tpe", space, 40), trials=40)} == {
        "1",
        "True",
        "1.0",
        "'1'",
    }


def test_cmaes_refuses_one_numeric_parameter():
    with pytest.raises(ValueError, match="two or more numeric parameters"):
        make("optuna-cmaes", SearchSpace((Float("x", 0, 1), Categorical("c", ("a", "b")))))
    assert strategy_entry("optuna-cmaes").refusal(1) is not None


@pytest.mark.parametrize(
    ("name", "stated"),
    [("optuna-tpe", set()), ("optuna-tpe-independent", {"multivariate"}), ("optuna-gp", {"values"})],
)
def test_deviations_are_stated(name, stated):
    assert set(strategy_entry(name).load().deviations) == stated
