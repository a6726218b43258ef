"""Experiments for the harness's tests, with someone else's plug-ins installed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from problems.registry import problems
from strategies.pruners.registry import pruners
from strategies.registry import strategies

PLUGINS = Path(__file__).parent.parent / "plugins"
ROOT = PLUGINS.parent.parent
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
            cwd=tmp_path, env=environment(**more), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return call


def what_happened(trials: pd.DataFrame) -> pd.DataFrame:
    """The columns of a trials table that do not depend on the clock, in order."""
    return trials[WHAT_HAPPENED].sort_values(["problem", "dim", "strategy", "seed", "trial"], ignore_index=True)
