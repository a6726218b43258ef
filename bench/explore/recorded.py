"""The experiments of the results folder, as a page offers and shows them; each is read once while it stays the same."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import pandas as pd

from bench.analysis.regret import RUN, known_optimum
from bench.database import DATABASE, experiments, read_meta, read_only
from bench.experiment import load_experiment
from bench.spec import ExperimentSpec
from strategies.pruners.registry import NO_PRUNER

# What regret is made of; configs, learning curves and errors are most of the bytes.
SCORED = [*RUN, "trial", "value", "true_value", "test_value", "status", "cost", "optimum"]
Stamp = tuple[tuple[int, int], ...]  # time and size of the files that hold an experiment


def stamp(folder: Path) -> Stamp:
    """What changes when the experiment in `folder` is written to."""
    files = (folder / f"{DATABASE}{ending}" for ending in ("", "-wal"))
    return tuple((found.st_mtime_ns, found.st_size) for file in files if file.exists() for found in [file.stat()])


def specs(results: Path) -> Mapping[str, ExperimentSpec]:
    """The experiments below `results` that can be read, the latest first, each with what it is of."""
    found = {name: spec_of(results / name, stamp(results / name)) for name in experiments(results)}
    return {name: spec for name, spec in found.items() if spec is not None}


@lru_cache(maxsize=512)
def spec_of(folder: Path, stamp: Stamp) -> ExperimentSpec | None:
    """What the experiment in `folder` is of; None where it holds nothing that can be read."""
    try:
        with closing(read_only(folder / DATABASE)) as connection:
            return ExperimentSpec.model_validate(read_meta(connection, "spec"))
    except (sqlite3.Error, OSError, ValueError):
        return None


@lru_cache(maxsize=2)
def loaded(folder: Path, stamp: Stamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs and trials (`SCORED`) of the experiment in `folder` without pruners, `known_optimum` filled in. Read only.

    `stamp`: that of the folder. Raises `UsageError` where there is none, or it cannot be read.
    """
    experiment = load_experiment(folder)
    scored = experiment.trials[SCORED]
    runs, trials = (frame[frame["pruner"] == NO_PRUNER] for frame in (experiment.runs, scored))
    return known_optimum(runs.reset_index(drop=True), trials.reset_index(drop=True))
