"""Tidy tables, for pandas, polars, R: what results/README.md describes, and the regret curves that our figures show."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bench.analysis.regret import regret_curves
from bench.experiment import Experiment

PREFIX = "config_"  # of a parameter's column, which may have the name of another column
TEXTS = ("error", "observations", "optimum_origin", "value_label", "reason", "config")
Save = Callable[[pd.DataFrame, Path], None]


def write_csv(experiment: Experiment, folder: Path) -> Sequence[str]:
    """`trials`, `runs`, `skips` and `regret` as CSV; nothing is left out."""
    return save_all(tables(experiment), folder, "csv", save_csv)


def write_wide_csv(experiment: Experiment, folder: Path) -> Sequence[str]:
    """The same with a column per parameter."""
    return save_all(wide(tables(experiment)), folder, "csv", save_csv)


def write_parquet(experiment: Experiment, folder: Path) -> Sequence[str]:
    """`trials`, `runs`, `skips` and `regret` as Parquet; nothing is left out."""
    return save_all(tables(experiment), folder, "parquet", save_parquet)


def write_wide_parquet(experiment: Experiment, folder: Path) -> Sequence[str]:
    """The same with a column per parameter."""
    return save_all(wide(tables(experiment)), folder, "parquet", save_parquet)


def tables(experiment: Experiment) -> dict[str, pd.DataFrame]:
    """The frames by name, their text typed as text even where all of it is missing."""
    frames = {
        "trials": experiment.trials,
        "runs": experiment.runs,
        "skips": experiment.skips,
        "regret": regret_curves(experiment.runs, experiment.trials),
    }
    return {
        name: frame.astype({column: "string" for column in TEXTS if column in frame}) for name, frame in frames.items()
    }


def wide(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """`frames` with a column per parameter in the place of the trials' `config`; empty where a problem lacks it."""
    trials = frames["trials"]
    configs = [json.loads(config) for config in trials["config"]]
    names = dict.fromkeys(name for config in configs for name in config)
    columns = {PREFIX + name: column([config.get(name) for config in configs], trials.index) for name in names}
    ours = list(trials.columns)
    at = ours.index("config")
    parts = [trials[ours[:at]], pd.DataFrame(columns, index=trials.index), trials[ours[at + 1 :]]]
    return {**frames, "trials": pd.concat(parts, axis=1)}


def column(values: Sequence[Any], index: pd.Index) -> pd.Series:
    """Values of one type as that type; of several as text, since `1`, `True` and `"1"` are different choices."""
    kinds = {type(value) for value in values if value is not None}
    for allowed, dtype in (({bool}, "boolean"), ({int}, "Int64"), ({int, float}, "Float64")):
        if kinds <= allowed:
            return pd.Series(values, index=index, dtype=dtype)
    if kinds == {str}:
        return pd.Series(values, index=index, dtype="string")
    return pd.Series([None if v is None else json.dumps(v) for v in values], index=index, dtype="string")


def save_all(frames: Mapping[str, pd.DataFrame], folder: Path, ending: str, save: Save) -> Sequence[str]:
    """One file per frame."""
    for name, frame in frames.items():
        save(frame, folder / f"{name}.{ending}")
    return []


def save_csv(frame: pd.DataFrame, path: Path) -> None:
    """Text as UTF-8; a float with all its digits; empty for what is missing."""
    frame.to_csv(path, index=False, encoding="utf-8")


def save_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Columns with their types."""
    frame.to_parquet(path, index=False)
