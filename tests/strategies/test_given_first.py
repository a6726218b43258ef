"""First trials that are given: every strategy gets the same ones, and those that learn, learn from them."""

import numpy as np
import pytest

from bench.records import RunKey, Trial
from bench.run import execute
from problems.space import Float, SearchSpace
from strategies.given_first import GivenFirst
from strategies.registry import strategies, strategy_entry
from strategies.testing import bowl, search
from tests.strategies.test_contracts import AVAILABLE

SPACE = SearchSpace((Float("x", 0, 1), Float("y", 0, 1)))
LEARNERS = [
    name
    for name, entry in AVAILABLE.items()
    if entry.load().takes_given and not any(word in name for word in ("grid", "random", "qmc", "sobol", "lhs"))
]


class Collected:
    """A sink that keeps the trials."""

    def __init__(self) -> None:
        self.trials: list[Trial] = []

    def begin(self, setting: object) -> None:
        pass

    def add(self, trial: Trial) -> None:
        self.trials.append(trial)


def configs(strategy: str, *, seed: int = 3, budget: int = 16) -> list[str]:
    sink = Collected()
    assert execute(RunKey("ackley", 2, seed, strategy, seed, budget), (), sink).error is None
    return [trial.config for trial in sink.trials]


def test_all_are_given_the_same_trials_and_then_search_on_their_own():
    found = {name: configs(f"{name}@10") for name in ("random", "sobol", "gp", "optuna-tpe", "grid")}
    assert len({tuple(trace[:10]) for trace in found.values()}) == 1
    assert len({tuple(trace[10:]) for trace in found.values()}) == len(found)
    assert [len(trace) for trace in found.values()] == [16, 16, 16, 16, 16]


def test_a_multiple_of_the_dimension_and_fewer_trials_are_the_beginning_of_more():
    assert configs("random@2d")[:4] == configs("random@8")[:4] == configs("sobol@4")[:4]


def test_another_seed_is_given_other_trials():
    assert configs("random@4", seed=3)[:4] != configs("random@4", seed=4)[:4]


def test_a_run_that_was_cut_off_goes_on_as_it_would_have():
    whole = Collected()
    key = RunKey("ackley", 2, 0, "gp@6", 0, 14)
    execute(key, (), whole)
    for cut in (3, 9):
        rest = Collected()
        assert execute(key, whole.trials[:cut], rest).status == "done"
        assert [trial.config for trial in rest.trials] == [trial.config for trial in whole.trials[cut:]]


def test_what_is_told_late_is_learned_all_the_same():
    first = [SPACE.sample(np.random.default_rng(number)) for number in range(4)]
    searcher = AVAILABLE["gp"].make(SPACE, budget=10, rng=np.random.default_rng(1))
    strategy = GivenFirst(searcher, first, budget=14)
    assert len(search(strategy, trials=14, pending=6)) == 14


@pytest.mark.parametrize("name", LEARNERS)
def test_a_strategy_that_learns_is_past_its_random_trials_after_many_given_ones(name: str):
    """Who still drew at random would pass with probability 0.011: the median of five below the quarter, twice."""
    for seed in range(2):
        strategy, rng = (
            AVAILABLE[name].make(SPACE, budget=20, rng=np.random.default_rng(seed)),
            np.random.default_rng(9),
        )
        given = [SPACE.sample(rng) for _ in range(21)]
        values = [bowl(SPACE, 0, config) for config in given]
        for config, value in zip(given, values, strict=True):
            strategy.adopt(config, value)
        own = [bowl(SPACE, 0, config) for config in search(strategy, trials=5)]
        strategy.close()
        assert np.median(own) < np.quantile(values, 0.25)


def test_a_strategy_without_a_place_for_given_trials_says_so():
    for name in ("cmaes", "optuna-cmaes", "scipy-de"):
        if name in AVAILABLE:
            assert strategy_entry(f"{name}@5").refusal(2) == f"{name} cannot be given trials that it did not propose"


def test_twice_given_is_refused():
    with pytest.raises(KeyError, match="says twice what it is given"):
        strategy_entry("gp@5@7")


def test_no_name_of_the_table_looks_like_one_that_is_given_trials():
    assert not any("@" in name for name in strategies())


def test_an_own_process_is_given_trials_where_its_hello_says_so():
    assert len(configs("exec:python3 docs/examples/hill_climber.py@5")) == 16
    sink = Collected()
    outcome = execute(RunKey("ackley", 2, 0, "exec:node docs/examples/random_search.js@5", 0, 9), (), sink)
    assert outcome.status == "failed"
    assert 'lacks "adopts": true' in str(outcome.error)
