"""Intervals: how sure a curve is, given how few seeds made it."""

import numpy as np
import pandas as pd
from numpy.random import Generator

from problems.space import Floats

LEVEL = 0.95
RESAMPLES = 1000


def bootstrap_medians(values: Floats, rng: Generator, resamples: int = RESAMPLES) -> Floats:
    """Medians (resamples, t) of rows of `values` (n, t) drawn with replacement; a row stays whole: one seed's curve."""
    n = len(values)
    rows = rng.integers(n, size=(resamples, n))
    medians: Floats = np.median(values[rows], axis=1)
    return medians


def median_band(
    frame: pd.DataFrame, value: str, by: list[str], along: str, rng: Generator, level: float = LEVEL
) -> pd.DataFrame:
    """Median of `value` over seeds with a percentile bootstrap band, per group of `by` and position `along`.

    Columns: `by`, `along`, `median`, `low`, `high`, `n` (seeds). Whole seeds are resampled, so a band is smooth along
    its curve. A position that a seed lacks (its run failed) counts as infinitely bad: it cannot be averaged away.
    """
    columns = [*by, along, "median", "low", "high", "n"]
    tails = [100 * (1 - level) / 2, 100 * (1 + level) / 2]
    bands = []
    for key, group in frame.groupby(by, sort=False):
        wide = group.pivot(index="seed", columns=along, values=value).fillna(np.inf)
        matrix = wide.to_numpy()
        with np.errstate(invalid="ignore"):  # the median of two infinities is inf - inf halfway
            low, high = np.percentile(bootstrap_medians(matrix, rng), tails, axis=0, method="closest_observation")
            median = np.median(matrix, axis=0)
        where = dict(zip(by, key, strict=True)) if isinstance(key, tuple) else {by[0]: key}
        band = pd.DataFrame({along: wide.columns, "median": median, "low": low, "high": high, "n": len(matrix)})
        bands.append(pd.DataFrame(where, index=band.index).join(band))
    if not bands:
        return pd.DataFrame(columns=columns)
    bands_of_all: pd.DataFrame = pd.concat(bands, ignore_index=True)[columns].replace(np.inf, np.nan)
    return bands_of_all
