"""One small real experiment, and what is made of it."""

from pathlib import Path

import pytest

from bench.experiment import Experiment, run_experiment
from bench.report.html import write_report


@pytest.fixture(scope="session")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return run_experiment(
        results=tmp_path_factory.mktemp("results"),
        problems="sphere,branin",
        dims="2,3",
        strategies="grid,random,optuna-tpe",
        trials=8,
        seeds=2,
        name="small",
        executor="serial",
    )


@pytest.fixture(scope="session")
def written(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the experiment's report; to be read only."""
    folder = tmp_path_factory.mktemp("reports") / "small"
    write_report(experiment, folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "small"
