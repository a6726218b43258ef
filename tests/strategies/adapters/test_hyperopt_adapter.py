"""The adapter finds exactly the trials of `hyperopt.fmin`, and does with failures what it says."""

import math

import hyperopt
import numpy as np
import pytest
from hyperopt import hp

from problems.space import Categorical, Float, Int, SearchSpace
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
NATIVE = {
    "rate": hp.loguniform("rate", math.log(1e-5), math.log(1)),
    "width": hp.qloguniform("width", math.log(15.5), math.log(256.5), 1),
    "layers": hp.quniform("layers", 0.5, 4.5, 1),
    "momentum": hp.uniform("momentum", 0, 0.999),
    "activation": hp.choice("activation", ["relu", "gelu", "silu"]),
}
TRIALS = 40  # TPE begins after 20
ALGORITHMS = {
    "hyperopt-tpe": hyperopt.tpe.suggest,
    "hyperopt-anneal": hyperopt.anneal.suggest,
    "hyperopt-random": hyperopt.rand.suggest,
}
HYPEROPT = pytest.mark.parametrize("name", ALGORITHMS)


def make(name, space=SPACE, budget=TRIALS):
    return strategy_entry(name).make(space, budget=budget, rng=np.random.default_rng(5))


def fmin_configs(name, fails):
    configs = []

    def objective(drawn):
        config = {p.name: int(drawn[p.name]) if isinstance(p, Int) else drawn[p.name] for p in SPACE}
        configs.append(config)
        if fails(len(configs) - 1):
            return {"status": hyperopt.STATUS_FAIL}
        return bowl(SPACE, 0, config)

    hyperopt.fmin(
        objective,
        NATIVE,
        algo=ALGORITHMS[name],
        max_evals=TRIALS,
        rstate=np.random.default_rng(5),
        show_progressbar=False,
        verbose=False,
    )
    return configs


@HYPEROPT
@pytest.mark.parametrize("fails", [lambda number: False, lambda number: number % 3 == 1], ids=["succeed", "some fail"])
def test_same_trials_as_fmin(name, fails):
    def objective(space, number, config):
        return None if fails(number) else bowl(space, number, config)

    assert search(make(name), objective, trials=TRIALS) == fmin_configs(name, fails)


@HYPEROPT
@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_every_space_is_searched_beyond_the_random_trials(name, space):
    configs = search(make(name, space, 26), trials=26, pending=2)
    assert len(configs) == 26


@HYPEROPT
def test_all_failed_beyond_the_random_trials(name):
    assert len(search(make(name), lambda space, number, config: None, trials=26)) == 26


@HYPEROPT
def test_a_failed_trial_has_hyperopts_status(name):
    strategy = make(name)
    strategy.tell(strategy.ask(), None)
    assert strategy._trials.statuses() == [hyperopt.STATUS_FAIL]


@pytest.mark.parametrize("log", [False, True])
def test_the_end_values_of_integers_are_as_likely_as_in_our_space(log):
    space = SearchSpace((Int("x", 1, 4, log=log),))
    rng = np.random.default_rng(1)
    ours = [space.sample(rng)["x"] for _ in range(1000)]
    theirs = [config["x"] for config in search(make("hyperopt-random", space, 1000), trials=1000)]
    for value in range(1, 5):
        assert theirs.count(value) / 1000 == pytest.approx(ours.count(value) / 1000, abs=0.06)


@HYPEROPT
def test_no_argument_deviates(name):
    assert strategy_entry(name).load().deviations == {}
