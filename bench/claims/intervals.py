"""95 % intervals of means, as effects."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

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
