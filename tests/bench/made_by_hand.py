"""Frames as `load_experiment` gives them, made from a few numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

Curve = Sequence[float | None]  # told values; None: the trial failed
RUN_COLUMNS = [
    *("problem", "dim", "instance", "strategy", "strategy_version", "pruner", "seed", "budget", "status", "error"),
    *("optimum", "optimum_origin", "value_label", "setup_s", "run"),
]
TRIAL_COLUMNS = [
    *("problem", "dim", "instance", "strategy", "strategy_version", "pruner", "seed", "trial", "config", "value"),
    *("true_value", "test_value", "optimum", "status", "error", "cost", "fidelity", "observations", "ask_s"),
    *("evaluate_s", "tell_s", "started_at"),
]


def a_run(strategy: str, seed: int = 0, budget: int = 4, status: str = "done", **more: Any) -> dict[str, Any]:
    return {
        **{"problem": "sphere", "dim": 2, "instance": seed, "strategy": strategy, "strategy_version": "lib 1.0"},
        **{"pruner": "none", "seed": seed, "budget": budget, "status": status, "setup_s": 0.1, "run": 0},
        **{"error": "Traceback\nValueError: broke" if status == "failed" else None},
        **{"optimum": 0.0, "optimum_origin": "analytic", "value_label": "value", **more},
    }


def trials_of(run: Mapping[str, Any], values: Curve, **columns: Sequence[Any]) -> list[dict[str, Any]]:
    """Trials 1, 2, … of `run`; `columns` holds further values per trial, as `true_value=[…]`."""
    rows = []
    for index, value in enumerate(values):
        row = {name: run[name] for name in TRIAL_COLUMNS if name in run and name not in ("status", "error")}
        row |= {"trial": index + 1, "config": "{}", "value": value, "true_value": None, "test_value": None}
        row |= {"status": "ok" if value is not None else "failed", "error": None if value is not None else "nan"}
        row |= {"cost": 1.0, "fidelity": 1, "observations": None, "started_at": 0.0}
        row |= {"ask_s": 1e-3, "tell_s": 1e-3, "evaluate_s": 1e-4}
        rows.append(row | {name: given[index] for name, given in columns.items()})
    return rows


def frames(*parts: tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs and trials of `(run, its trials)`."""
    runs = pd.DataFrame([run for run, _ in parts], columns=RUN_COLUMNS)
    trials = pd.DataFrame([trial for _, rows in parts for trial in rows], columns=TRIAL_COLUMNS)
    numbers = ["value", "true_value", "test_value", "optimum"]
    trials[numbers] = trials[numbers].astype(float)
    return runs.assign(optimum=runs["optimum"].astype(float)), trials


def simple_runs(curves: Mapping[str, Sequence[Curve]], **more: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Finished runs from told values by strategy and seed."""
    parts = []
    for strategy, seeds in curves.items():
        for seed, values in enumerate(seeds):
            run = a_run(strategy, seed, len(values), **more)
            parts.append((run, trials_of(run, values)))
    return frames(*parts)
