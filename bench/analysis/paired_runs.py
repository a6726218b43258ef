"""Two runs on the same instance with the same seed: how often one is lower, and by how much, with 95 % intervals.

| symbol | meaning |
|---|---|
| stratum | a problem in a dimension; its seeds are resampled, all strategies of a seed together |
| `n` `k` `R` | seeds of a stratum, strategies, bootstrap resamples |
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bench.analysis.effect_sizes import interquartile_mean, probability_of_improvement, wins
from bench.analysis.significance import LEAST_REGRET
from bench.analysis.statistics import LEVEL, RESAMPLES, bounds, stratified_means
from bench.analysis.summary import at_the_end
from problems.space import Floats

STRATUM = ["problem", "dim"]


def final_regrets(curves: pd.DataFrame) -> pd.DataFrame:
    """Regret at the end: a row per `problem`, `dim`, `seed`, a column per strategy; inf: failed, NaN: not there."""
    ends = at_the_end(curves).fillna({"regret": np.inf})
    return ends.pivot(index=["problem", "dim", "seed"], columns="strategy", values="regret")


def of_strata(wide: pd.DataFrame) -> list[Floats]:
    """The rows of `wide` (`final_regrets`) by stratum: [(n₁, k), (n₂, k), …]."""
    return [rows.to_numpy(dtype=float) for _, rows in wide.groupby(STRATUM)]


def both(x: Floats) -> NDArray[np.bool_]:
    """Whether both of two strategies are there: (n, k) -> (n, k, k)."""
    there: NDArray[np.bool_] = ~np.isnan(x[:, :, None]) & ~np.isnan(x[:, None, :])
    return there


def win_shares(strata: Sequence[Floats], rng: Generator, resamples: int = RESAMPLES) -> tuple[Floats, Floats, Floats]:
    """Share of pairs (same instance and seed) that the row's strategy wins of the column's, ties ½: (k, k), and its
    95 % interval: low (k, k), high (k, k).

    Where one side won every one of n pairs, resampling shows nothing else, and the near end is Clopper and Pearson's
    0.025^(1/n) (valid for unequal strata too: Hoeffding 1956). NaN where two have no pair; a single seed per stratum
    has no interval.
    """
    if not strata:
        return np.zeros((0, 0)), np.zeros((0, 0)), np.zeros((0, 0))
    won = [np.where(both(x), wins(x[:, :, None], x[:, None, :]), np.nan) for x in strata]  # (n, k, k)
    n = np.sum([np.isfinite(stratum).sum(axis=0) for stratum in won], axis=0)
    with np.errstate(invalid="ignore"):
        share: Floats = np.sum([np.nansum(stratum, axis=0) for stratum in won], axis=0) / n
    if max(map(len, strata)) < 2:
        return share, np.full_like(share, np.nan), np.full_like(share, np.nan)
    low, high = bounds(stratified_means(won, rng, resamples))
    chance = ((1 - LEVEL) / 2) ** (1 / np.maximum(n, 1))
    low = np.where(share == 1, np.minimum(low, chance), low)
    high = np.where(share == 0, np.maximum(high, 1 - chance), high)
    return share, low, high


def a12(strata: Sequence[Floats], first: int, second: int) -> float:
    """`probability_of_improvement` (A12) of two columns over all pairs of a stratum, mean over the strata with both."""
    pairs = [(x[:, first], x[:, second]) for x in strata]
    known = [(a[~np.isnan(a)], b[~np.isnan(b)]) for a, b in pairs]
    of_each = [probability_of_improvement(a, b) for a, b in known if len(a) and len(b)]
    return float(np.mean(of_each)) if of_each else math.nan


def log_ratios(x: Floats, first: int, second: int) -> Floats:
    """log10 of first's regret over second's, pair by pair: (n, k) -> (n,). NaN where either failed or is not there."""
    logs = np.log10(np.maximum(x[:, [first, second]], LEAST_REGRET))  # NaN and inf stay
    with np.errstate(invalid="ignore"):
        ratio: Floats = logs[:, 0] - logs[:, 1]
    return np.where(np.isfinite(ratio), ratio, np.nan)


def iqm_of_differences(
    strata: Sequence[Floats], rng: Generator, resamples: int = RESAMPLES
) -> tuple[float, float, float, int]:
    """Interquartile mean of paired differences [(n₁,), (n₂,), …] with its 95 % interval, and their number.

    NaN is left out. Resampled as in `stratified_means`; a single seed per stratum has no interval.
    """
    kept = [x[np.isfinite(x)] for x in strata]
    kept = [x for x in kept if len(x)]
    if not kept:
        return math.nan, math.nan, math.nan, 0
    estimate = float(interquartile_mean(np.concatenate(kept)))
    n = sum(map(len, kept))
    if max(map(len, kept)) < 2:
        return estimate, math.nan, math.nan, n
    chosen = [rng.integers(len(x), size=(resamples, max(len(x) - 1, 1))) for x in kept]
    low, high = bounds(
        interquartile_mean(np.concatenate([x[rows] for x, rows in zip(kept, chosen, strict=True)], axis=1))
    )
    return estimate, float(low), float(high), n
