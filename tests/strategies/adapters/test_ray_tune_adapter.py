"""The adapter finds exactly the trials of Ray's own searchers, and does with failures what it says."""

import numpy as np
import pytest
from numpy.random import RandomState
from ray import tune
from ray.tune.search.bayesopt import BayesOptSearch
from ray.tune.search.hyperopt import HyperOptSearch
from ray.tune.search.optuna import OptunaSearch
from ray.tune.search.variant_generator import generate_variants

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
    "rate": tune.loguniform(1e-5, 1),
    "width": tune.lograndint(16, 257),
    "layers": tune.randint(1, 5),
    "momentum": tune.uniform(0, 0.999),
    "activation": tune.choice(["relu", "gelu", "silu"]),
}
SEED = int(np.random.default_rng(5).integers(2**31))
TRIALS = 25  # hyperopt's model begins after 20, the others' after 10


def made(name: str, space: SearchSpace = SPACE, budget: int = TRIALS):
    return strategy_entry(name).make(space, budget=budget, rng=np.random.default_rng(5))


def as_tune_does(searcher, space, decoded):
    """Suggest, evaluate, complete: the configs."""
    searcher.set_search_properties("value", "min", space)
    configs = []
    for number in range(TRIALS):
        config = decoded(searcher.suggest(f"trial-{number}"))
        configs.append(config)
        searcher.on_trial_complete(f"trial-{number}", {"value": bowl(SPACE, number, config)})
    return configs


def with_integers(suggestion):
    return {p.name: int(suggestion[p.name]) if isinstance(p, Int) else suggestion[p.name] for p in SPACE}


@pytest.mark.parametrize(
    ("name", "searcher"),
    [
        ("ray-optuna", lambda: OptunaSearch(metric="value", mode="min", seed=SEED)),
        ("ray-hyperopt", lambda: HyperOptSearch(metric="value", mode="min", random_state_seed=SEED)),
    ],
)
def test_the_same_trials_as_the_searcher_itself(name, searcher):
    assert search(made(name), trials=TRIALS) == as_tune_does(searcher(), NATIVE, with_integers)


def test_bayesopt_on_the_unit_cube():
    native = as_tune_does(
        BayesOptSearch(metric="value", mode="min", random_state=SEED),
        {name: tune.uniform(0, 1) for name in SPACE.names},
        lambda suggestion: SPACE.from_unit([float(suggestion[name]) for name in SPACE.names]),
    )
    assert search(made("ray-bayesopt"), trials=TRIALS) == native


def test_random_is_what_tune_draws_without_a_searcher():
    stream = RandomState(SEED)
    native = [next(generate_variants(NATIVE, random_state=stream))[1] for _ in range(TRIALS)]
    assert search(made("ray-random"), trials=TRIALS) == native


def test_bayesopt_gives_up_as_it_says():
    """A failure among the first ten, and it waits for an eleventh value for ever."""
    configs = search(
        made("ray-bayesopt"), lambda space, n, config: None if n == 3 else bowl(space, n, config), trials=20
    )
    assert len(configs) == 10


@pytest.mark.parametrize("name", ["ray-optuna", "ray-hyperopt"])
def test_the_others_go_on_after_failures(name):
    configs = search(made(name), lambda space, n, config: None if n % 3 else bowl(space, n, config), trials=TRIALS)
    assert len(configs) == TRIALS


@pytest.mark.parametrize("name", ["ray-optuna", "ray-hyperopt", "ray-bayesopt", "ray-random"])
def test_ends_of_ranges_are_drawn(name):
    space = SearchSpace((Int("n", 1, 3), Int("m", 1, 2, log=True)))
    strategy = made(name, space, budget=60)
    drawn = [tuple(strategy.ask().config.values()) for _ in range(10 if name == "ray-bayesopt" else 60)]
    assert {n for n, _ in drawn} == {1, 2, 3}
    assert {m for _, m in drawn} == {1, 2}


def test_names_with_slashes():
    space = SearchSpace((Float("model/rate", 0, 1), Float("rate", 0, 1)))
    assert list(search(made("ray-optuna", space), trials=1)[0]) == ["model/rate", "rate"]


def test_a_space_of_one_config():
    assert search(made("ray-optuna", SPACES["one value each"]), trials=2) == [{"x": 2.0, "y": 1, "z": None}] * 2
