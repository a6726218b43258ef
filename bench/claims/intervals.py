"""95 % intervals of means and shares, as effects."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binomtest, t

from bench.claims.claim import Effect

LEVEL = 0.95


def half_width(values: ArrayLike) -> float:
    """Half the width of Student's interval of the mean of independent `values`; infinite for fewer than two."""
    numbers = np.asarray(values, dtype=float)
    if len(numbers) < 2:
        return math.inf
    return float(t.ppf((1 + LEVEL) / 2, len(numbers) - 1) * numbers.std(ddof=1) / math.sqrt(len(numbers)))


def mean_effect(name: str, values: ArrayLike, counted: str, threshold: float | None = None) -> Effect:
    """The mean of independent `values`."""
    numbers = np.asarray(values, dtype=float)
    mean, half = float(numbers.mean()), half_width(numbers)
    return Effect(name, mean, mean - half, mean + half, len(numbers), counted, threshold)


def ratio_effect(name: str, logs: ArrayLike, counted: str, threshold: float | None = None) -> Effect:
    """The geometric mean of ratios given as decimal logarithms; its interval is symmetric on that scale."""
    log = mean_effect(name, logs, counted)
    return Effect(name, 10**log.value, 10**log.low, 10**log.high, log.n, counted, threshold)


def share_effect(name: str, hits: int, n: int, counted: str, threshold: float | None = None) -> Effect:
    """The share `hits / n`, with Wilson's interval."""
    interval = binomtest(hits, n).proportion_ci(LEVEL, method="wilson")
    return Effect(name, hits / n, float(interval.low), float(interval.high), n, counted, threshold)


def exact_effect(name: str, value: float, n: int, counted: str, threshold: float | None = None) -> Effect:
    """A number that was counted or computed: its interval has no width."""
    return Effect(name, value, value, value, n, counted, threshold)
