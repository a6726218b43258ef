"""Importance: published indices, functions whose relevant parameters are known, every kind of parameter."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from bench.analysis.importance import (
    RELEVANT,
    half_an_equal_share,
    importance,
    refits,
    relevant,
    smallest_set,
    standard_errors,
    summarised,
)
from bench.analysis.surrogate import fit, observations
from bench.claims.designs import unit_space
from problems.space import Categorical, Float, Floats, Int, SearchSpace


def table(points: Floats, values: Floats) -> pd.DataFrame:
    """Trials of `unit_space`."""
    configs = [json.dumps({f"x{j}": x for j, x in enumerate(point, start=1)}) for point in points.tolist()]
    return pd.DataFrame({"config": configs, "value": values})


def ishigami(points: Floats) -> Floats:
    x, y, z = (2 * points.T - 1) * math.pi
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def test_ishigamis_indices_are_the_published_ones():
    points = np.random.default_rng(0).random((256, 3))
    found = importance(unit_space(3), table(points, ishigami(points)), np.random.default_rng(1))
    assert found["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.06)
    assert found["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.06)
    assert found["share"].sum() == pytest.approx(1.0)
    for name in ("first", "total"):
        assert (found[f"{name}_low"] <= found[name]).all()
        assert (found[name] <= found[f"{name}_high"]).all()


@pytest.mark.parametrize("known", [1, 2, 4, 7])
def test_as_many_parameters_are_relevant_as_the_function_has(known: int):
    rng = np.random.default_rng(known)
    points = rng.random((200, 7))
    chosen = rng.choice(7, known, replace=False)
    signal = np.cos(5 * points[:, chosen] + np.arange(known)).sum(axis=1)
    values = signal + 0.3 * signal.std() * rng.normal(size=200)  # a noisy training
    found = importance(unit_space(7), table(points, values), rng, points=256)
    assert set(np.flatnonzero(found["total"] > RELEVANT)) == set(chosen)
    assert set(np.flatnonzero(found["share"] > half_an_equal_share(7))) == set(chosen)
    assert relevant(found["total"].to_numpy(), RELEVANT) == known


SPACE = SearchSpace(
    (
        Float("rate", 1e-5, 1.0, log=True),
        Int("layers", 1, 4),
        Categorical("kind", ("a", "b", "c")),
        Int("width", 16, 256, log=True),
    )
)


def mixed(count: int, seed: int) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    return [SPACE.sample(rng) for _ in range(count)]


def test_logs_integers_and_choices_are_seen_in_the_unit_cube():
    configs = mixed(120, 0)
    # the variance of a third of each: choices 0, 1, 0; a log rate; integers
    values = [
        2.0 * (c["kind"] == "b") + 3.2 * abs(math.log10(c["rate"])) / 5 + 0.8 * c["layers"]  # type: ignore[arg-type, operator]
        for c in configs
    ]
    trials = pd.DataFrame({"config": [json.dumps(c) for c in configs], "value": values})
    found = importance(SPACE, trials, np.random.default_rng(0)).set_index("parameter")["total"]
    expected = np.array([3.2**2 / 12, 0.8**2 * 1.25, 4 * 2 / 9])
    assert found[["rate", "layers", "kind"]].to_numpy() == pytest.approx(expected / expected.sum(), abs=0.05)
    assert found["width"] < 0.02


def test_a_parameter_that_makes_trials_fail_is_important():
    configs = mixed(60, 1)
    values = [None if c["kind"] == "c" else 0.1 + c["layers"] / 100 for c in configs]  # type: ignore[operator]
    values[next(i for i, c in enumerate(configs) if c["kind"] == "a")] = 1.0  # the worst that was seen
    trials = pd.DataFrame({"config": [json.dumps(c) for c in configs], "value": pd.Series(values, dtype=float)})
    found = importance(SPACE, trials, np.random.default_rng(0), points=256).set_index("parameter")["total"]
    assert found["kind"] > 0.8
    assert found["kind"] == found.max()


def test_predictions_are_on_the_scale_of_the_values_though_they_span_decades():
    points = np.random.default_rng(3).random((60, 2))
    values = 1e3 * np.exp(9 * points[:, 0])
    surrogate = fit(unit_space(2), *observations(unit_space(2), table(points, values)))
    new = np.random.default_rng(4).random((50, 2))
    assert np.log(surrogate.predict(new)) == pytest.approx(np.log(1e3 * np.exp(9 * new[:, 0])), abs=0.35)


def test_refits_say_how_good_and_how_sure_they_are():
    points = np.random.default_rng(5).random((60, 2))
    trials = table(points, (points[:, 0] - 0.4) ** 2)
    before = trials.copy()
    fits = refits(unit_space(2), trials, np.random.default_rng(0), count=4, points=64)
    pd.testing.assert_frame_equal(trials, before)
    pd.testing.assert_frame_equal(fits, refits(unit_space(2), trials, np.random.default_rng(0), count=4, points=64))
    assert fits.groupby("refit")["share"].sum().to_numpy() == pytest.approx(np.ones(4))
    assert (fits["explained"] > 0.99).all()
    rows = summarised(fits).set_index(["measure", "parameter"])
    assert rows.loc[("total", "x1"), "mean"] > 0.9
    assert ((rows["low"] <= rows["mean"]) & (rows["mean"] <= rows["high"])).all()


def test_the_jackknife_gives_the_standard_error_of_a_mean():
    rng = np.random.default_rng(6)
    numbers = rng.normal(size=100)
    means = np.array([rng.permutation(numbers)[:80].mean() for _ in range(4000)])
    assert standard_errors(means) == pytest.approx(numbers.std(ddof=1) / 10, rel=0.05)


@pytest.mark.parametrize(
    ("shares", "part", "fewest"),
    [
        ([0.15, 0.5, 0.05, 0.3], 0.9, 3),
        ([0.9, 0.1], 0.9, 1),
        ([1.0] * 10, 0.9, 9),
        ([3.0, 1.0], 0.8, 2),
        ([1.0, -0.3], 0.99, 1),
    ],
)
def test_the_smallest_set_that_holds_a_part(shares: list[float], part: float, fewest: int):
    assert smallest_set(np.array(shares), part) == fewest


def test_what_cannot_be_explained_is_refused():
    points = np.random.default_rng(7).random((20, 2))
    with pytest.raises(ValueError, match="at least 8 trials that succeeded, got 7"):
        observations(unit_space(2), table(points, np.where(np.arange(20) < 7, np.arange(20.0), np.nan)))
    with pytest.raises(ValueError, match="values that differ"):
        observations(unit_space(2), table(points, np.ones(20)))
    with pytest.raises(ValueError, match="above 0"):
        smallest_set(np.zeros(3))
