"""95 % intervals of shares and chances, as effects: they keep a width where every run won."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from bench.claims.claim import Effect
from bench.claims.intervals import LEVEL

EVEN = 0.5  # the chance of winning against an equal


def wilson(mean: float, n: int) -> tuple[float, float]:
    """Wilson's interval of a share `mean` in [0, 1] of `n`; (0, 1) for none (Wilson 1927, J. Am. Stat. Assoc. 22)."""
    if n == 0:
        return 0.0, 1.0
    z2 = float(norm.ppf((1 + LEVEL) / 2)) ** 2
    centre = (mean + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (mean * (1 - mean) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def share_effect(name: str, chances: ArrayLike, counted: str, threshold: float | None = None) -> Effect:
    """The mean of independent `chances` (n,) in [0, 1].

    Nothing in [0, 1] varies more than zeros and ones of the same mean do, and a sample of as many from every stratum
    less than a plain one: the interval is on the safe side.
    """
    numbers = np.asarray(chances, dtype=float)
    mean = float(numbers.mean()) if len(numbers) else EVEN
    return Effect(name, mean, *wilson(mean, len(numbers)), len(numbers), counted, threshold)
