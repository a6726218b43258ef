"""Low effective dimension: exact grids against brute force, and a verdict that follows the numbers."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from bench.claims.claim import Data
from bench.claims.designs import balanced, grid_points, monotone_resolutions
from bench.claims.random_beats_grid.low_dimension import (
    BUDGETS,
    FAMILIES,
    POWERS,
    Instance,
    aligned,
    best_of_all_grids,
    draw_instance,
    grid_regrets,
    grids_of,
    level_costs,
    regrets,
    simulate,
)
from bench.claims.random_beats_grid.low_dimension_figures import draw
from bench.claims.random_beats_grid.low_dimension_part import PART, judge


def brute_force(levels: tuple[int, ...], family: str, instance: Instance) -> np.ndarray:
    """Best regret (d,) over all points of a grid, for every k."""
    costs = FAMILIES[family](grid_points(levels), instance)
    return regrets(costs, instance.order).min(axis=0)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dim", [2, 3, 5])
def test_a_grid_is_as_good_as_the_best_of_its_points(family: str, dim: int):
    instance, grids = draw_instance(dim, np.random.default_rng(dim)), grids_of(dim)
    least = level_costs(grids.counts, family, instance)
    exact = grid_regrets(grids.own, grids.counts, least, instance.order)
    for budget, levels, row in zip(BUDGETS, grids.own, exact, strict=True):
        assert levels == balanced(dim, budget)
        assert np.allclose(row, brute_force(levels, family, instance))


@pytest.mark.parametrize("dim", [2, 3])
def test_hindsight_is_the_best_grid_in_any_order_of_levels(dim: int):
    instance = draw_instance(dim, np.random.default_rng(7))
    best = best_of_all_grids(level_costs(POWERS, "ripples", instance), instance.order)
    orders = {order for levels in monotone_resolutions(16, dim) for order in permutations(levels)}
    every = np.stack([brute_force(levels, "ripples", instance) for levels in orders])
    assert np.allclose(best[0], every.min(axis=0))


def test_by_hand_one_of_two_matters():
    instance = Instance(np.array([0.5, 0.9]), np.ones(2), np.array([1, 0]))  # the second parameter matters first
    points = np.array([[0.5, 0.5], [0.1, 0.8]])
    assert np.allclose(regrets(FAMILIES["bowl"](points, instance), instance.order), [[0.16, 0.16], [0.01, 0.17]])


def test_a_family_is_the_regret_and_zero_at_its_place_only():
    rng = np.random.default_rng(3)
    for cost in FAMILIES.values():
        instance = draw_instance(4, rng)
        assert np.allclose(cost(instance.places, instance), 0.0)
        assert (cost(rng.random((500, 4)), instance) > 0).all()


def test_an_optimum_on_the_grid_is_found_exactly():
    table = aligned(2, np.random.default_rng(4))
    assert np.allclose(table["grid"], 0.0)
    assert (table["random"] > 0).all()


def test_nothing_beats_hindsight_and_one_parameter_is_as_in_theory():
    rows = simulate(40, np.random.default_rng(5))["regrets"]
    assert (rows["hindsight"] <= rows["monotone"] + 1e-12).all()
    one = rows[(rows["family"] == "bowl") & (rows["k"] == 1) & (rows["trials"] == 64)]
    # E log10 of the nearest of T uniform points to a place far from the borders: distance ~ Exp(2T), log z² = 2 log z
    expected = 2 * (-np.euler_gamma - np.log(2 * 64)) / np.log(10)
    error = one["random"].std() / np.sqrt(len(one))
    assert one["random"].mean() == pytest.approx(expected, abs=4 * error)


ENDS: Mapping[str, float] = {"grid": 0.3, "random": 0.2, "sobol": 0.1, "lhs": 0.1}


def made_up(grid: list[float], dims: tuple[int, ...] = (2, 6)) -> Data:
    """Tables in which random search has log regret -1 everywhere and the grid these, one per instance."""
    regrets = [
        {
            "family": family, "dim": dim, "instance": i, "trials": trials, "k": k, "grid": value,
            "random": -1.0, "sobol": -1.1, "lhs": -1.05, "monotone": -0.5, "hindsight": -2.0,
        }
        for family in FAMILIES
        for dim in dims
        for i, value in enumerate(grid)
        for trials in (16, 128, 1024)
        for k in range(1, dim + 1)
    ]  # fmt: skip
    resolutions = [
        {"family": family, "dim": dim, "k": k, "trials": 16, "levels": "1×16", "log_regret": -0.4}
        for family in FAMILIES
        for dim in dims
        for k in range(1, dim + 1)
    ]
    ends = [
        {"problem": p, "dim": 4, "strategy": name, "seed": seed, "regret": end + seed, "incumbent_test": end}
        for p in ("embedded-1", "mlp-digits")
        for name, end in ENDS.items()
        for seed in range(3)
    ]
    lattice = [{"dim": 2, "trials": 16, "instance": i, "grid": 0.0, "random": 0.1} for i in range(3)]
    tables = {"regrets": regrets, "resolutions": resolutions, "harness": ends, "aligned": lattice}
    return {name: pd.DataFrame(rows) for name, rows in tables.items()}


@pytest.mark.parametrize(
    ("grid", "verdict"),
    [([-0.5, -0.6, -0.4], "holds"), ([-1.5, -1.6, -1.4], "does not hold"), ([-0.2, -1.9, -0.8], "undecided")],
)
def test_the_verdict_follows_the_numbers(grid: list[float], verdict: str):
    finding = judge(made_up(grid))
    assert finding.verdict == verdict
    assert ("instances" in finding.would_decide) == (verdict == "undecided")
    assert PART.take_away[finding.verdict]


def test_what_happens_where_most_parameters_matter_does_not_decide():
    data = made_up([-0.5, -0.6, -0.4])
    rows = data["regrets"].copy()
    rows.loc[2 * rows["k"] > rows["dim"], "grid"] = -3.0
    finding = judge({**data, "regrets": rows})
    assert finding.verdict == "holds"
    values = {effect.name: effect.value for effect in finding.effects}
    assert values["grid − random, decades, bowl, k = d (reported only)"] == pytest.approx(-2.0)
    assert values["P(random beats grid), optimum on the grid, k = d (reported only)"] == 0.0
    held_out = "grid − random, held-out error of the chosen trial, mlp-digits, d = 4 (reported only)"
    assert values[held_out] == pytest.approx(0.1)


def test_the_figures_name_the_cases():
    drawings = draw(made_up([-0.5, -0.6, -0.4]))
    assert len({drawing.name for drawing in drawings}) == 3
    assert all("How to read" in drawing.caption for drawing in drawings)
