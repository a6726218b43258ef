"""From refits to one answer: numbers with intervals, an order to tune in, and how far the methods agree.

| symbol | meaning |
|---|---|
| I, R, P, M | instances, refits of each, parameters (the last one is NOTHING), measures |
| cube | (I, R, P, M): what the measures say |

Intervals are over trials that might have been drawn instead, for these instances: the delete-d jackknife of
`bench.analysis.importance.standard_errors`, instance by instance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, norm, rankdata

from bench.analysis.importance import standard_errors
from bench.analysis.sensitivity.data import NOTHING
from bench.analysis.sensitivity.methods import MEASURES
from bench.analysis.statistics import LEVEL
from problems.space import Floats

LEAST = 0.01  # of the variance, or of all shares: less is no difference, however sure it is
HALF = float(norm.ppf((1 + LEVEL) / 2))


@dataclass(frozen=True, eq=False)
class Answers:
    """The refits of all instances, side by side."""

    parameters: tuple[str, ...]  # without NOTHING
    measures: tuple[str, ...]  # that have something to say
    cube: Floats  # (I, R, P + 1, M)

    @property
    def voting(self) -> tuple[str, ...]:
        """The measures that make the order."""
        return tuple(name for name in self.measures if MEASURES[name].votes)

    def of(self, names: Sequence[str]) -> Floats:
        """The cube of some measures."""
        return self.cube[..., [self.measures.index(name) for name in names]]


def answers(estimates: pd.DataFrame) -> Answers:
    """`estimates`: columns `instance`, `refit`, `parameter`, `measure`, `value`; measures that are NaN are left out.

    A refit in which a measure has nothing to say (NaN) has it say the same of all parameters.
    """
    known = set(estimates.loc[estimates["value"].notna(), "measure"])
    measures = tuple(name for name in MEASURES if name in known)
    parameters = tuple(name for name in estimates["parameter"].unique() if name != NOTHING)
    wide = estimates.pivot(index=["instance", "refit", "parameter"], columns="measure", values="value")
    instances, refits = (wide.index.get_level_values(level).unique() for level in ("instance", "refit"))
    order = pd.MultiIndex.from_product([instances, refits, [*parameters, NOTHING]])
    table = wide.reindex(order)[list(measures)].fillna(0.0).to_numpy(dtype=float)
    shape = len(instances), len(refits), len(parameters) + 1, len(measures)
    return Answers(parameters, measures, table.reshape(shape))


def mean_and_error(estimates: Floats) -> tuple[Floats, Floats]:
    """Mean (…) and standard error (…) over the instances and refits of `estimates` (I, R, …)."""
    errors = np.array([standard_errors(refits) for refits in estimates])
    return estimates.mean(axis=(0, 1)), np.sqrt((errors**2).sum(axis=0)) / len(estimates)


def importances(found: Answers) -> pd.DataFrame:
    """Columns `parameter` (NOTHING the last), `measure`, `value`, `low`, `high`.

    The interval of NOTHING is where a parameter without effect lies (`of_nothing`).
    """
    mean, error = mean_and_error(found.cube)
    error[-1] = of_nothing(found.cube)[1]
    rows = [
        (parameter, measure, mean[p, m], mean[p, m] - HALF * error[p, m], mean[p, m] + HALF * error[p, m])
        for m, measure in enumerate(found.measures)
        for p, parameter in enumerate((*found.parameters, NOTHING))
    ]
    return pd.DataFrame(rows, columns=["parameter", "measure", "value", "low", "high"])


def of_nothing(cube: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation (M,) of what a parameter without effect gets by chance, on average over instances.

    NOTHING is drawn anew for each refit: its numbers are independent draws of what such a parameter gets.
    """
    drawn = cube[:, :, -1]  # (I, R, M)
    return drawn.mean(axis=(0, 1)), np.sqrt(drawn.var(axis=1, ddof=1).sum(axis=0)) / len(drawn)


def mean_ranks(found: Answers, deciding: Sequence[str] = ()) -> Floats:
    """Mean rank (I, R, P + 1) over the measures `deciding`, or all that vote; 1 for what matters most, ties share."""
    ranks = rankdata(-found.of(deciding or found.voting), axis=2)
    mean: Floats = ranks.mean(axis=3)
    return mean


def tuning_order(found: Answers, deciding: Sequence[str] = ()) -> pd.DataFrame:
    """Columns `parameter`, `place`, `mean_rank`, `low`, `high`, `seen`; what to tune first comes first.

    All is decided by the measures `deciding`, or by all that vote. Parameters are sorted by their mean rank, and share
    the `place` of the first one that they cannot be told apart from. `seen`: whether a parameter gets more than
    NOTHING, which has no effect (`is_seen`).
    """
    mean, error = mean_and_error(mean_ranks(found, deciding))
    votes = found.of(deciding or found.voting)
    nothing = len(found.parameters)
    rows, leader, place = [], -1, 0
    for position, p in enumerate(sorted(range(nothing), key=lambda p: mean[p]), start=1):
        if leader < 0 or is_ahead(votes, leader, p):
            leader, place = p, position
        low, high = mean[p] - HALF * error[p], mean[p] + HALF * error[p]
        rows.append((found.parameters[p], place, mean[p], low, high, is_seen(votes, p)))
    return pd.DataFrame(rows, columns=["parameter", "place", "mean_rank", "low", "high", "seen"])


def is_seen(votes: Floats, p: int) -> bool:
    """Whether some measure of `votes` (I, R, P + 1, M) gives a parameter more than NOTHING gets by chance.

    Shares of what is not there are never below 0 and now and then large: their tail is taken for an exponential one,
    P(X > mean + k sd) = exp(−1 − k). The level is 5 % for all measures together (Bonferroni's correction).
    """
    chance, spread = of_nothing(votes)
    k = math.log(votes.shape[-1] / (1 - LEVEL)) - 1.0
    gap = votes[:, :, p].mean(axis=(0, 1)) - chance
    return bool((gap > np.maximum(k * spread, LEAST)).any())


def is_ahead(votes: Floats, first: int, second: int) -> bool:
    """Whether some measure of `votes` (I, R, P, M) says that `first` matters more than `second`, and none the reverse.

    A measure says so where the interval of the difference leaves 0; its level is 95 % for all measures together.
    """
    mean, error = mean_and_error(votes[:, :, first] - votes[:, :, second])  # (M,)
    reach = float(norm.ppf(1 - (1 - LEVEL) / 2 / votes.shape[-1]))
    least = np.maximum(reach * error, LEAST)
    return bool((mean > least).any() and not (mean < -least).any())


def agreement(found: Answers) -> pd.DataFrame:
    """Kendall's τ-b between the measures over the parameters: a square table by their names; NaN below two of them."""
    values = found.cube.mean(axis=(0, 1))[:-1]  # (P, M)
    table = [[tau(first, second) for second in values.T] for first in values.T]
    return pd.DataFrame(table, index=list(found.measures), columns=list(found.measures))


def tau(first: Floats, second: Floats) -> float:
    """Kendall's τ-b (1945) of two rows of numbers; NaN where one of them is all ties."""
    return math.nan if len(first) < 2 else float(kendalltau(first, second).statistic)


def concordance(values: Floats) -> float:
    """Kendall's W (m, p) of m judges over p things, corrected for ties (Kendall & Gibbons 1990, chapter 6).

    1: all of them rank alike; 0: their mean ranks are all the same. NaN below two judges or things.
    """
    m, p = values.shape
    if m < 2 or p < 2:
        return math.nan
    ranks = rankdata(values, axis=1)
    sums = ranks.sum(axis=0)
    ties = sum(float((counts**3 - counts).sum()) for row in ranks for counts in [np.unique(row, return_counts=True)[1]])
    spread = m * m * (p**3 - p) - m * ties
    return 12 * float(((sums - sums.mean()) ** 2).sum()) / spread if spread > 0.0 else math.nan


def method_concordance(found: Answers) -> float:
    """W of the voting measures over the parameters."""
    return concordance(found.of(found.voting).mean(axis=(0, 1))[:-1].T)


def instance_concordance(found: Answers, deciding: Sequence[str] = ()) -> float:
    """W of the instances' mean ranks over the parameters; NaN for one instance."""
    return concordance(mean_ranks(found, deciding).mean(axis=1)[:, :-1])
