"""Hit probability: simulation against exact curves, and a verdict that follows the numbers."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.designs import grid_points, monotone_resolutions
from bench.claims.random_beats_grid.hit_probability import (
    TARGETS,
    VOLUME,
    cube_sides,
    first_hits,
    grid_probability,
    random_probability,
    rectangle_sides,
)
from bench.claims.random_beats_grid.hitting_part import COMPARED, judge


def test_sides_have_the_volume():
    rng = np.random.default_rng(0)
    for sides in (cube_sides(50, 5), rectangle_sides(50, 5, rng)):
        assert np.allclose(sides.prod(axis=1), VOLUME)
        assert (sides <= 1).all()


def test_the_resolutions_are_those_of_the_paper():
    found = set(monotone_resolutions(16, 5))
    assert {(1, 1, 1, 1, 16), (1, 2, 2, 2, 2)} <= found
    assert len(found) == 5


@pytest.mark.parametrize("levels", [(4, 4, 4), (1, 2, 32), (1, 1, 64)])
def test_simulated_grids_lie_on_their_exact_probability(levels: tuple[int, ...]):
    rng = np.random.default_rng(1)
    for sides in (cube_sides(20_000, 3), rectangle_sides(20_000, 3, rng)):
        hit = np.isfinite(first_hits(grid_points(levels), sides, rng)).mean()
        assert hit == pytest.approx(grid_probability(levels, sides).mean(), abs=4 * 0.5 / np.sqrt(20_000))


def test_simulated_random_search_lies_on_its_exact_curve():
    rng = np.random.default_rng(2)
    firsts = np.array([first_hits(rng.random((128, 5)), cube_sides(1, 5), rng)[0] for _ in range(4000)])
    for trials in (8.0, 32.0, 128.0):
        assert (firsts <= trials).mean() == pytest.approx(random_probability(np.array(trials)), abs=0.032)


def made_up(grid: list[float]) -> dict[str, pd.DataFrame]:
    """Tables in which every grid of `COMPARED` trials has these probabilities, one per batch."""
    where = [{"target": kind, "dim": dim, "trials": COMPARED} for kind, dim in TARGETS]
    grids = [
        {**place, "batch": b, "levels": "1", "monotone": True, "chosen": True, "probability": p}
        for place in where
        for b, p in enumerate(grid)
    ]
    curves = [
        {**place, "batch": b, "strategy": name, "probability": 0.7 + b / 100}
        for place in where
        for b in range(len(grid))
        for name in ("random", "sobol", "lhs")
    ]
    return {"grids": pd.DataFrame(grids), "curves": pd.DataFrame(curves)}


@pytest.mark.parametrize(
    ("grid", "verdict"),
    [([0.1, 0.11, 0.12], "holds"), ([0.9, 0.91, 0.9], "does not hold"), ([0.2, 0.99, 0.8], "undecided")],
)
def test_the_verdict_follows_the_numbers(grid: list[float], verdict: str):
    finding = judge(made_up(grid))
    assert finding.verdict == verdict
    assert ("batches" in finding.would_decide) == (verdict == "undecided")
