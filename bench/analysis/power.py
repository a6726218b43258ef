"""What could not have been seen: the smallest difference that a paired test over n cells finds, and the n it takes.

| symbol | meaning |
|---|---|
| effect | mean of the paired differences over their standard deviation (SDs) |
| n | cells: problems in dimensions; or seeds, where the test is within one problem |

Differences are taken to be normal. Wilcoxon's test then is worth a t-test of 3n/π cells (its asymptotic relative
efficiency; Lehmann 1975, Nonparametrics), at the level that its steps allow.
"""

import math
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import nct, t

from problems.space import Floats

EFFICIENCY = 3 / math.pi
STEPS_MATTER = 40  # cells, up to which the levels that Wilcoxon's statistic can have are counted out


def signed_rank_null(n: int) -> Floats:
    """P(W = w), w = 0..n(n+1)/2, of Wilcoxon's signed-rank sum of `n` untied differences: (n(n+1)/2 + 1,)."""
    chances = np.ones(1)
    for rank in range(1, n + 1):
        chances = (np.append(chances, np.zeros(rank)) + np.append(np.zeros(rank), chances)) / 2
    return chances


def attained_level(n: int, level: float) -> float:
    """The largest two-sided level at or below `level` that Wilcoxon's exact test can have with `n` cells; 0 if none."""
    if n > STEPS_MATTER:
        return level
    levels = 2 * np.cumsum(signed_rank_null(n))
    return float(levels[levels <= level].max(initial=0.0))


def power_of(effect: float, n: int, level: float = 0.05) -> float:
    """P(a two-sided Wilcoxon test of `n` pairs finds `effect` SDs at `level`), in [0, 1]."""
    attained, cells = attained_level(n, level), EFFICIENCY * n
    if attained == 0 or cells <= 1:
        return 0.0
    shift, freedom = abs(effect) * math.sqrt(cells), cells - 1
    bound = float(t.isf(attained / 2, freedom))
    # The far tail as that of the mirror image: scipy's nct.cdf is NaN where there is next to nothing.
    return float(nct.sf(bound, freedom, shift) + nct.sf(bound, freedom, -shift))


@lru_cache(maxsize=1024)  # a root search, asked the same for every pair of strategies
def detectable(n: int, level: float = 0.05, power: float = 0.8) -> float:
    """The smallest effect in SDs of the paired differences that `n` cells find with `power`; inf where none would.

    Two-sided Wilcoxon at `level`; below six cells its p-value cannot reach 0.05. Raises ValueError unless
    0 < level < power < 1.
    """
    if not 0 < level < power < 1:
        raise ValueError(f"a detectable effect needs 0 < level < power < 1, got level={level} and power={power}")
    if attained_level(n, level) == 0:
        return math.inf
    high = 1 / math.sqrt(n)
    while power_of(high, n, level) < power:  # no further than needed: scipy's nct is NaN far out
        high *= 1.5
    return float(brentq(lambda effect: power_of(effect, n, level) - power, 0.0, high))


def cells_needed(effect: float, level: float = 0.05, power: float = 0.8) -> float:
    """The least n whose `detectable` effect is at most `effect` (SDs); inf for an effect of 0."""
    if effect == 0:
        return math.inf
    low, high = 0, 8
    while detectable(high, level, power) > abs(effect):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if detectable(middle, level, power) <= abs(effect) else (middle, high)
    return float(high)


def detectable_differences(
    values: pd.DataFrame, strategy: str, decades: float = 0.1, level: float = 0.05, power: float = 0.8
) -> pd.DataFrame:
    """What `paired_against(values, strategy)` could not have seen: one row per other column of `values`, in its unit.

    `values` (cells × strategies) are log10 of regrets (`significance.final_log_regrets`), so the unit is a decade.
    Columns: `peer`, `n` (cells that both have), `sd` of the differences, `detectable` difference (decades; inf where n
    is too small for any), `factor` of regret that it is, `needed` (cells in which a difference of `decades` would be
    found with `power`; NaN without an sd). One test: for a family of m, pass `level` / m.
    """
    rows = []
    for peer in values.columns.drop(strategy):
        difference = (values[strategy] - values[peer]).dropna()
        sd = float(difference.std()) if len(difference) > 1 else math.nan
        smallest = detectable(len(difference), level, power)
        seen = math.inf if math.isinf(smallest) else smallest * sd
        needed = cells_needed(decades / sd, level, power) if sd > 0 else math.nan
        rows.append({"peer": peer, "n": len(difference), "sd": sd, "detectable": seen, "needed": needed})
    table = pd.DataFrame(rows, columns=["peer", "n", "sd", "detectable", "needed"])
    return table.assign(factor=10.0 ** table["detectable"])[["peer", "n", "sd", "detectable", "factor", "needed"]]
