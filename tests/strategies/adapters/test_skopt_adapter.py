"""The adapter finds exactly the trials of `gp_minimize` and `forest_minimize`, and does otherwise only what it says."""

import warnings

import numpy as np
import pytest
import skopt
from skopt.space import Categorical as SkoptCategorical
from skopt.space import Integer, Real

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.registry import strategy_entry
from strategies.testing import bowl, search

SPACE = SearchSpace(
    (
        Float("rate", 1e-5, 1, log=True),
        Int("width", 16, 256, log=True),
        Int("layers", 1, 4),
        Float("momentum", 0, 0.999),
        Categorical("activation", ("relu", "gelu", "silu")),
    )
)
TRIALS = 14  # the model begins after 10
MINIMIZE = {"skopt-gp": skopt.gp_minimize, "skopt-forest": skopt.forest_minimize}
SKOPT = pytest.mark.parametrize("name", MINIMIZE)


def make(name, space=SPACE, budget=TRIALS):
    return strategy_entry(name).make(space, budget=budget, rng=np.random.default_rng(5))


@SKOPT
def test_same_trials_as_minimize(name):
    dimensions = [
        Real(1e-5, 1, prior="log-uniform"),
        Integer(16, 256, prior="log-uniform", transform="normalize"),
        Integer(1, 4),
        Real(0, 0.999),
        SkoptCategorical(["relu", "gelu", "silu"]),
    ]
    configs = []

    def objective(point):
        values = [value.item() if isinstance(value, np.generic) else value for value in point]
        configs.append(dict(zip(SPACE.names, values, strict=True)))
        return bowl(SPACE, 0, configs[-1])

    seed = int(np.random.default_rng(5).integers(2**31))
    MINIMIZE[name](objective, dimensions, n_calls=TRIALS, random_state=seed)
    assert search(make(name), trials=TRIALS) == configs


@SKOPT
def test_pending_points_differ_from_each_other(name):
    strategy = make(name, SearchSpace((Float("x", 0, 1), Float("y", 0, 1))))
    search(strategy, trials=11)
    configs = [strategy.ask().config for _ in range(3)]
    assert len({tuple(config.values()) for config in configs}) == 3


@SKOPT
def test_lying_leaves_the_model_alone(name):
    strategy = make(name)
    search(strategy, trials=10)
    proposals = [strategy.ask() for _ in range(3)]
    assert len(strategy._optimizer.Xi) == 10
    for number, proposal in enumerate(reversed(proposals)):
        strategy.tell(proposal, float(number))
    assert strategy._optimizer.yi[-3:] == [0.0, 1.0, 2.0]


@SKOPT
def test_failures_wait_for_a_success_and_get_the_worst_value(name):
    strategy = make(name)
    for value in (None, None, 4.0, 7.0, None, 9.0):
        strategy.tell(strategy.ask(), value)
    assert strategy._optimizer.yi == [4.0, 4.0, 4.0, 7.0, 7.0, 9.0]


def test_without_normalize_a_forest_proposes_the_upper_bound():
    """The reason for the stated deviation; where this fails, the library was mended, and the deviation can go."""
    optimizer = skopt.Optimizer([Integer(16, 256, prior="log-uniform")], "ET", acq_func="EI", random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(14):
            optimizer.tell(point := optimizer.ask(), float(point[0]))
    assert optimizer._next_x == [256]


@SKOPT
def test_deviations_are_stated(name):
    assert set(strategy_entry(name).load().deviations) == {
        "failed trials",
        "values",
        "one-value ranges",
        "transform",
        "model_queue_size",
    }
