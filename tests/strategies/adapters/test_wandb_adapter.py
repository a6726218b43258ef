"""W&B's package behind our protocol, in an environment of its own; its trials are in `test_native_loops.py`."""

import numpy as np
import pytest

from problems.space import Float, SearchSpace
from strategies.registry import strategy_entry
from strategies.testing import search


def test_names_with_dots():
    entry = strategy_entry("wandb-bayes")
    if missing := entry.needs.missing():
        pytest.skip(missing)
    space = SearchSpace((Float("model.rate", 0, 1), Float("rate", 0, 1)))
    strategy = entry.make(space, budget=4, rng=np.random.default_rng(5))
    configs = search(strategy, trials=4)
    strategy.close()
    assert [list(config) for config in configs] == [["model.rate", "rate"]] * 4
