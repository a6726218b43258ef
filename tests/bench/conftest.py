"""Experiments for the harness's tests, with someone else's plug-ins installed."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
import pytest

from bench.database import DATABASE
from bench.experiment import Experiment
from bench.integrity import sign, teach_checksums
from problems.registry import problems
from strategies.pruners.registry import pruners
from strategies.registry import strategies

PLUGINS = Path(__file__).parent.parent / "plugins"
ROOT = PLUGINS.parent.parent
HOSTILE = Path(__file__).parent / "users" / "hostile.py"
WHAT_HAPPENED = ["problem", "dim", "instance", "strategy", "seed", "trial", "config", "value", "true_value", "status"]

Bench = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def installed_plugins() -> Iterator[None]:
    """The entry points of `tests/plugins`, here and in the workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PLUGINS))
        for table in (strategies, pruners, problems):
            table.cache_clear()
        yield
    for table in (strategies, pruners, problems):
        table.cache_clear()


@pytest.fixture
def plugins() -> Iterator[None]:
    with installed_plugins():
        yield


def environment(**more: str) -> dict[str, str]:
    """What a command line of our own gets."""
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{PLUGINS}", "COLUMNS": "200", **more}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """`python -m bench` in an empty folder, plug-ins installed."""

    def call(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bench", *words],
            cwd=tmp_path, env=environment(**more), capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip

    return call


def what_happened(trials: pd.DataFrame) -> pd.DataFrame:
    """The columns of a trials table that do not depend on the clock, in order."""
    return trials[WHAT_HAPPENED].sort_values(["problem", "dim", "strategy", "seed", "trial"], ignore_index=True)


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """In the folder of a user who wrote `hostile.py`: what its objectives and strategies are called by."""
    shutil.copy(HOSTILE, tmp_path)
    monkeypatch.chdir(tmp_path)
    return HOSTILE.name


def without_times(experiment: Experiment) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The whole tables of runs and trials but for what a clock gave."""
    return (
        experiment.runs.drop(columns="setup_s"),
        experiment.trials.drop(columns=["ask_s", "evaluate_s", "tell_s", "started_at"]),
    )


def assert_same_tables(one: Experiment, other: Experiment) -> None:
    """Every column but times is equal, bit for bit."""
    for left, right in zip(without_times(one), without_times(other), strict=True):
        pd.testing.assert_frame_equal(left, right, check_exact=True)


def cut_off(folder: Path, trials: int, change: Callable[[str], str] = str) -> None:
    """Make run 1 of an experiment one whose driver was killed after so many trials; `change` the last one's config."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        teach_checksums(connection)
        connection.create_function("change", 1, change)
        connection.execute("DELETE FROM trials WHERE run = 1 AND trial > ?", (trials,))
        connection.execute("UPDATE trials SET config = change(config) WHERE run = 1 AND trial = ?", (trials,))
        connection.execute("UPDATE runs SET status = 'running' WHERE id = 1")
        for table in ("experiment", "runs", "trials"):
            sign(connection, table)
        connection.commit()


def tamper(folder: Path, *statements: str) -> None:
    """Change the database of an experiment as our own program might: its checksums are right afterwards."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        teach_checksums(connection)
        for statement in statements:
            connection.execute(statement)
        for table in ("experiment", "runs", "trials"):
            sign(connection, table)
        connection.commit()
