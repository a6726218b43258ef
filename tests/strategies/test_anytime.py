"""Which strategies do not care how large their budget is: the table's word, kept."""

import numpy as np
import pytest

from strategies.registry import strategies
from strategies.testing import SPACES, search

AVAILABLE = {name: entry for name, entry in strategies().items() if entry.needs.missing() is None}
FIRST = 3  # trials: a design that follows from the budget shows by then, and the slowest models are asked once


def first_trials(name: str, budget: int) -> str:
    strategy = AVAILABLE[name].make(SPACES["two floats"], budget=budget, rng=np.random.default_rng(3))
    try:
        return repr(search(strategy, trials=FIRST))
    finally:
        strategy.close()


@pytest.mark.parametrize("name", [name for name, entry in AVAILABLE.items() if entry.anytime])
def test_a_small_budget_is_the_beginning_of_a_large_one(name):
    assert first_trials(name, FIRST) == first_trials(name, 20 * FIRST)


@pytest.mark.parametrize("name", ["grid", "lhs", "gp"])
def test_a_design_that_follows_from_the_budget_is_told_from_those(name):
    assert not AVAILABLE[name].anytime
    assert first_trials(name, FIRST) != first_trials(name, 20 * FIRST)
