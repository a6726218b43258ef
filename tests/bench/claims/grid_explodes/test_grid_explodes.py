"""Grid explodes: counted values by hand, gaps and distances against brute force, verdicts that follow the numbers."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.claim import Data
from bench.claims.designs import grid_points
from bench.claims.grid_explodes import consequence, counting, resolution


@pytest.mark.parametrize(("values", "dim"), [(2, 1), (2, 10), (3, 4), (5, 3)])
def test_the_strategy_needs_the_full_product(values: int, dim: int):
    assert counting.needed_budget(values, dim) == values**dim


def test_the_proposals_say_the_same():
    rng = np.random.default_rng(0)
    assert counting.fewest_proposed(3, 27, rng) == 3
    assert counting.fewest_proposed(3, 26, rng) == 2
    assert counting.fewest_proposed(7, 100, rng) == 1


def test_gaps_by_hand():
    points = np.array([[0.1, 0.5], [0.3, 0.5], [0.9, 0.5]])
    assert np.allclose(resolution.gaps(points), [0.3, 0.5])
    assert np.allclose(resolution.grid_gaps((1, 2, 5)), resolution.gaps(grid_points((1, 2, 5))))


def test_a_grids_distances_are_those_of_its_points():
    places = np.random.default_rng(1).random((100, 3))
    levels = (4, 3, 1)
    assert np.allclose(resolution.grid_distances(places, levels), resolution.distances(places, grid_points(levels)))


def counts(needed: dict[int, int]) -> Data:
    """A table in which 2 values of d parameters cost these trials."""
    rows = [
        {"values": 2, "dim": dim, "needed": cost, "proposed": np.nan, "proposed_below": np.nan}
        for dim, cost in needed.items()
    ]
    levels = [
        {"trials": 100, "dim": dim, "fewest": max(1, 10 // dim), "most": 10, "points": 90} for dim in range(1, 11)
    ]
    return {"needed": pd.DataFrame(rows), "levels": pd.DataFrame(levels)}


@pytest.mark.parametrize(("needed", "verdict"), [({1: 2, 2: 4, 3: 8}, "holds"), ({1: 2, 2: 4, 3: 6}, "does not hold")])
def test_the_verdict_follows_the_counts(needed: dict[int, int], verdict: str):
    data = counts(needed)
    finding = counting.judge(data)
    assert finding.verdict == verdict
    found = {effect.name: effect.value for effect in finding.effects}
    assert found["100 trials: d from which some parameter gets ≤ 2 values (reported only)"] == 4
    assert len(counting.draw(data)) == 1


def test_proposals_that_disagree_with_the_levels_refute():
    data = counts({1: 2, 2: 4, 3: 8})
    asked = data["needed"].assign(proposed=1.0, proposed_below=1.0)
    assert counting.judge({**data, "needed": asked}).verdict == "does not hold"


def coverage(grid: list[float], growth: float) -> Data:
    """Tables in which random points have gaps of 0.1 and the grid these, `growth` times as wide in d = 10."""
    rows = [
        {"trials": budget, "dim": dim, "point_set": i, "strategy": name, "distance": 0.3 + i / 100,
         "gap": gap * (growth if dim == 10 else 1.0) if name == "grid" else 0.1}
        for budget in resolution.BUDGETS
        for dim in resolution.JUDGED
        for i, gap in enumerate(grid)
        for name in resolution.STRATEGIES
    ]  # fmt: skip
    return {"coverage": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("grid", "growth", "verdict"),
    [
        ([0.2, 0.21, 0.2], 2.0, "holds"),
        ([0.2, 0.21, 0.2], 0.9, "does not hold"),
        ([0.05, 0.06, 0.05], 2.0, "does not hold"),
        ([0.05, 0.3, 0.2], 2.0, "undecided"),
    ],
)
def test_the_verdict_follows_the_gaps(grid: list[float], growth: float, verdict: str):
    data = coverage(grid, growth)
    finding = resolution.judge(data)
    assert finding.verdict == verdict
    assert len(resolution.draw(data)) == 1


def ends(slopes: list[float]) -> Data:
    """Tables in which the grid's score rises by these per parameter, one per seed, and random search's stays."""
    rows = [
        {"problem": problem, "dim": dim, "strategy": name, "seed": seed,
         "score": (slope * dim if name == "grid" else 0.1) + seed / 100}
        for problem in ("sphere", consequence.TRAINING)
        for dim in (1, 2, 4)
        for seed, slope in enumerate(slopes)
        for name in ("grid", "random")
    ]  # fmt: skip
    return {"ends": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("slopes", "verdict"),
    [([0.2, 0.3, 0.25], "holds"), ([-0.2, -0.3, -0.2], "does not hold"), ([0.5, -0.4, 0.1], "undecided")],
)
def test_the_verdict_follows_the_slopes(slopes: list[float], verdict: str):
    data = ends(slopes)
    finding = consequence.judge(data)
    assert finding.verdict == verdict
    assert finding.effects[0].value == pytest.approx(np.mean(slopes))
    assert ("seeds" in finding.would_decide) == (verdict == "undecided")
    assert len(consequence.draw(data)) == 1


def test_regret_is_measured_in_that_of_one_random_trial():
    rows = [
        {"problem": "sphere", "dim": 2, "instance": seed, "strategy": name, "pruner": "", "seed": seed, "trial": t,
         "value": value, "true_value": value, "test_value": np.nan, "optimum": 1.0,
         "status": "ok", "cost": 1.0}
        for seed in range(2)
        for name, told in (("random", (11.0, 101.0, 1001.0)), ("grid", (2.0, 1.1, 5.0)))
        for t, value in enumerate(told, start=1)
    ]  # fmt: skip
    scores = consequence.normalised(pd.DataFrame(rows)).groupby("strategy")["score"].mean()
    assert scores["random"] == pytest.approx(-1.0)  # best 10 over median 100
    assert scores["grid"] == pytest.approx(-3.0)
