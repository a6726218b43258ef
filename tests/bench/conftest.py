"""Experiments for the harness's tests, with someone else's plug-ins installed."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser

from bench.database import DATABASE
from bench.experiment import Experiment
from bench.integrity import sign, teach_checksums
from problems.registry import problems
from strategies.pruners.registry import pruners
from strategies.registry import strategies
from tests.bench.a_browser import a_browser

PLUGINS = Path(__file__).parent.parent / "plugins"
ROOT = PLUGINS.parent.parent
USERS = Path(__file__).parent / "users"
HOSTILE, UNRULY = "hostile.py", "unruly.py"  # files of a user, with objectives and with strategies
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


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A shell's background job ignores SIGINT, and so would every process that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


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


@contextmanager
def in_a_users_folder(folder: Path) -> Iterator[None]:
    """In the folder of a user who wrote `HOSTILE` and `UNRULY`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in (HOSTILE, UNRULY):
            shutil.copy(USERS / name, name)
        yield


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[str]:
    """In a user's folder: what the objectives there are called by."""
    with in_a_users_folder(tmp_path):
        yield HOSTILE


def without_times(experiment: Experiment) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The whole tables of runs, trials and retrainings but for what a clock gave."""
    return (
        experiment.runs.drop(columns="setup_s"),
        experiment.trials.drop(columns=CLOCK),
        experiment.retrainings.drop(columns=["evaluate_s", "started_at"]),
    )


def assert_same_tables(one: Experiment, other: Experiment) -> None:
    """Every column but times is equal, bit for bit."""
    for left, right in zip(without_times(one), without_times(other), strict=True):
        pd.testing.assert_frame_equal(left, right, check_exact=True)


CLOCK = ["ask_s", "evaluate_s", "tell_s", "started_at"]
RUN = ["problem", "dim", "strategy", "pruner", "seed"]


def lost(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """How many of the trials `before` are gone `after`, or differ in any column, times too."""
    kept, there = (
        Counter(map(repr, trials.astype(object).where(trials.notna(), None).itertuples(index=False)))
        for trials in (before, after)
    )
    return (kept - there).total()


def changed(one: Experiment, other: Experiment) -> int:
    """How many cells of the tables of runs, trials and retrainings differ, times apart; all of a row of only one."""
    return sum(
        changed_cells(left.set_index(key), right.set_index(key))
        for left, right, key in zip(
            without_times(one), without_times(other), (RUN, [*RUN, "trial"], [*RUN, "repeat"]), strict=True
        )
    )


def changed_cells(left: pd.DataFrame, right: pd.DataFrame) -> int:
    """How many cells of two tables with an index differ."""
    shared = left.index.intersection(right.index)
    rows = len(left) + len(right) - 2 * len(shared)  # that only one has
    one, other = (table.loc[shared].astype(object) for table in (left, right))
    differs = (one != other) & ~(one.isna() & other.isna())
    return rows * len(left.columns) + int(differs.to_numpy().sum())


def spared(before: pd.DataFrame, after: pd.DataFrame) -> tuple[int, int]:
    """How many trials of a run that must be there before and after are lost, and how many cells differ; no times."""
    one, other = (trials.drop(columns=CLOCK) for trials in (before, after[after["trial"].isin(before["trial"])]))
    return lost(one, other), changed_cells(one.set_index("trial"), other.set_index("trial"))


def cut_off(folder: Path, trials: int, change: Callable[[str], str] = str) -> None:
    """Make run 1 of an experiment one whose driver was killed after so many trials; `change` the last one's config."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        teach_checksums(connection)
        connection.create_function("change", 1, change)
        connection.execute("DELETE FROM trials WHERE run = 1 AND trial > ?", (trials,))
        connection.execute("DELETE FROM retrainings WHERE run = 1")
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
        for table in ("experiment", "runs", "trials", "retrainings"):
            sign(connection, table)
        connection.commit()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For all tests of a file; while it is open, none can be opened for another one."""
    with a_browser() as opened:
        yield opened
