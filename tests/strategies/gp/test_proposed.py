"""No config twice while another is left."""

import numpy as np
import pytest

from problems.space import Categorical, Int, SearchSpace
from strategies.gp.proposed import Proposed

SPACE = SearchSpace((Int("i", 1, 3), Categorical("c", (True, 1))))


def test_one_and_true_are_two_configs():
    proposed = Proposed(SPACE)
    proposed.add({"i": 1, "c": True})
    assert {"i": 1, "c": True} in proposed
    assert {"i": 1, "c": 1} not in proposed


def test_another_is_always_new_until_nothing_is_left():
    proposed, rng = Proposed(SPACE), np.random.default_rng(0)
    for _ in range(6):
        assert not proposed.is_everything
        config = proposed.another(rng)
        assert config not in proposed
        proposed.add(config)
    assert proposed.is_everything
    with pytest.raises(RuntimeError, match="none left"):
        proposed.another(rng)
