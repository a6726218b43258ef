"""One small real experiment with all that can happen: pruned, failed and exhausted, BBOB and not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.exchange.formats import Writer
from bench.experiment import Experiment, run_experiment
from tests.bench.conftest import installed_plugins

EVIL = "../../x<script>alert('1, \"2\" = 3')</script>\n%"


@pytest.fixture(scope="session")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Experiment]:
    with installed_plugins():
        yield run_experiment(
            results=tmp_path_factory.mktemp("results"),
            problems="bbob-f1,sphere,broken",
            dims="2,4",
            strategies="random,grid,raises",
            trials=9,
            seeds=3,
            name="small",
            executor="serial",
        )


@pytest.fixture(scope="session")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Experiment]:
    """Learning curves, some of them pruned, some broken off."""
    with installed_plugins():
        yield run_experiment(
            results=tmp_path_factory.mktemp("results"),
            problems="curves",
            dims="2",
            strategies="random",
            pruners="none,median",
            trials=12,
            seeds=2,
            name="stopped",
            executor="serial",
        )


@pytest.fixture(scope="session")
def odd(experiment: Experiment) -> Experiment:
    """A strategy whose name means something to shells, file systems, browsers and info files."""
    frames = {name: getattr(experiment, name) for name in ("runs", "trials", "skips")}
    renamed = {name: f.assign(strategy=f["strategy"].replace("random", EVIL)) for name, f in frames.items()}
    return replace(experiment, **renamed)


def written(write: Writer, experiment: Experiment, folder: Path) -> tuple[Path, list[str]]:
    folder.mkdir()
    return folder, list(write(experiment, folder))
