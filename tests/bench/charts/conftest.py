"""One small real experiment, and every chart of it."""

from collections.abc import Mapping

import pandas as pd
import pytest

from bench.analysis.competitors import by_pair
from bench.charts.chart import Chart
from bench.charts.listing import charts
from bench.experiment import Experiment, run_experiment
from bench.report.measures import measure

NO_SKIPS = pd.DataFrame(columns=["problem", "dim", "strategy", "pruner", "reason"])


def charts_of(experiment: Experiment) -> dict[str, Chart]:
    """Every chart by its name, in order."""
    runs, trials, skips = (by_pair(frame) for frame in (experiment.runs, experiment.trials, experiment.skips))
    made = [make() for make in charts(runs, trials, skips, measure(experiment))]
    return {chart.name: chart for chart in made}


@pytest.fixture(scope="session")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return run_experiment(
        results=tmp_path_factory.mktemp("results"),
        problems="sphere,ackley,branin,knn-digits",
        dims="2,3",
        strategies="grid,random,optuna-tpe",
        trials=8,
        seeds=2,
        name="small",
        executor="serial",
    )


@pytest.fixture(scope="session")
def made(experiment: Experiment) -> Mapping[str, Chart]:
    return charts_of(experiment)
