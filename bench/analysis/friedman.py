"""Several strategies at once: Friedman's test over cells, and Nemenyi's critical difference of mean ranks.

Demšar 2006, JMLR 7:1-30, section 3.2. The sample are the problems: a row of `values` is a problem in a dimension (as in
`significance.final_log_regrets`), a column a strategy; lower is better. Rows that lack a strategy are left out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import f as f_distribution
from scipy.stats import studentized_range


@dataclass(frozen=True)
class Friedman:
    """Friedman's statistic over `n` cells and `k` strategies, Iman and Davenport's `f` made of it, and its p-value."""

    n: int
    k: int
    chi2: float
    f: float
    p: float


def mean_ranks_of(values: pd.DataFrame) -> pd.Series:
    """Mean rank per column of `values` (cells × strategies) over complete rows, the best first; ties share."""
    ranked = values.dropna().rank(axis="columns")
    return ranked.mean().sort_values(kind="stable")


def friedman(values: pd.DataFrame) -> Friedman:
    """Do the columns of `values` (cells × strategies) differ at all?

    χ² = 12N/(k(k+1)) (Σ R² - k(k+1)²/4), F = (N-1)χ²/(N(k-1)-χ²), on k-1 and (k-1)(N-1) degrees of freedom (Iman &
    Davenport 1980); not corrected for ties, which makes it careful. Raises ValueError below two rows or columns.
    """
    n, k = values.dropna().shape
    if n < 2 or k < 2:
        raise ValueError(f"Friedman's test needs 2 complete cells and 2 strategies, got {n} and {k}; leave some out")
    ranks = mean_ranks_of(values)
    chi2 = max(0.0, 12 * n / (k * (k + 1)) * float((ranks**2).sum() - k * (k + 1) ** 2 / 4))
    left = n * (k - 1) - chi2
    statistic = (n - 1) * chi2 / left if left > 1e-9 * n else math.inf
    return Friedman(n, k, chi2, statistic, float(f_distribution.sf(statistic, k - 1, (k - 1) * (n - 1))))


def critical_difference(k: int, n: int, level: float = 0.05) -> float:
    """Nemenyi's: mean ranks of `k` strategies over `n` cells that lie further apart differ, whole family at `level`.

    q √(k(k+1)/6n), q the studentised range's 1 - level quantile over √2. Raises ValueError for k < 2 or n < 1.
    """
    if k < 2 or n < 1:
        raise ValueError(f"a critical difference needs k >= 2 strategies and n >= 1 cells, got {k} and {n}")
    q = float(studentized_range.ppf(1 - level, k, np.inf)) / math.sqrt(2)
    return q * math.sqrt(k * (k + 1) / (6 * n))


def cliques(ranks: Mapping[str, float], difference: float) -> list[tuple[str, ...]]:
    """The largest groups of two or more whose mean ranks lie within `difference`, each and all the best first."""
    names = sorted(ranks, key=lambda name: ranks[name])
    groups: list[tuple[str, ...]] = []
    reached = 0
    for first, name in enumerate(names):
        end = first + sum(ranks[other] - ranks[name] <= difference for other in names[first:])
        if end > reached and end - first > 1:
            groups.append(tuple(names[first:end]))
        reached = max(reached, end)
    return groups


def nemenyi(values: pd.DataFrame, level: float = 0.05) -> pd.DataFrame:
    """Every pair of columns of `values` (cells × strategies), the better mean rank as `first`.

    Columns: `first`, `second`, `difference` of mean ranks, `critical`, `p` (of the whole family), `different`.
    """
    ranks = mean_ranks_of(values)
    n, k = values.dropna().shape
    critical = critical_difference(k, n, level)
    rows = [
        {"first": a, "second": b, "difference": ranks[b] - ranks[a]}
        for number, a in enumerate(ranks.index)
        for b in ranks.index[number + 1 :]
    ]
    table = pd.DataFrame(rows)
    q = table["difference"] / math.sqrt(k * (k + 1) / (6 * n)) * math.sqrt(2)
    p = studentized_range.sf(q.to_numpy(dtype=float), k, np.inf)
    return table.assign(critical=critical, p=p, different=table["difference"] > critical)
