"""By how much paired values moved: the pseudo-median of their differences, with an interval that holds for few pairs.

| symbol | meaning |
|---|---|
| `x` `n` | differences, one per pair; how many |
| Walsh average | (x_i + x_j) / 2, i <= j; there are n (n + 1) / 2 |

The interval is that of all shifts which Wilcoxon's signed-rank test does not reject (Hodges & Lehmann 1963, Ann. Math.
Stat. 34:598-611; Hollander & Wolfe 1999, section 3.3). Where the sides of a pair may change places without anything
changing, differences are symmetric about 0, and 0 is missed as often as the level says, whatever else they are.
"""

import math

import numpy as np
from scipy.stats import norm

from bench.analysis.power import signed_rank_null
from bench.analysis.significance import COUNTED_OUT
from problems.space import Floats

HALVINGS = 60  # of the range, down to neighbouring numbers
ROUNDING = 1e-12


def pseudo_median(x: Floats) -> float:
    """The median of the Walsh averages of `x` (n,); infinities count as beyond all others; NaN without any `x`."""
    if not len(x):
        return math.nan
    ordered, finite = standing(x)
    total = len(x) * (len(x) + 1) // 2
    low, high = (walsh_average(ordered, rank) for rank in ((total + 1) // 2, total // 2 + 1))
    return back((low + high) / 2, finite)


def shift_interval(x: Floats, level: float) -> tuple[float, float]:
    """The interval of the pseudo-median of `x` (n,) at `level` in (0, 1); infinite where n is too small for any."""
    rank = outermost(len(x), level)
    if rank == 0:
        return -math.inf, math.inf
    ordered, finite = standing(x)
    last = len(x) * (len(x) + 1) // 2
    return back(walsh_average(ordered, rank), finite), back(walsh_average(ordered, last + 1 - rank), finite)


def outermost(n: int, level: float) -> int:
    """Which of the Walsh averages of `n` differences, from either end, is the end of the interval; 0: none is."""
    tail = (1 - level) / 2
    if n <= COUNTED_OUT:
        return int(np.searchsorted(np.cumsum(signed_rank_null(n)), tail, side="right"))
    mean, sd = n * (n + 1) / 4, math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return int(mean + 0.5 + norm.ppf(tail) * sd)


def standing(x: Floats) -> tuple[Floats, float]:
    """`x` in order, with a number that no average of finite ones reaches for each infinity; and the largest finite."""
    finite = float(np.abs(x[np.isfinite(x)]).max(initial=0.0))
    far = 4 * finite + 1
    return np.sort(np.clip(x, -far, far)), finite


def back(average: float, finite: float) -> float:
    """What a Walsh average of numbers that stand for others means; 0 is exact, as ends are compared with it."""
    if abs(average) > finite:
        return math.copysign(math.inf, average)
    return 0.0 if abs(average) < ROUNDING * finite else average


def walsh_average(ordered: Floats, rank: int) -> float:
    """The Walsh average of `ordered` (n,) that `rank` of them, 1 being the least, do not exceed; without making all."""
    n, low, high = np.arange(1, len(ordered) + 1), float(ordered[0]), float(ordered[-1])
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        # of the partners of each, those that are at or after it in the order
        partners = np.maximum(np.searchsorted(ordered, 2 * middle - ordered, side="right") - (n - 1), 0)
        low, high = (low, middle) if partners.sum() >= rank else (middle, high)
    place = np.searchsorted(ordered, 2 * high - ordered, side="right") - 1  # the last partner that is not too large
    there = place >= n - 1
    averages = (ordered[there] + ordered[place[there]]) / 2
    return float(averages.max(initial=ordered[0]))
