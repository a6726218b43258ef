"""The control sees the ranges and none of the scales."""

import numpy as np
import pytest

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.linear_scale import LinearScale, linear
from strategies.random_search import RandomSearch
from strategies.registry import strategy_entry
from strategies.testing import search

SPACE = SearchSpace(
    (
        Float("rate", 1e-5, 1.0, log=True),
        Int("width", 16, 256, log=True),
        Float("share", 0.0, 1.0),
        Categorical("kernel", ("rbf", "poly")),
    )
)


def test_only_the_scales_are_gone():
    assert linear(SPACE).parameters == (
        Float("rate", 1e-5, 1.0),
        Int("width", 16, 256),
        Float("share", 0.0, 1.0),
        Categorical("kernel", ("rbf", "poly")),
    )


def test_draws_are_uniform_on_the_linear_scale():
    strategy = LinearScale(SPACE, budget=2000, rng=np.random.default_rng(0), searcher="random")
    configs = [strategy.ask().config for _ in range(2000)]
    assert np.mean([config["rate"] for config in configs]) == pytest.approx(0.5, abs=0.03)  # 4 standard errors
    assert np.mean([config["width"] for config in configs]) == pytest.approx(136, abs=6.5)
    for config in configs:
        SPACE.validate(config)


@pytest.mark.parametrize("searcher", ["random", "gp"])
def test_it_is_the_searcher_where_nothing_is_logarithmic(searcher: str):
    flat = linear(SPACE)
    ours, plain = (
        search(strategy_entry(name).make(flat, budget=13, rng=np.random.default_rng(1)))
        for name in (f"{searcher}-linear", searcher)
    )
    assert ours == plain


def test_it_closes_its_searcher(monkeypatch: pytest.MonkeyPatch):
    closed = []
    monkeypatch.setattr(RandomSearch, "close", lambda self: closed.append(self))
    LinearScale(SPACE, budget=1, rng=np.random.default_rng(0), searcher="random").close()
    assert len(closed) == 1
