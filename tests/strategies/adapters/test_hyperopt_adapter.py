"""The adapter does with failures and integers what it says; its trials are in `test_native_loops.py`."""

import hyperopt
import numpy as np
import pytest

from problems.space import Int, SearchSpace
from strategies.registry import strategy_entry
from strategies.testing import SPACES, search
from tests.strategies.adapters.native import spaces
from tests.strategies.adapters.native.loops import LOOPS

SPACE = spaces.SPACES["mixed"]
TRIALS = 40  # TPE begins after 20
HYPEROPT = pytest.mark.parametrize("name", [name for name in LOOPS if name.startswith("hyperopt-")])


def make(name, space=SPACE, budget=TRIALS):
    return strategy_entry(name).make(space, budget=budget, rng=np.random.default_rng(5))


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
