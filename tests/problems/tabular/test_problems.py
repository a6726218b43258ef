"""Told errors are scikit-learn's own, nobody is told of the test part, and every hyperparameter is felt."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.compose import TransformedTargetRegressor
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import ElasticNet
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler
from sklearn.svm import SVC

from problems.base import Evaluation
from problems.registry import problem_entry
from problems.tabular.data import whole
from problems.tabular.problems import TASKS, TabularProblem, error


def tabular(name: str, dim: int | None = None, instance: int = 0) -> TabularProblem:
    dim = dim or len(TASKS[name].model.hyperparameters)
    problem = problem_entry(name).make(dim, instance, np.random.default_rng(instance))
    assert isinstance(problem, TabularProblem)
    return problem


def look(problem: TabularProblem, trial: int = 0, **settings: Any) -> Evaluation:
    (only,) = problem.observe(settings, np.random.default_rng(trial))
    return only


FULL = {name: tabular(name) for name in TASKS}  # their data is made at the first look


@pytest.mark.parametrize("name", TASKS)
def test_defaults_are_values_of_their_parameters_and_the_registry_knows_how_many_there_are(name: str) -> None:
    hyperparameters = TASKS[name].model.hyperparameters
    assert all(parameter.contains(default) for parameter, default in hyperparameters)
    assert problem_entry(name).max_dim == len(hyperparameters)


@pytest.mark.parametrize("name", TASKS)
def test_the_first_dimensions_are_searched_and_the_rest_stay_at_their_defaults(name: str) -> None:
    defaults = TASKS[name].model.defaults
    expected = look(FULL[name], **defaults)
    for dim in range(1, len(defaults)):
        problem = tabular(name, dim)
        assert problem.space.names == tuple(defaults)[:dim]
        assert look(problem, **{parameter: defaults[parameter] for parameter in problem.space.names}) == expected


BY_HAND: dict[str, tuple[dict[str, Any], Callable[[int], Any]]] = {
    "svm-digits": (
        {"C": 10.0, "gamma": 0.02, "kernel": "poly", "scaling": "min-max", "components": 30, "degree": 2, "coef0": 0.5},
        lambda seed: make_pipeline(
            MinMaxScaler(), PCA(30), SVC(C=10.0, gamma=0.02, kernel="poly", degree=2, coef0=0.5)
        ),
    ),
    "knn-digits": (
        {"n_neighbors": 3, "components": 20, "metric": "cosine", "weights": "distance"},
        lambda seed: make_pipeline(
            StandardScaler(), PCA(20), KNeighborsClassifier(3, metric="cosine", weights="distance")
        ),
    ),
    "forest-digits": (
        {"max_features": 0.25, "min_samples_leaf": 2, "n_estimators": 7, "max_samples": 0.8},
        lambda seed: RandomForestClassifier(
            7, max_features=0.25, min_samples_leaf=2, max_depth=20, max_samples=0.8, random_state=seed
        ),
    ),
    "boosting-diabetes": (
        {"learning_rate": 0.2, "max_iter": 12, "max_leaf_nodes": 4, "max_features": 0.5, "loss": "gamma"},
        lambda seed: HistGradientBoostingRegressor(
            loss="gamma", learning_rate=0.2, max_iter=12, max_leaf_nodes=4, max_features=0.5, l2_regularization=1e-4,
            random_state=seed,
        ),
    ),
    "elastic-net-diabetes": (
        {"alpha": 0.05, "degree": 2, "l1_ratio": 0.9, "interaction_only": True},
        lambda seed: TransformedTargetRegressor(
            make_pipeline(
                StandardScaler(),
                PolynomialFeatures(2, interaction_only=True),
                StandardScaler(),
                ElasticNet(alpha=0.05, l1_ratio=0.9),
            ),
            transformer=StandardScaler(),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_the_told_value_is_that_of_cross_val_score(name: str) -> None:
    settings, estimator = BY_HAND[name]
    split, seed = FULL[name].split, FULL[name].seed
    seen = look(FULL[name], **settings)
    scores = cross_val_score(estimator(seed), split.inputs, split.targets, cv=list(split.folds))
    # the elastic net of the problem stops a little earlier than the default
    assert seen.value == pytest.approx(1.0 - scores.mean(), rel=1e-3)
    assert seen.true_value == seen.value
    test_score = estimator(seed).fit(split.inputs, split.targets).score(split.test_inputs, split.test_targets)
    assert seen.test_value == pytest.approx(1.0 - test_score, rel=1e-3)


@pytest.mark.parametrize("name", TASKS)
def test_nothing_told_comes_from_the_test_part(name: str) -> None:
    problem = tabular(name)
    before = look(problem)
    problem.__dict__["split"] = replace(
        problem.split, test_inputs=problem.split.test_inputs[::-1], test_targets=np.roll(problem.split.test_targets, 1)
    )
    after = look(problem)
    assert (after.value, after.true_value) == (before.value, before.true_value)
    assert after.test_value != before.test_value


@pytest.mark.parametrize("name", TASKS)
def test_a_trial_depends_on_config_and_instance_alone(name: str) -> None:
    settings, _ = BY_HAND[name]
    assert look(FULL[name], trial=1, **settings) == look(FULL[name], trial=2, **settings)
    assert look(tabular(name), **settings) == look(FULL[name], **settings)
    assert look(tabular(name, instance=1), **settings) != look(FULL[name], **settings)


@pytest.mark.parametrize(
    ("name", "sensible", "silly", "apart"),
    [
        ("svm-digits", {"C": 10.0, "gamma": 0.01}, {"C": 1e-3, "gamma": 1.0}, 0.5),
        ("knn-digits", {"n_neighbors": 3, "components": 32}, {"n_neighbors": 100, "components": 2}, 0.3),
        ("forest-digits", {"max_features": 0.125}, {"max_features": 1.0, "min_samples_leaf": 50}, 0.2),
        ("boosting-diabetes", {"learning_rate": 0.1}, {"learning_rate": 0.01, "max_iter": 10}, 0.2),
        ("elastic-net-diabetes", {"alpha": 0.1}, {"alpha": 1e-3, "degree": 3}, 0.5),
    ],
)
def test_sensible_settings_beat_silly_ones(
    name: str, sensible: dict[str, Any], silly: dict[str, Any], apart: float
) -> None:
    good, bad = look(FULL[name], **sensible), look(FULL[name], **silly)
    assert good.value < bad.value - apart
    assert (good.test_value or 0.0) < (bad.test_value or 0.0) - apart


@pytest.mark.parametrize(
    ("name", "base", "changed"),
    [
        ("svm-digits", {}, {"C": 0.1}),
        ("svm-digits", {}, {"gamma": 0.1}),
        ("svm-digits", {}, {"kernel": "linear"}),
        ("svm-digits", {}, {"kernel": "sigmoid"}),
        ("svm-digits", {}, {"scaling": "min-max"}),
        ("svm-digits", {}, {"components": 5}),
        ("svm-digits", {"kernel": "poly"}, {"degree": 2}),
        ("svm-digits", {"kernel": "poly"}, {"coef0": 1.0}),
        ("knn-digits", {}, {"n_neighbors": 1}),
        ("knn-digits", {}, {"components": 5}),
        ("knn-digits", {}, {"metric": "manhattan"}),
        ("knn-digits", {}, {"metric": "chebyshev"}),
        ("knn-digits", {}, {"weights": "distance"}),
        ("knn-digits", {}, {"scaling": "min-max"}),
        ("forest-digits", {}, {"max_features": 0.5}),
        ("forest-digits", {}, {"min_samples_leaf": 5}),
        ("forest-digits", {}, {"max_depth": 3}),
        ("forest-digits", {}, {"n_estimators": 5}),
        ("forest-digits", {}, {"criterion": "entropy"}),
        ("forest-digits", {}, {"bootstrap": False}),
        ("forest-digits", {}, {"max_samples": 0.5}),
        ("boosting-diabetes", {}, {"learning_rate": 0.3}),
        ("boosting-diabetes", {}, {"max_iter": 20}),
        ("boosting-diabetes", {}, {"max_leaf_nodes": 3}),
        ("boosting-diabetes", {}, {"min_samples_leaf": 5}),
        ("boosting-diabetes", {}, {"max_features": 0.3}),
        ("boosting-diabetes", {}, {"l2_regularization": 10.0}),
        ("boosting-diabetes", {}, {"loss": "absolute_error"}),
        ("boosting-diabetes", {}, {"loss": "poisson"}),
        ("boosting-diabetes", {}, {"max_bins": 8}),
        ("elastic-net-diabetes", {}, {"alpha": 0.01}),
        ("elastic-net-diabetes", {}, {"degree": 1}),
        ("elastic-net-diabetes", {}, {"l1_ratio": 0.0}),
        ("elastic-net-diabetes", {}, {"interaction_only": True}),
        ("elastic-net-diabetes", {}, {"scaling": "uniform-ranks"}),
        ("elastic-net-diabetes", {}, {"scaling": "normal-ranks"}),
    ],
)
def test_every_hyperparameter_has_an_effect(name: str, base: dict[str, Any], changed: dict[str, Any]) -> None:
    before, after = look(FULL[name], **base), look(FULL[name], **base | changed)
    assert (before.value, before.test_value) != (after.value, after.test_value)


def test_without_a_bootstrap_its_share_has_no_effect() -> None:
    whole, part = (look(FULL["forest-digits"], bootstrap=False, max_samples=share) for share in (1.0, 0.5))
    assert whole == part


def test_what_cannot_be_fitted_raises() -> None:
    with pytest.raises(ValueError, match="'C' parameter of SVC"):
        look(FULL["svm-digits"], C=-1.0)


def test_an_elastic_net_that_was_cut_short_warns_nobody() -> None:
    problem = FULL["elastic-net-diabetes"]
    settings = {"alpha": 1e-3, "degree": 3, "l1_ratio": 0.5}
    estimator = problem.task.model.build(problem.task.model.defaults | settings, problem.seed)
    with pytest.warns(ConvergenceWarning, match="Objective did not converge"):
        estimator.fit(problem.split.inputs, problem.split.targets)
    assert np.isfinite(look(problem, **settings).value)


def test_every_other_warning_gets_through() -> None:
    class Worried(KNeighborsClassifier):
        def score(self, inputs: Any, targets: Any) -> float:
            warnings.warn("the objective is odd", ConvergenceWarning, stacklevel=1)
            return 1.0

    inputs, targets = np.zeros((9, 1)), np.arange(9) % 2
    with pytest.warns(ConvergenceWarning, match="odd"):
        error(Worried(), inputs, targets, inputs, targets)


@pytest.mark.parametrize("name", TASKS)
def test_losses_case_by_case_have_the_mean_that_is_recorded(name: str) -> None:
    problem = FULL[name]
    config = problem.space.sample(np.random.default_rng(4))
    losses, seen = problem.case_losses(config, np.random.default_rng(0)), look(problem, **config)
    assert losses.train.shape == problem.split.targets.shape
    if problem.task.table.classes:
        assert losses.held_out.mean() == pytest.approx(seen.test_value)
    else:  # the recorded error is in units of the test part's own variance
        unit = problem.split.test_targets.var() / whole(problem.task.table)[1].var()
        assert losses.held_out.mean() / unit == pytest.approx(seen.test_value)
