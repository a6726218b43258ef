import math

import numpy as np
import pytest
from scipy.stats import binomtest

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.gp.settings import Settings
from strategies.gp_search import GPSearch
from strategies.random_search import RandomSearch
from strategies.registry import strategies

SQUARE = SearchSpace((Float("x", -5, 10), Float("y", 0, 15)))
MIXED = SearchSpace(
    (Float("rate", 1e-5, 1, log=True), Int("width", 1, 64, log=True), Int("depth", 1, 3), Categorical("c", ("a", "b")))
)


def branin(config):
    x, y = config["x"], config["y"]
    return (
        (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10
    )


def search(space, objective, trials, seed=1, make=GPSearch, **options):
    strategy = make(space, budget=trials, rng=np.random.default_rng(seed), **options)
    configs, values = [], []
    for _ in range(trials):
        proposal = strategy.ask()
        space.validate(proposal.config)
        value = objective(proposal.config)
        strategy.tell(proposal, value)
        configs.append(proposal.config)
        values.append(value)
    return configs, values


@pytest.mark.parametrize(
    "value",
    [
        lambda c: 1.0,
        lambda c: 0.0,
        lambda c: 1e300 * c["rate"],
        lambda c: 1e300 if c["rate"] > 0.1 else c["rate"],
        lambda c: -1e300 if c["depth"] == 2 else 1e300,
        lambda c: None,
        lambda c: None if c["depth"] == 2 else c["rate"],
        lambda c: 1e-300 * c["rate"],
        lambda c: 1e6 + 1e-9 * c["rate"],
    ],
)
def test_odd_values(value):
    configs, _ = search(MIXED, value, 30)
    assert len({tuple(c.values()) for c in configs}) == 30


@pytest.mark.parametrize("acquisition", ["logei", "ei", "ucb", "pi"])
def test_a_tiny_space_is_exhausted_then_the_best_repeated(acquisition):
    space = SearchSpace((Int("x", 0, 3), Categorical("c", ("a", "b", "c")), Float("fixed", 2, 2)))
    configs, _ = search(space, lambda c: abs(c["x"] - 2) + (c["c"] != "b"), 15, acquisition=acquisition)
    assert len({tuple(c.values()) for c in configs[:12]}) == 12
    assert all(c == {"x": 2, "c": "b", "fixed": 2.0} for c in configs[12:])


def test_a_medium_space_without_repeats_to_its_end():
    space = SearchSpace((Int("x", 0, 10), Int("y", 0, 95)))
    settings = Settings(most_trials=20, candidates=32, near=16, climb_steps=1, fit_steps=3, refit_growth=2.0)
    configs, _ = search(space, lambda c: float(c["x"] + c["y"]), 1056, settings=settings)
    assert len({tuple(c.values()) for c in configs}) == 1056


def test_several_pending_asks_look_in_different_places():
    strategy = GPSearch(SQUARE, budget=40, rng=np.random.default_rng(1))
    for _ in range(20):
        proposal = strategy.ask()
        strategy.tell(proposal, branin(proposal.config))
    pending = [strategy.ask() for _ in range(5)]
    points = np.array([SQUARE.to_unit(p.config) for p in pending])
    distances = np.abs(points[:, None] - points[None]).max(axis=2) + np.eye(5)
    assert distances.min() > 1e-3
    for proposal in reversed(pending):
        strategy.tell(proposal, branin(proposal.config))


def test_a_failed_region_is_left():
    configs, _ = search(SQUARE, lambda c: None if c["x"] > 0 else branin(c), 40)
    assert sum(c["x"] > 0 for c in configs[20:]) <= 8


def test_fifty_dimensions():
    space = SearchSpace(tuple(Float(f"x{j}", -1, 1) for j in range(50)))
    _, values = search(space, lambda c: sum(v * v for v in c.values()), 60)
    assert min(values[30:]) < min(values[:16])


def test_more_trials_than_the_model_holds():
    settings = Settings(most_trials=40)
    _, values = search(SQUARE, branin, 120, settings=settings)
    assert min(values) < 0.4


def test_noise_and_duplicates():
    rng = np.random.default_rng(3)
    space = SearchSpace((Int("x", 0, 5), Float("y", 0, 1)))
    _, values = search(space, lambda c: (c["x"] - 2) ** 2 + c["y"] + rng.normal(), 60)
    assert np.isfinite(values).all()


def test_same_stream_same_proposals():
    assert search(SQUARE, branin, 25, seed=4)[0] == search(SQUARE, branin, 25, seed=4)[0]
    assert search(SQUARE, branin, 25, seed=4)[0] != search(SQUARE, branin, 25, seed=5)[0]


@pytest.mark.parametrize("name", ["gp", "gp-logei", "gp-ei", "gp-ucb", "gp-pi"])
def test_beats_random(name):
    """Wins on 6 of 6 seeds: were it no better than random, that would have a probability of 2^-6 < 2 %."""
    wins = 0
    for seed in range(6):
        _, ours = search(SQUARE, branin, 40, seed, strategies()[name].make)
        _, random = search(SQUARE, branin, 40, seed, RandomSearch)
        wins += min(ours) < min(random)
    assert binomtest(wins, 6, alternative="greater").pvalue < 0.02


def test_an_unknown_acquisition_is_named():
    with pytest.raises(ValueError, match="must be one of logei, ei, ucb, pi, got 'thompson'"):
        GPSearch(SQUARE, budget=10, rng=np.random.default_rng(1), acquisition="thompson")


def test_every_name_maximises_its_own_acquisition():
    runs = {}
    for name in ("gp", "gp-logei", "gp-ei", "gp-ucb", "gp-pi"):
        configs, _ = search(SQUARE, branin, 20, make=strategies()[name].make)
        runs[name] = [tuple(config.values()) for config in configs]
    assert runs["gp"] == runs["gp-logei"]
    assert len({tuple(run) for run in runs.values()}) == 4


def test_steps_are_left_after_a_while():
    """A staircase taken for noise would be repeated for ever at its best place: every second ask looks elsewhere."""
    space = SearchSpace((Float("x", 0, 1), Float("y", 0, 1)))
    strategy = GPSearch(space, budget=80, rng=np.random.default_rng(3))
    xs = []
    for _ in range(80):
        proposal = strategy.ask()
        xs.append(space.to_unit(proposal.config))
        strategy.tell(proposal, 1.0 + 0.2 * round(4 * xs[-1][0]))  # flat in y, five steps in x
    late = np.array(xs)[40:]
    new = [np.abs(np.array(xs[: 40 + i]) - point).max(axis=1).min() >= 0.05 for i, point in enumerate(late)]
    assert sum(new) >= 15
