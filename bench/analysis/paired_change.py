"""What one version of a strategy gained or lost against another: over pairs of runs on the same instance and seed.

| symbol | meaning |
|---|---|
| `old` `new` | regrets at the end of the budget (n,), pair by pair; inf: the run failed |
| `change` | log10 of new over old (n,), negative is better; where no optimum is known, new minus old |
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binomtest, norm

from bench.analysis.power import EFFICIENCY, attained_level, cells_needed, detectable
from bench.analysis.shift import pseudo_median, shift_interval
from bench.analysis.significance import LEAST_REGRET, signed_rank_p
from problems.space import Floats

POWER = 0.8


@dataclass(frozen=True)
class Estimate:
    """A number with its interval; infinite ends say that there are too few pairs for any."""

    value: float
    low: float
    high: float

    def power_of_ten(self) -> "Estimate":
        """Of decades the factors."""
        with np.errstate(over="ignore"):
            return Estimate(*(float(np.power(10.0, x)) for x in (self.value, self.low, self.high)))


def changes(old: Floats, new: Floats, known: bool) -> Floats:
    """`change` (n,): inf where only the new run failed, -inf where only the old one did, NaN where both did.

    `known`: regrets are above a stated optimum or bound, and their ratio means something.
    """
    with np.errstate(invalid="ignore"):
        if not known:
            return np.asarray(new - old)
        moved: Floats = np.log10(np.maximum(new, LEAST_REGRET)) - np.log10(np.maximum(old, LEAST_REGRET))
    return moved


def shift(change: Floats, level: float) -> Estimate:
    """The pseudo-median of the changes that are known, with its interval."""
    x = change[~np.isnan(change)]
    return Estimate(pseudo_median(x), *shift_interval(x, level))


def share_won(change: Floats, level: float) -> Estimate:
    """How often new is lower, ties ½, with Clopper and Pearson's interval over the pairs that are not tied."""
    x = change[~np.isnan(change)]
    won, lost = int((x < 0).sum()), int((x > 0).sum())
    if not len(x):
        return Estimate(math.nan, 0.0, 1.0)
    tied = len(x) - won - lost
    ends = binomtest(won, won + lost).proportion_ci(level) if won + lost else (0.5, 0.5)
    low, high = ((share * (won + lost) + tied / 2) / len(x) for share in ends)
    return Estimate((won + tied / 2) / len(x), float(low), float(high))


def p_of(change: Floats) -> float:
    """Two-sided p of Wilcoxon's signed-rank test that new and old may change places; 1 where nothing moved."""
    x = change[~np.isnan(change) & (change != 0)]
    far = 1 + 2 * np.abs(x[np.isfinite(x)]).max(initial=0.0)  # the rank of a failed run is the last
    return signed_rank_p(np.clip(x, -far, far)) if len(x) else 1.0


@dataclass(frozen=True)
class Sight:
    """What so many pairs could have seen, and how many would see the margin; decades; NaN where there is no spread."""

    sd: float  # that normal changes would have with such an interval
    smallest: float  # change that is found with `POWER`; inf: none is
    to_find: float  # pairs that find a change by the margin
    to_exclude: float  # pairs that show, where nothing changed, that any change is within the margin


def sight(change: Floats, margin: float, level: float) -> Sight:
    """What Wilcoxon's test of `change` (decades) could have seen, for a margin in decades, at a two-sided `level`.

    To exclude: both ends of the interval lie within the margin, Schuirmann's two one-sided tests (1987, J. Pharmacokin.
    Biopharm. 15:657-680); n = ((z_(1-α/2) + z_((1+power)/2)) sd / margin)² π/3, at the efficiency of Wilcoxon's test.
    """
    n = int(np.isfinite(change).sum())
    sd, unit = spread(change[np.isfinite(change)], level), detectable(n, level, POWER) if n else math.inf
    if not sd > 0:
        return Sight(sd, unit if math.isinf(unit) else math.nan, math.nan, math.nan)
    quantiles = norm.isf(level / 2) + norm.isf((1 - POWER) / 2)
    exclude = math.ceil((quantiles * sd / margin) ** 2 / EFFICIENCY)
    return Sight(sd, unit * sd, cells_needed(margin / sd, level, POWER), float(exclude))


def spread(x: Floats, level: float) -> float:
    """The standard deviation of normal changes whose interval would be as wide as that of `x` (n,).

    A few wild changes, which the test hardly feels, make the plain one large; that is taken where there is no interval.
    """
    n = len(x)
    if (attained := attained_level(n, level)) == 0:
        return float(np.std(x, ddof=1)) if n > 1 else math.nan
    low, high = shift_interval(x, 1 - level)
    return (high - low) / 2 / float(norm.isf(attained / 2)) * math.sqrt(EFFICIENCY * n)


def smallest_share(n: int, level: float) -> float:
    """The share of `n` pairs that one side must win in truth, for a sign test to find it with `POWER` (normal)."""
    return min(1.0, 0.5 + (norm.isf(level / 2) + norm.ppf(POWER)) / 2 / math.sqrt(n)) if n else 1.0


def time_ratio(old: pd.Series, new: pd.Series, level: float) -> Estimate:
    """Seconds of new over old, pair by pair."""
    moved = np.log10(new.clip(lower=1e-9).to_numpy(dtype=float)) - np.log10(old.clip(lower=1e-9).to_numpy(dtype=float))
    return shift(moved[np.isfinite(moved)], level).power_of_ten()
