"""The arrays are what the strategies propose."""

import numpy as np
import pytest

from bench.claims.designs import grid_points, lhs_points, random_points, sobol_points, unit_space
from strategies.registry import strategy_entry

DESIGNS = {"random": random_points, "sobol": sobol_points, "lhs": lhs_points}


@pytest.mark.parametrize("name", DESIGNS)
def test_the_same_stream_gives_the_strategys_points(name: str):
    strategy = strategy_entry(name).make(unit_space(3), budget=16, rng=np.random.default_rng(4))
    asked = np.array([list(strategy.ask().config.values()) for _ in range(16)])
    points = DESIGNS[name](16, 3, np.random.default_rng(4))
    assert np.allclose(np.sort(asked, axis=0), np.sort(points, axis=0))


def test_the_grid_is_the_strategys_grid():
    strategy = strategy_entry("grid").make(unit_space(2), budget=9, rng=np.random.default_rng(0))
    asked = {tuple(strategy.ask().config.values()) for _ in range(9)}
    assert np.allclose(sorted(asked), sorted(map(tuple, grid_points((3, 3)))))
