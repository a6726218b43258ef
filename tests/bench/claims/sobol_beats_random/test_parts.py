"""Sobol' against random: prefixes of one sequence, and verdicts that follow the numbers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.claims.claim import Part, Setting
from bench.claims.designs import sobol_points
from bench.claims.sobol_beats_random import designs, functions, trainings, where
from bench.claims.sobol_beats_random.designs import DIMS, RUGGED, SIZES, SMOOTH, best_regrets, formula_problem, scaled

FUNCTIONS = (*SMOOTH, *RUGGED)


def test_a_budget_is_a_prefix_and_its_regret_that_of_its_best_point():
    rng = np.random.default_rng(0)
    problem, points = formula_problem("ackley", 3, 0, rng), sobol_points(SIZES[-1], 3, rng)
    regrets = best_regrets(problem, points)
    assert problem.optimum is not None
    for size, regret in zip(SIZES, regrets, strict=True):
        values = [problem.value_at(point) for point in scaled(problem, points[:size])]
        assert regret == pytest.approx(min(values) - problem.optimum.value)


def test_a_row_per_function_dimension_seed_and_size_the_same_for_the_same_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(designs.SEEDS, "quick", 2)
    tables = [designs.experiment(Setting("quick", np.random.default_rng(1), tmp_path, 1))["regrets"] for _ in range(2)]
    pd.testing.assert_frame_equal(*tables)
    assert len(tables[0]) == len(DIMS) * 2 * len(FUNCTIONS) * len(SIZES)
    best = tables[0].groupby(["dim", "seed", "function"])[["sobol", "random"]]
    assert (best.diff().fillna(0) <= 0).all(axis=None)  # more trials are never worse
    for drawing in (functions.draw, where.draw_sizes, where.draw_functions):
        assert drawing({"regrets": tables[0]})


def regrets(decades: dict[tuple[str, int, int], float], otherwise: float = 0.0) -> dict[str, pd.DataFrame]:
    """Random's regret is 1, Sobol's lower by `decades[function, dim, T]`, give or take 0.01 by seed."""
    rows = pd.MultiIndex.from_product(
        [DIMS, range(6), FUNCTIONS, SIZES], names=["dim", "seed", "function", "trials"]
    ).to_frame(index=False)
    cells = zip(rows["function"], rows["dim"], rows["trials"], strict=True)
    gain = np.array([decades.get(cell, otherwise) for cell in cells])
    gain += 0.01 * (rows["seed"] % 3 - 1) * rows["dim"]
    return {"regrets": rows.assign(random=1.0, sobol=10.0**-gain)}


def everywhere(gain: float, functions: tuple[str, ...] = FUNCTIONS, dims: tuple[int, ...] = DIMS, sizes=SIZES):
    return {(function, dim, size): gain for function in functions for dim in dims for size in sizes}


POWERS = tuple(size for size in SIZES if size.bit_count() == 1)


@pytest.mark.parametrize(
    ("part", "gains", "verdict"),
    [
        (functions.PART, everywhere(0.5), "holds"),
        (functions.PART, everywhere(0.5) | everywhere(-0.5, dims=(5,)), "does not hold"),
        (functions.PART, {}, "undecided"),
        (where.FEW_DIMENSIONS, everywhere(0.5, dims=(2,)), "holds"),
        (where.FEW_DIMENSIONS, everywhere(0.5, dims=(10,)), "does not hold"),
        (where.FEW_DIMENSIONS, everywhere(0.5), "undecided"),
        (where.POWERS_OF_TWO, everywhere(0.5, sizes=POWERS), "holds"),
        (where.POWERS_OF_TWO, everywhere(-0.5, sizes=POWERS), "does not hold"),
        (where.POWERS_OF_TWO, everywhere(0.5, functions=SMOOTH), "undecided"),
        (where.SMOOTH_FUNCTIONS, everywhere(0.5, functions=SMOOTH), "holds"),
        (where.SMOOTH_FUNCTIONS, everywhere(0.5, functions=RUGGED), "does not hold"),
        (where.SMOOTH_FUNCTIONS, everywhere(0.5, functions=("sphere", "ackley")), "undecided"),
    ],
)
def test_the_verdict_follows_the_numbers(part: Part, gains: dict[tuple[str, int, int], float], verdict: str):
    data = regrets(gains)
    if verdict == "undecided":  # what is exactly equal for every seed would be decided: by chance alone it never is
        shaken = np.random.default_rng(2).normal(0, 0.05, len(data["regrets"]))
        data = {"regrets": data["regrets"].assign(sobol=lambda rows: rows["sobol"] * 10**shaken)}
    finding = part.judge(data)
    assert finding.verdict == verdict
    assert part.take_away[finding.verdict]


def test_a_trend_along_the_trials_is_no_advantage_of_powers_of_two():
    rows = regrets({})["regrets"]
    rows["sobol"] = rows["trials"] ** -0.7
    assert where.powers_of_two(designs.with_advantage(rows)).abs().max() < 1e-12


def errors(ahead: list[float]) -> dict[str, pd.DataFrame]:
    rows = [
        {"problem": problem, "dim": 2, "seed": seed, "trial": size, "ahead": chance}
        | {"error_sobol": 0.1, "error_random": 0.1, "test_sobol": 0.2, "test_random": 0.1}
        for problem in ("knn-digits", "mlp-digits")
        for size in trainings.SIZES
        for seed, chance in enumerate(ahead)
    ]
    return {"errors": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("ahead", "verdict"),
    [([0.9, 1.0, 0.8, 1.0], "holds"), ([0.1, 0.0, 0.2, 0.0], "does not hold"), ([0.6, 0.4, 0.5, 0.6], "undecided")],
)
def test_trainings_are_judged_by_what_the_search_sees(ahead: list[float], verdict: str):
    finding = trainings.judge(errors(ahead))
    assert finding.verdict == verdict
    assert bool(finding.would_decide) == (verdict == "undecided")
    assert {effect.n for effect in finding.effects} == {8}  # runs, not sizes of the same run
    assert finding.effects[1].value == 0.0  # the test error may say otherwise, and decides nothing
    assert trainings.draw(errors(ahead))[0].caption


def test_on_a_stand_in_for_trainings_the_experiment_fills_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(trainings.EXPERIMENT, "problems", "sphere")
    monkeypatch.setitem(trainings.EXPERIMENT, "executor", "serial")
    monkeypatch.setitem(trainings.FORMS, "quick", {"dims": "2", "seeds": 2})
    table = trainings.experiment(Setting("quick", np.random.default_rng(0), tmp_path, 1))["errors"]
    assert len(table) == 2 * len(trainings.SIZES)
    last = table[table["trial"] == trainings.SIZES[-1]]  # of all its draws the pool is the random run itself
    assert (last["ahead"] == (last["error_sobol"] < last["error_random"])).all()
