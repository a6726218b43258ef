"""The models: what they learn, that the forest is scikit-learn's, and what their errors say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.recorded import nearest
from problems.recorded.judging import errors_of, judged, measures, minimiser
from problems.recorded.recording import RecordingError
from problems.recorded.scores import normal_scores
from problems.recorded.surrogates import KINDS, Surrogate, kind_called
from tests.problems.recorded.made import SPACE, recording, value_of

MODELS = list(KINDS)


def needed(name: str) -> None:
    if missing := KINDS[name].needs.missing():
        pytest.skip(missing)


def test_the_forest_predicts_what_scikit_learn_predicts():
    ensemble = pytest.importorskip("sklearn.ensemble")
    forest = pytest.importorskip("problems.recorded.forest")
    rng = np.random.default_rng(0)
    points, targets, others = rng.random((120, 3)), rng.random((120, 2)), rng.random((50, 3))
    centre, spread = targets.mean(axis=0), targets.std(axis=0)
    theirs = ensemble.ExtraTreesRegressor(forest.TREES, min_samples_leaf=forest.LEAF, random_state=forest.SEED)
    theirs.fit(points, (targets - centre) / spread)
    found = forest.fit(points, targets).predict(others)
    np.testing.assert_allclose(found, theirs.predict(others) * spread + centre, rtol=1e-12)
    assert forest.fit(points, targets).predict(others).tobytes() == found.tobytes()


def test_the_nearest_trial_is_found_by_distance():
    rng = np.random.default_rng(0)
    points, others = rng.random((40, 3)), rng.random((30, 3))
    far = ((others[:, None] - points[None]) ** 2).sum(axis=2)
    model = nearest.fit(points, points)
    assert model.positions(others).tolist() == far.argmin(axis=1).tolist()
    assert model.predict(points).tolist() == points.tolist()


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30, unique=True))
def test_normal_scores_keep_order_and_come_back(values: list[float]):
    array = np.sort(np.array(values))
    scores = normal_scores(array)
    assert (np.diff(scores.forward(array)) > 0).all()
    np.testing.assert_allclose(scores.back(scores.forward(array)), array)
    assert scores.back(np.array([-9.0, 9.0])).tolist() == [array[0], array[-1]]


def test_normal_scores_are_centred_and_equal_for_equal_values():
    scores = normal_scores(np.array([1.0, 2.0, 2.0, 3.0])).forward(np.array([1.0, 2.0, 3.0]))
    assert scores[1] == pytest.approx(0.0)
    assert scores[0] == pytest.approx(-scores[2])


@pytest.mark.parametrize("name", MODELS)
def test_a_model_knows_what_it_was_shown_and_foretells_what_not(name: str):
    needed(name)
    seen = recording(300)
    model = Surrogate(seen, kind_called(name))
    rng = np.random.default_rng(5)
    configs = [SPACE.sample(rng) for _ in range(200)]
    configs = [config for config in configs if config["rate"] < 0.25]
    units = np.array([SPACE.to_unit(config) for config in configs])
    curves, tested = model.curves(units)
    true = np.array([value_of(config) for config in configs])
    assert np.corrcoef(curves[:, -1], true)[0, 1] > 0.9
    assert tested is not None
    assert np.corrcoef(tested, true)[0, 1] > 0.9
    assert (curves[:, 0] > curves[:, -1]).mean() > 0.9  # trainings go down
    assert model.fails(units).mean() < 0.05
    assert model.fails(np.array([SPACE.to_unit({"rate": 0.9, "epochs": 4, "kind": None})])).all()


@pytest.mark.parametrize("name", MODELS)
def test_nothing_is_lower_than_the_minimiser(name: str):
    needed(name)
    model = Surrogate(recording(60), kind_called(name))
    place = minimiser(model, np.random.default_rng(0))
    anywhere = np.random.default_rng(1).random((5_000, 3))
    assert model.final_values(place[None])[0] <= model.final_values(anywhere).min()


def test_the_errors_are_those_of_trials_that_were_not_seen():
    seen = recording(300)
    errors = errors_of(seen, KINDS["nearest"], np.random.default_rng(0))
    assert 0.5 < errors["R²"] < 0.9999  # 1 would be that of what was learned
    assert errors["failures foretold"] > 0.9
    assert errors["rank correlation"] > 0.9
    shuffled = np.random.default_rng(0).permutation(200).astype(float)
    assert measures(np.arange(200.0), shuffled)["R²"] < 0
    assert abs(measures(np.arange(200.0), shuffled)["rank correlation"]) < 0.25
    assert measures(np.arange(200.0), np.arange(200.0))["RMSE, best fifth"] == 0.0


def test_the_better_model_stands_for_the_problem_unless_another_is_wanted():
    needed("forest")
    kinds = list(KINDS.values())
    errors = (whole := judged(recording(60), kinds)).facts.errors
    assert whole.facts.surrogate == min(errors, key=lambda name: errors[name]["RMSE, best fifth"])
    assert judged(recording(60), kinds, "nearest").facts.surrogate == "nearest"
    with pytest.raises(RecordingError, match="at least 20"):
        judged(recording(10), kinds)
    with pytest.raises(RecordingError, match="one of forest, nearest, got 'x'"):
        judged(recording(60), kinds[1:], "x")
