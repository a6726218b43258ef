"""Each method against numbers that are known: a library's, a formula's, or those of a function made for it."""

import math

import numpy as np
import optuna
import pandas as pd
import pytest
from optuna.distributions import FloatDistribution
from optuna.importance import FanovaImportanceEvaluator

from bench.analysis.importance import sobol_shares
from bench.analysis.sensitivity.data import NOTHING, with_nothing
from bench.analysis.sensitivity.methods import METHODS, Sample
from bench.analysis.sensitivity.partial_dependence import curves_of, places
from bench.analysis.sensitivity.random_forest import estimate, pieces
from bench.claims.designs import unit_space
from bench.exchange import optuna_importance
from bench.exchange.optuna_storage import quiet
from problems.space import Categorical, Float, Floats, Int, SearchSpace

MIXED = SearchSpace(
    (Float("rate", 1e-5, 1.0, log=True), Int("layers", 1, 4), Categorical("kind", ("a", "b", "c")), Float("idle", 0, 1))
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_fanova_is_that_of_optuna():
    units = rng().random((40, 3))
    values = np.sin(6 * units[:, 0]) + units[:, 1] * units[:, 2]
    ours = estimate(Sample(unit_space(3), units, values), rng(1)).shares["fanova"]
    with quiet():
        study = optuna.create_study()
        study.add_trials(
            optuna.create_trial(
                params={f"x{j}": unit for j, unit in enumerate(point)},
                distributions={f"x{j}": FloatDistribution(0.0, 1.0) for j in range(3)},
                value=value,
            )
            for point, value in zip(units.tolist(), values.tolist(), strict=True)
        )
        theirs = FanovaImportanceEvaluator(seed=int(rng(1).integers(2**31))).evaluate(study)
    assert ours == pytest.approx([theirs[f"x{j}"] for j in range(3)], rel=1e-9)


def test_fanova_weighs_integers_and_choices_by_their_cells():
    units = MIXED.snap(rng().random((400, 4)))
    values = 2.0 * (units[:, 2] == 0.5) + 0.8 * np.floor(units[:, 1] * 4)  # variances 4 · 2/9 and 0.64 · 1.25
    shares = estimate(Sample(MIXED, units, values), rng(1)).shares["fanova"]
    expected = np.array([0.8, 4 * 2 / 9]) / (0.8 + 4 * 2 / 9)
    assert shares[1:3] == pytest.approx(expected, abs=0.02)
    assert shares[[0, 3]] == pytest.approx([0.0, 0.0], abs=0.01)
    middles, widths = pieces(MIXED.parameters[2], np.array([]))
    assert middles == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    assert widths == pytest.approx([1 / 3] * 3, abs=1e-3)


def test_values_that_are_all_equal_in_a_forest_say_nothing():
    assert np.isnan(estimate(Sample(unit_space(2), rng().random((10, 2)), np.ones(10)), rng()).shares["fanova"]).all()


def test_ped_anova_finds_what_the_best_tenth_have_in_common():
    units = MIXED.snap(rng().random((150, 4)))
    values = (units[:, 2] != 0.5) + 0.3 * np.abs(units[:, 0] - 0.3)  # good: kind b, and a rate near 10^-3.5
    shares = optuna_importance.estimate(Sample(MIXED, units, values), rng()).shares["ped_anova"]
    assert shares.sum() == pytest.approx(1.0)
    assert shares[[0, 2]].min() > 3 * shares[[1, 3]].max()


def g_function(points: Floats) -> Floats:
    value: Floats = np.prod((np.abs(4 * points - 2) + G) / (1 + G), axis=1)
    return value


G = np.array([0.0, 1.0, 4.5, 9.0])


def test_sobol_indices_of_the_g_function_are_the_published_ones():
    """Saltelli & Sobol' 1995: V_i = 1 / (3 (1 + a_i)²), V = Π (1 + V_i) − 1, T_i = V_i Π_{j≠i} (1 + V_j) / V."""
    alone = 1 / (3 * (1 + G) ** 2)
    whole = np.prod(1 + alone) - 1
    table = sobol_shares(g_function, ["a", "b", "c", "d"], rng(), points=1024, resamples=20)
    assert table["first"].to_numpy() == pytest.approx(alone / whole, abs=0.03)
    assert table["total"].to_numpy() == pytest.approx(alone * np.prod(1 + alone) / (1 + alone) / whole, abs=0.03)
    assert ((table["total_low"] <= table["total"]) & (table["total"] <= table["total_high"])).all()
    again = sobol_shares(g_function, ["a", "b", "c", "d"], rng(), points=1024, resamples=20)
    pd.testing.assert_frame_equal(table, again)


def test_sobol_indices_of_the_ishigami_function_are_the_published_ones():
    def ishigami(points: Floats) -> Floats:
        x, y, z = (2 * points.T - 1) * math.pi
        value: Floats = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
        return value

    table = sobol_shares(ishigami, ["x", "y", "z"], rng(), points=2048, resamples=0)
    assert table["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert table["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_method_says_something_of_every_parameter_and_repeats_itself(method):
    units = MIXED.snap(rng().random((60, 4)))
    sample = with_nothing(Sample(MIXED, units, 3.0 * units[:, 0] + units[:, 1] + 0.1 * rng(1).normal(size=60)), rng(2))
    first, second = (method.load()(sample, rng(3)).shares for _ in range(2))
    assert set(first) == {measure.name for measure in method.measures}
    for name, shares in first.items():
        assert shares.shape == (5,)
        assert np.array_equal(shares, second[name])
        assert np.argmax(shares) == 0, "the rate matters most"
        assert shares[0] > shares[sample.space.names.index(NOTHING)]


def test_partial_dependence_of_a_sum_is_its_terms():
    def predict(units: Floats) -> Floats:
        total: Floats = 3.0 * units[:, 0] + units[:, 1] ** 2 + 10.0 * units[:, 2]  # the last is not of the space
        return total

    means, lines = curves_of(unit_space(2), predict, rng())
    for name, term in (("x1", lambda u: 3.0 * u), ("x2", lambda u: u**2)):
        curve = means[means["parameter"] == name]
        assert np.diff(curve["value"]) == pytest.approx(np.diff(term(curve["unit"].to_numpy())))
        single = lines[lines["parameter"] == name].pivot(index="unit", columns="line", values="value")
        assert np.diff(single, axis=0) == pytest.approx(
            np.diff(term(single.index.to_numpy()))[:, None] * np.ones((1, 12))
        )


@pytest.mark.parametrize("parameter", MIXED.parameters, ids=lambda parameter: parameter.name)
def test_curves_stop_at_values_that_a_parameter_takes(parameter):
    units = places(parameter)
    assert len(units) == min(25, parameter.cardinality)
    assert units == pytest.approx([parameter.to_unit(parameter.from_unit(unit)) for unit in units])
