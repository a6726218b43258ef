"""The adapter does with pending and failed trials what it says; its trials are in `test_native_loops.py`."""

import numpy as np
from botorch.models import SingleTaskGP

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.adapters.botorch_adapter import decoded
from strategies.registry import strategy_entry
from strategies.testing import SPACES, bowl, search

SQUARE = SearchSpace((Float("x", 0, 1), Float("y", 0, 1)))
TRIALS = 13  # the model begins after 10


def make(space=SQUARE, budget=TRIALS):
    return strategy_entry("botorch").make(space, budget=budget, rng=np.random.default_rng(5))


def told(strategy, objective, trials):
    """Run `trials` trials one by one."""
    search(strategy, objective, trials=trials)
    return strategy


def test_the_model_finds_the_bowl():
    assert min(bowl(SQUARE, 0, config) for config in search(make(budget=16), trials=16)) < 1e-3


def test_pending_points_differ_from_each_other():
    strategy = told(make(), bowl, 10)
    first, second = (np.array(list(strategy.ask().config.values())) for _ in range(2))
    assert np.abs(first - second).max() > 1e-3


def test_a_failed_trial_counts_as_the_worst(monkeypatch):
    strategy = told(make(), lambda space, number, config: None if number == 4 else float(number), 10)
    assert strategy._told[4][1] is None
    targets = []
    monkeypatch.setattr(
        "strategies.adapters.botorch_adapter.SingleTaskGP", lambda x, y: targets.append(y) or SingleTaskGP(x, y)
    )
    strategy.ask()
    assert targets[0].flatten().tolist() == [0, -1, -2, -3, -9, -5, -6, -7, -8, -9]


def test_the_search_stays_random_until_a_trial_succeeds():
    strategy = told(make(), lambda space, number, config: None, 12)
    strategy.tell(strategy.ask(), 1.0)
    SPACES["two floats"].validate(dict(strategy.ask().config))  # a model of one value, and of failures


def test_columns_are_rounded_to_the_nearest_config():
    space = SearchSpace((Int("n", 1, 4), Categorical("c", ("a", "b", "c")), Float("x", 0, 10)))
    units = decoded(space, np.array([0.49, 0.2, 0.7, 0.6, 0.25]))
    assert units.shape == (1, 3)
    assert space.from_unit(units[0]) == {"n": 2, "c": "b", "x": 2.5}


def test_deviations_are_stated():
    assert set(strategy_entry("botorch").load().deviations) == {
        "loop",
        "integers and choices",
        "failed trials",
        "values",
        "one-value ranges",
    }
