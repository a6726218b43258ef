"""The adapter does with failures and late values what it says; its trials are in `test_native_loops.py`."""

import numpy as np
import pytest

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.base import Exhausted
from strategies.registry import strategy_entry
from strategies.testing import bowl, search

SPACE = SearchSpace(
    (
        Float("rate", 1e-5, 1, log=True),
        Int("width", 16, 256, log=True),
        Int("layers", 1, 4),
        Categorical("activation", ("relu", "gelu", "silu")),
    )
)
SQUARE = SearchSpace((Float("x", 0, 1), Float("y", 0, 1)))
GENERATION = 6  # 4 + ⌊3 log 2⌋


def made(space=SPACE, seed=5):
    return strategy_entry("cmaes").make(space, budget=50, rng=np.random.default_rng(seed))


def test_a_failed_trial_counts_as_the_worst():
    def every_third(value):
        return lambda space, n, config: value if n % 3 == 0 else bowl(space, n, config)

    assert search(made(), every_third(None), trials=30) == search(made(), every_third(1e300), trials=30)


def test_what_is_told_after_its_generation_is_left_out():
    on_time, late = made(SQUARE), made(SQUARE)
    for strategy, more in ((on_time, 0), (late, 2)):
        proposals = [strategy.ask() for _ in range(GENERATION + more)]
        for proposal in proposals[:GENERATION]:
            strategy.tell(proposal, bowl(SQUARE, 0, proposal.config))
        for proposal in proposals[GENERATION:]:
            strategy.tell(proposal, -1.0)
    assert np.array_equal(on_time._optimizer.mean, late._optimizer.mean)


@pytest.mark.parametrize("space", [SQUARE, SearchSpace((Float("x", -5, 10),))], ids=["two parameters", "one parameter"])
def test_it_converges_to_the_optimum_and_then_ends(space):
    strategy = made(space)
    configs = search(strategy, trials=2000)
    assert len(configs) < 2000
    assert bowl(space, 0, configs[-1]) < 1e-12
    with pytest.raises(Exhausted, match="converged"):
        strategy.ask()


def test_a_search_in_which_every_trial_fails_goes_on():
    assert len(search(made(SQUARE), lambda space, n, config: None, trials=300)) == 300


def test_a_range_of_one_value_stays_and_is_not_searched():
    space = SearchSpace((Float("x", 0, 1), Float("fixed", 3, 3), Float("y", 0, 1)))
    configs = search(made(space), trials=20)
    assert {config["fixed"] for config in configs} == {3.0}
    assert [{"x": c["x"], "y": c["y"]} for c in configs] == search(made(SQUARE), trials=20, objective=without(space))


def without(space):
    """The objective on the whole space, for configs that lack its fixed parameter."""
    return lambda _space, n, config: bowl(space, n, {"fixed": 3.0, **config})
