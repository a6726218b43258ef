"""How probably is one search ahead of a random one? Random search's luck is taken out by pooling its draws.

| symbol | meaning |
|---|---|
| `B` | draws in a pool: independent evaluations of random search on one instance |
| `n` | trials of a random search that the pool stands for, 1..B |

A random search of n trials is n draws taken from the pool without replacement; its best is above x when none of the
draws at or below x is among them. Over the pool's own randomness the chances are unbiased. Lower is better, ties
count ½, NaN (a failed trial) is infinitely bad.
"""

import math

import numpy as np
import pandas as pd

from bench.analysis.anytime import best_of
from bench.analysis.scores import BASELINE
from problems.space import Floats

INSTANCE = ["problem", "dim", "seed"]


def pools(trials: pd.DataFrame) -> dict[tuple[object, ...], Floats]:
    """Random search's told values above the optimum (B,), by problem, dimension and seed; NaN for a failed trial."""
    draws = trials[trials["strategy"] == BASELINE]
    grouped = (draws["value"] - draws["optimum"]).groupby([draws[name] for name in INSTANCE])
    return {key: told.to_numpy(dtype=float) for key, told in grouped if isinstance(key, tuple)}


def none_of(count: int, n: int, size: int) -> float:
    """P(none of `count` marked draws among `n` of `size`) = C(size − count, n)/C(size, n), by its factors.

    Raises ValueError unless 1 <= n <= size.
    """
    if not 1 <= n <= size:
        raise ValueError(f"the best of n draws needs 1 <= n <= {size}, the pool, got {n}; pool more draws")
    if count > size - n:
        return 0.0
    marked = np.arange(count, dtype=float)
    return float(np.prod((size - n - marked) / (size - marked)))


def chance_ahead(value: float, pool: Floats, n: int) -> float:
    """P(the best of `n` draws of `pool` (B,) is above `value`) + ½ P(equal), in [0, 1]."""
    draws = np.where(np.isnan(pool), np.inf, pool)
    own = np.inf if np.isnan(value) else value
    below, equal = int((draws < own).sum()), int((draws == own).sum())
    return (none_of(below, n, len(draws)) + none_of(below + equal, n, len(draws))) / 2


def chance_between(ours: Floats, our_n: int, theirs: Floats, their_n: int) -> float:
    """P(the best of `our_n` draws of the pool `ours` (B,) is below that of `their_n` of `theirs`) + ½ P(equal)."""
    ordered = np.sort(np.where(np.isnan(ours), np.inf, ours))
    weights = best_of(our_n, len(ordered))
    kept = weights > 1e-12  # the others cannot be seen in the sum
    return float(sum(w * chance_ahead(x, theirs, their_n) for w, x in zip(weights[kept], ordered[kept], strict=True)))


def even_trials(value: float, pool: Floats) -> float:
    """Trials, not whole ones, after which random search is at or below `value` with a chance of ½; inf if no draw is.

    The draws of `pool` (B,) are taken with replacement: 1 − (1 − k/B)^n = ½ with k of them at or below `value`.
    """
    share = float((pool <= value).mean())  # NaN is not
    if share in (0.0, 1.0):
        return math.inf if share == 0.0 else 1.0
    return max(1.0, math.log(0.5) / math.log1p(-share))
