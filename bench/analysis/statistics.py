"""Intervals: how sure a number or a curve is, given how few seeds made it.

A stratum is a problem in a dimension: seeds are resampled within it, never across, so that an interval says what other
seeds would have shown on the same problems. That is `scipy.stats.bootstrap` with a sample per stratum, but for one
thing: of n seeds n - 1 are drawn. A mean over resamples then has the variance s²/n that it should have (Rao & Wu 1988,
J. Am. Stat. Assoc. 83:231-241), where n of n have (n - 1)/n of it, and two seeds a half.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from problems.space import Floats

LEVEL = 0.95
RESAMPLES = 1000


def drawn(n: int, rng: Generator, resamples: int = RESAMPLES) -> Floats:
    """How often each of `n` seeds is among the n - 1 drawn with replacement, as a share: (R, n), rows sum to 1."""
    draws = max(n - 1, 1)
    chosen = rng.integers(n, size=(resamples, draws)) + n * np.arange(resamples)[:, None]
    counts = np.bincount(chosen.ravel(), minlength=n * resamples).reshape(
        resamples, n
    )  # multinomial, six times as fast
    shares: Floats = counts / draws
    return shares


def stratified_means(strata: Sequence[Floats], rng: Generator, resamples: int = RESAMPLES) -> Floats:
    """Bootstrap means (R, …) over the rows of all `strata` [(n₁, …), (n₂, …), …], a row being a seed.

    All columns of a row are drawn together: differences between them are paired. NaN is what does not exist (a strategy
    that was skipped there, a trial beyond the budget), and left out; NaN where nothing exists at all.
    """
    shape = strata[0].shape[1:]
    total, rows = np.zeros((2, resamples, int(np.prod(shape))))
    for stratum in strata:
        n = len(stratum)
        flat, weights = stratum.reshape(n, -1), n * drawn(n, rng, resamples)
        known = np.isfinite(flat)
        total += weights @ np.where(known, flat, 0.0)
        rows += weights @ known
    with np.errstate(invalid="ignore"):
        means: Floats = (total / rows).reshape(resamples, *shape)
    return means


def bounds(estimates: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """The ends (…) of the percentile interval of bootstrap `estimates` (R, …), each one of them; NaN is left out."""
    ordered = np.sort(estimates, axis=0)  # NaN last
    last = np.maximum((~np.isnan(estimates)).sum(axis=0, keepdims=True) - 1, 0)
    places = (np.round(last * tail).astype(int) for tail in ((1 - level) / 2, (1 + level) / 2))
    low, high = (np.take_along_axis(ordered, place, axis=0)[0] for place in places)
    return low, high


def median(x: Floats, axis: int) -> Floats:
    """Median without NaN; NaN where there is nothing else. Infinities are numbers."""
    ordered = np.sort(x, axis=axis)  # NaN last
    count = (~np.isnan(x)).sum(axis=axis, keepdims=True)
    places = np.maximum((count - 1) // 2, 0), count // 2
    low, high = (np.take_along_axis(ordered, place, axis).squeeze(axis) for place in places)
    with np.errstate(invalid="ignore"):  # of two infinities the difference is not needed
        middle: Floats = np.where(low == high, low, low + (high - low) / 2)
    return middle


def bootstrap_medians(values: Floats, rng: Generator, resamples: int = RESAMPLES) -> Floats:
    """Medians (resamples, t) of `values` (n, t) drawn with replacement along n; without NaN.

    Which ranks are in the middle of a resample does not depend on the values: they are drawn once, for all columns.
    """
    n = len(values)
    ranks = np.sort(rng.integers(n, size=(resamples, n)), axis=1)
    ordered = np.sort(values, axis=0)
    medians: Floats = ordered[ranks[:, (n - 1) // 2]] / 2 + ordered[ranks[:, n // 2]] / 2
    return medians


def band_of_medians(values: Floats, rng: Generator, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
    """Medians (t,) of `values` (n, t) along n, and the ends (t,) of their percentile bootstrap band; without NaN."""
    tails = [100 * (1 - level) / 2, 100 * (1 + level) / 2]
    with np.errstate(invalid="ignore"):  # the median of two infinities is inf - inf halfway
        low, high = np.percentile(bootstrap_medians(values, rng), tails, axis=0, method="closest_observation")
        return np.median(values, axis=0), low, high


def median_band(
    frame: pd.DataFrame, value: str, by: list[str], along: str, rng: Generator, level: float = LEVEL
) -> pd.DataFrame:
    """Median of `value` over seeds with a percentile bootstrap band, per group of `by` and position `along`.

    Columns: `by`, `along`, `median`, `low`, `high`, `n` (seeds). The same ranks are drawn for every position, so a
    band is smooth along its curve. A position that a seed lacks (its run failed) counts as infinitely bad: it cannot be
    averaged away.
    """
    columns = [*by, along, "median", "low", "high", "n"]
    bands = []
    for key, group in frame.groupby(by, sort=False):
        wide = group.pivot(index="seed", columns=along, values=value).fillna(np.inf)
        matrix = wide.to_numpy()
        median, low, high = band_of_medians(matrix, rng, level)
        where = dict(zip(by, key, strict=True)) if isinstance(key, tuple) else {by[0]: key}
        band = {**where, along: wide.columns, "median": median, "low": low, "high": high, "n": len(matrix)}
        bands.append(pd.DataFrame(band))
    if not bands:
        return pd.DataFrame(columns=columns)
    bands_of_all: pd.DataFrame = pd.concat(bands, ignore_index=True)[columns].replace(np.inf, np.nan)
    return bands_of_all
