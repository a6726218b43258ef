import numpy as np
import pandas as pd
import pytest

from bench.analysis.statistics import bootstrap_medians, median_band


def long(matrix: np.ndarray, strategy: str = "a") -> pd.DataFrame:
    rows = [
        {"strategy": strategy, "seed": seed, "trial": trial + 1, "regret": value}
        for seed, curve in enumerate(matrix)
        for trial, value in enumerate(curve)
        if not np.isnan(value)
    ]
    return pd.DataFrame(rows)


def test_the_median_lies_in_its_band_and_the_band_within_the_data():
    matrix = np.random.default_rng(1).exponential(size=(9, 12))
    band = median_band(long(matrix), "regret", ["strategy"], "trial", np.random.default_rng(2))
    assert band["median"].to_numpy() == pytest.approx(np.median(matrix, axis=0))
    assert (band["low"] <= band["median"]).all()
    assert (band["median"] <= band["high"]).all()
    assert (band["low"] >= matrix.min(axis=0)).all()
    assert (band["high"] <= matrix.max(axis=0)).all()
    assert set(band["n"]) == {9}


def test_one_seed_has_a_band_of_no_width_and_equal_seeds_too():
    for matrix in (np.array([[3.0, 2.0]]), np.array([[3.0, 2.0]] * 5)):
        band = median_band(long(matrix), "regret", ["strategy"], "trial", np.random.default_rng(0))
        assert band[["median", "low", "high"]].to_numpy().tolist() == [[3.0] * 3, [2.0] * 3]


def test_the_band_holds_the_true_median_about_as_often_as_it_says():
    rng = np.random.default_rng(3)
    held = []
    for _ in range(200):
        sample = rng.normal(size=(20, 1))
        low, high = np.percentile(bootstrap_medians(sample, rng, 400), [2.5, 97.5])
        held.append(low <= 0 <= high)
    assert 0.90 <= np.mean(held) <= 0.99


def test_more_seeds_make_a_narrower_band():
    rng = np.random.default_rng(4)
    widths = []
    for seeds in (5, 50, 500):
        band = median_band(long(rng.normal(size=(seeds, 1))), "regret", ["strategy"], "trial", rng)
        widths.append((band["high"] - band["low"]).iloc[0])
    assert widths[0] > widths[1] > widths[2]


def test_a_missing_seed_counts_as_infinitely_bad():
    nan = np.nan
    matrix = np.array([[1.0, 1.0, 1.0], [2.0, 2.0, nan], [3.0, nan, nan]])
    band = median_band(long(matrix), "regret", ["strategy"], "trial", np.random.default_rng(0))
    assert band["median"].tolist() == pytest.approx([2.0, 2.0, nan], nan_ok=True)
    assert band["high"].tolist() == pytest.approx([3.0, nan, nan], nan_ok=True)
    assert band["low"].tolist() == [1.0, 1.0, 1.0]


def test_the_same_stream_gives_the_same_band_and_another_nearly_so():
    matrix = np.random.default_rng(5).normal(size=(15, 3))
    first, again, other = (
        median_band(long(matrix), "regret", ["strategy"], "trial", np.random.default_rng(seed)) for seed in (7, 7, 8)
    )
    pd.testing.assert_frame_equal(first, again)
    assert (first["low"] - other["low"]).abs().max() < 0.5


def test_nothing_gives_an_empty_band_with_its_columns():
    empty = long(np.zeros((1, 1))).iloc[:0]
    band = median_band(empty, "regret", ["strategy"], "trial", np.random.default_rng(0))
    assert band.columns.tolist() == ["strategy", "trial", "median", "low", "high", "n"]
    assert band.empty
