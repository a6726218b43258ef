"""The adapter finds exactly the trials of Optuna's own loop, and does with failures what it says."""

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.base import Exhausted
from strategies.grid_search import balanced_levels
from strategies.registry import strategy_entry
from strategies.testing import SPACES, bowl, search

SPACE = SearchSpace(
    (
        Float("rate", 1e-5, 1, log=True),
        Int("width", 16, 256, log=True),
        Int("layers", 1, 4),
        Float("momentum", 0, 0.999),
        Categorical("activation", ("relu", "gelu", "silu")),
    )
)
TRIALS = 20
SAMPLERS = {
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "optuna-tpe-independent": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=False),
    "optuna-gp": lambda seed: optuna.samplers.GPSampler(seed=seed),
    "optuna-cmaes": lambda seed: optuna.samplers.CmaEsSampler(seed=seed),
    "optuna-qmc": lambda seed: optuna.samplers.QMCSampler(seed=seed),
    "optuna-random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "optuna-grid": lambda seed: optuna.samplers.GridSampler(grid_axes(), seed=seed),
}
OPTUNA = pytest.mark.parametrize("name", SAMPLERS)


def grid_axes():
    grid = SPACE.grid(balanced_levels(SPACE, TRIALS))
    return {name: list(axis) for name, axis in zip(grid.names, grid.axes, strict=True)}


def make(name, space=SPACE, budget=TRIALS):
    return strategy_entry(name).make(space, budget=budget, rng=np.random.default_rng(5))


@OPTUNA
@pytest.mark.filterwarnings("ignore:QMCSampler is experimental")
def test_same_trials_as_study_optimize(name):
    def objective(trial):
        config = {
            "rate": trial.suggest_float("rate", 1e-5, 1, log=True),
            "width": trial.suggest_int("width", 16, 256, log=True),
            "layers": trial.suggest_int("layers", 1, 4),
            "momentum": trial.suggest_float("momentum", 0, 0.999),
            "activation": trial.suggest_categorical("activation", ("relu", "gelu", "silu")),
        }
        return bowl(SPACE, trial.number, config)

    study = optuna.create_study(sampler=SAMPLERS[name](int(np.random.default_rng(5).integers(2**31))))
    study.optimize(objective, n_trials=TRIALS)
    assert search(make(name), trials=TRIALS) == [trial.params for trial in study.trials]


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
