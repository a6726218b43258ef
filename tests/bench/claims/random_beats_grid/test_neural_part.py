"""How many random trials match the grid: a verdict that follows made-up trials, and what the real ones are."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.claims.claim import Data, Setting
from bench.claims.measure import identity
from bench.claims.random_beats_grid import neural_networks, neural_part
from bench.claims.random_beats_grid.claim import CLAIM
from bench.claims.random_beats_grid.neural_networks import GRID_TRIALS, MADE, grid_trials, random_trials
from bench.claims.random_beats_grid.neural_part import PART, draw, judge, scored
from strategies.registry import strategy_entry


def trials_of(errors: np.ndarray, strategy: str, data_set: str, dim: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "data_set": data_set, "problem": f"nnet-{data_set}", "dim": dim, "trial": np.arange(1, len(errors) + 1),
            "config": [json.dumps({"x": i % 3, "y": i % 2}) for i in range(len(errors))],
            "value": errors, "test_value": errors, "strategy": strategy,
        }
    )  # fmt: skip


def made_up(best_of_grid: dict[str, float]) -> Data:
    """Random errors uniform in 0.1 … 0.5, and grids of 96 whose best point is given and the others bad."""
    rng = np.random.default_rng(0)
    parts = []
    for data_set, best in best_of_grid.items():
        grid = np.full(96, 0.45)
        grid[7] = best
        parts.append(trials_of(grid, "grid", data_set, 7))
        parts += [trials_of(rng.uniform(0.1, 0.5, 256), "random", data_set, dim) for dim in (7, 9)]
    return scored(pd.concat(parts, ignore_index=True), np.random.default_rng(1), 100)


@pytest.mark.parametrize(
    ("best", "verdict"),
    [
        ({"digits": 0.2, "convex": 0.16}, "holds"),
        ({"digits": 0.2, "convex": 0.02}, "does not hold"),  # better than any random trial
        ({"digits": 0.2, "convex": 0.115}, "undecided"),
    ],
)
def test_the_verdict_follows_the_numbers(best: dict[str, float], verdict: str):
    finding = judge(made_up(best))
    assert finding.verdict == verdict
    assert ("random trials" in finding.would_decide) == (verdict == "undecided")


def test_the_effects_say_what_was_measured():
    effects = {effect.name: effect for effect in judge(made_up({"digits": 0.2})).effects}
    needs = effects["random trials that match the grid's 96, digits, 7 hyperparameters"]
    worth = effects["trials of the grid that a random trial is worth, digits, 7 hyperparameters"]
    assert 2 < needs.low < needs.value < needs.high < 10  # without luck, 0.1 + 0.4/(n + 1) = 0.2 for n = 3
    assert (worth.value, worth.low, worth.high) == pytest.approx(
        (96 / needs.value, 96 / needs.high, 96 / needs.low), rel=0.05
    )
    assert [name for name, effect in effects.items() if effect.threshold is not None] == [worth.name]
    gain = effects["grid − 8 random trials, expected test error, digits, 7 hyperparameters"]
    assert gain.low > 0  # 8 suffice here
    assert len(effects) == 6


def test_the_unbiased_curve_stands_beside_the_papers():
    """Of errors uniform in 0.1 … 0.5 the best of S is 0.1 + 0.4/(S + 1) on average."""
    expected = made_up({"digits": 0.2})["expected"]
    curve = expected[expected["dim"] == 7].set_index("size")["unbiased"]
    assert curve[[1, 3, 7]].tolist() == pytest.approx([0.3, 0.2, 0.15], rel=0.06)


def test_tables_and_figures():
    data = made_up({"digits": 0.2, "convex": 0.16})
    assert data["grids"]["levels"].tolist() == ["3·2", "3·2"]
    assert data["experiments"].groupby(["data_set", "dim", "size"])["mean"].count().loc["digits", 9, 8] == 32
    drawings = draw(data)
    assert [drawing.name for drawing in drawings] == ["efficiency-7", "efficiency-9"]
    for drawing in drawings:
        assert [ax.get_title(loc="left") for ax in drawing.figure.axes] == ["digits", "convex"]
        assert "independent" in drawing.caption
        assert all(ax.get_ylabel() == "test error" for ax in drawing.figure.axes)


def test_the_grid_has_the_levels_that_the_rule_names():
    pytest.importorskip("torch")
    from problems.torch_training.networks import network  # noqa: PLC0415  needs torch

    rng = np.random.default_rng(0)
    strategy = strategy_entry("grid").make(network("nnet-digits", 7, 0, rng).space, budget=GRID_TRIALS, rng=rng)
    configs = [strategy.ask().config for _ in range(96)]
    found = neural_part.levels(pd.DataFrame({"config": [json.dumps(config) for config in configs]}))
    assert found in PART.rule
    assert found == "3·2·2·2·2·2·1"
    assert {config["weight_distribution"] for config in configs} == {"uniform"}
    assert len({config["l2_penalty"] >= 3.1e-7 for config in configs}) == 2  # off and on
    assert len({config["weight_scale"] <= 2.0 for config in configs}) == 2  # both rules


def test_the_trials_are_those_of_an_experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("torch")
    monkeypatch.delenv("SEARCH_BENCH_DATA", raising=False)
    monkeypatch.setattr(neural_networks, "RANDOM_TRIALS", 2)
    monkeypatch.setattr(neural_networks, "GRID_TRIALS", 2)
    monkeypatch.setattr(neural_networks, "MADE", ("rectangles",))
    setting = Setting("quick", np.random.default_rng(0), tmp_path, 1)
    trials = random_trials(setting)
    assert trials["dim"].tolist() == [7, 7, 9, 9]
    assert set(trials["problem"]) == {"nnet-rectangles"}
    assert trials[["value", "test_value"]].notna().all(axis=None)
    assert len(grid_trials(setting)) == 2
    assert random_trials(setting).equals(trials)


def test_files_of_the_user_are_a_reason_to_measure_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(neural_networks, "OWN", ())
    without = identity(CLAIM, PART, "quick")
    monkeypatch.setattr(neural_networks, "OWN", MADE[:1])  # as if there were files
    assert identity(CLAIM, PART, "quick") != without
