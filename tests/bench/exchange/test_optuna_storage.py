"""Optuna opens what we wrote, and finds our numbers in it."""

import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.exchange.spaces import inferred
from bench.experiment import Experiment, run_experiment
from problems.space import Categorical, Float, Int
from tests.bench.conftest import installed_plugins
from tests.bench.exchange.conftest import EVIL, written

optuna: Any = pytest.importorskip("optuna")
storage: Any = pytest.importorskip("bench.exchange.optuna_storage")


def opened(experiment: Experiment, folder: Path) -> Any:
    with installed_plugins():
        written(storage.write, experiment, folder)
    assert [path.name for path in folder.iterdir()] == ["optuna.log"]
    return optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(f"{folder}/optuna.log"))


@pytest.fixture(scope="module")
def place(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return opened(experiment, tmp_path_factory.mktemp("out") / "optuna")


def test_there_is_a_study_per_run_with_its_trials(place: Any, experiment: Experiment):
    assert len(optuna.get_all_study_names(place)) == len(experiment.runs)
    study = optuna.load_study(study_name="random/sphere/4/1", storage=place)
    mine = experiment.trials.query("problem == 'sphere' and strategy == 'random' and dim == 4 and seed == 1")
    assert [trial.value for trial in study.trials] == mine["value"].tolist()
    assert [trial.params for trial in study.trials] == [json.loads(config) for config in mine["config"]]
    assert study.best_value == mine["value"].min()
    assert study.user_attrs["strategy_version"].startswith("search-bench")
    assert study.user_attrs["space"] == "the problem's"
    assert study.trials[0].user_attrs["trial"] == 1
    assert study.trials[0].duration.total_seconds() >= 0


def test_importances_and_plots_work(place: Any):
    study = optuna.load_study(study_name="random/sphere/4/1", storage=place)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is experimental in Optuna
        importances = optuna.importance.get_param_importances(study)
        assert set(importances) == set(study.best_params)
        pytest.importorskip("plotly")
        assert optuna.visualization.plot_optimization_history(study).data
        assert optuna.visualization.plot_contour(study, params=list(study.best_params)[:2]).data


def test_failed_trials_and_runs_are_there_as_such(place: Any, experiment: Experiment):
    failed = optuna.load_study(study_name="random/broken/2/0", storage=place)
    mine = experiment.trials.query("problem == 'broken' and strategy == 'random' and dim == 2 and seed == 0")
    assert [trial.state.name == "FAIL" for trial in failed.trials] == mine["value"].isna().tolist()
    raised = optuna.load_study(study_name="raises/sphere/2/0", storage=place)
    assert raised.user_attrs["status"] == "failed"
    assert "the surrogate is singular" in raised.user_attrs["error"]


def test_pruned_trials_have_their_learning_curves(stopped: Experiment, tmp_path: Path):
    place = opened(stopped, tmp_path / "optuna")
    study = optuna.load_study(study_name="random+median/curves/2/0", storage=place)
    pruned = study.get_trials(states=[optuna.trial.TrialState.PRUNED])
    mine = stopped.trials.query("pruner == 'median' and seed == 0 and status == 'pruned'")
    assert len(pruned) == len(mine) > 0
    for trial, text in zip(pruned, mine["observations"], strict=True):
        looks = json.loads(text)
        assert trial.intermediate_values == {number: look[0] for number, look in enumerate(looks, start=1)}
        assert trial.user_attrs["steps"] == [step for _, _, step in looks]


def test_a_problem_that_cannot_be_made_here_has_the_space_of_its_trials(experiment: Experiment, tmp_path: Path):
    frames = {
        name: getattr(experiment, name).query("problem == 'sphere' and dim == 2 and strategy == 'random'")
        for name in ("runs", "trials")
    }
    elsewhere = {name: frame.assign(problem="gone.py:Problem", strategy=EVIL) for name, frame in frames.items()}
    place = opened(replace(experiment, **elsewhere), tmp_path / "optuna")
    study = optuna.load_study(study_name=f"{EVIL}/gone.py:Problem/2/0", storage=place)
    assert study.user_attrs["space"] == "inferred from the trials"
    values = [trial.params["x1"] for trial in study.trials]
    assert study.trials[0].distributions["x1"].low == min(values)


def test_a_space_is_inferred_by_type():
    configs = [{"a": 1, "b": 0.5, "c": "x", "d": True}, {"a": 3, "b": 2, "c": "y", "d": 1}]
    space = inferred(configs)
    assert space is not None
    assert space.parameters == (
        Int("a", 1, 3),
        Float("b", 0.5, 2),
        Categorical("c", ("x", "y")),
        Categorical("d", (1, True)),
    )
    assert inferred([]) is None


def test_choices_that_optuna_takes_for_equal_are_told_apart():
    parameter = Categorical("x", (1, True, 1.0))
    assert storage.distribution(parameter).choices == ("1", "True", "1.0")
    assert storage.value_in(parameter, True) == "True"
    assert storage.value_in(Categorical("x", (1, 2)), 2) == 2


def test_mixed_spaces_come_through(tmp_path: Path):
    pytest.importorskip("sklearn")
    experiment = run_experiment(
        problems="knn-digits", dims="5", strategies="random", trials=3, seeds=1, name="mixed", executor="serial",
        results=tmp_path,
    )  # fmt: skip
    place = opened(experiment, tmp_path / "optuna")
    study = optuna.load_study(study_name="random/knn-digits/5/0", storage=place)
    assert study.trials[0].params == json.loads(experiment.trials["config"][0])
    kinds = {type(d).__name__ for d in study.trials[0].distributions.values()}
    assert {"CategoricalDistribution", "IntDistribution"} <= kinds
