"""Every strategy against every other at the end of the budget: how often, by how much, and is it more than chance?

Seeds are the sample of the shares and ratios (what would other seeds have shown on these problems?), problems that of
the tests (Demšar 2006): a cell is a problem in a dimension.
"""

import math
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.paired_runs import (
    STRATUM,
    a12,
    both,
    final_regrets,
    iqm_of_differences,
    log_ratios,
    of_strata,
    win_shares,
)
from bench.analysis.power import detectable
from bench.analysis.regret import has_an_optimum
from bench.analysis.significance import LEAST_REGRET, all_pairs
from bench.analysis.statistics import LEVEL

FEWEST_CELLS = 5  # problem × dimension: with fewer, a test over cells can see nothing
FEWEST_PROBLEMS = 2  # dimensions of one problem say nothing of problems
DIFFERS = 1 - LEVEL
COUNTS = ["cells", "cells_won", "cells_lost"]
DECIDES = ["p", "p_holm", "detectable", "factor"]
TYPES = dict.fromkeys(COUNTS, int) | dict.fromkeys(DECIDES, float)


def can_be_tested(values: pd.DataFrame) -> str:
    """Why no test over the cells `values` (cells × strategies) is made; empty where one is."""
    problems = values.index.get_level_values("problem").nunique()
    if problems == 0:
        return "No problem has a known optimum or bound, so there is no test over problems."
    if len(values.columns) < 2:
        return "There is one strategy only, and nothing to test it against."
    if problems < FEWEST_PROBLEMS:
        return "There is one problem only, so there is no test over problems: what is shown holds for this one."
    if len(values) < FEWEST_CELLS:
        return (
            f"{len(values)} problems × dimensions that every strategy ran are too few for a test over problems, which "
            f"needs {FEWEST_CELLS}; add problems or dimensions."
        )
    return ""


def values_for_tests(ends: pd.DataFrame) -> pd.DataFrame:
    """What tests over problems are made of: cells × strategies, as `final_log_regrets`, of known optimum or bound.

    `ends` are the rows of `at_the_end`.
    Only of seeds that every strategy ran, so that cells are paired though an experiment is unfinished.
    """
    complete = final_regrets(has_an_optimum(ends)).dropna()
    succeeded = complete.where(np.isfinite(complete))
    worst = succeeded.max(axis="columns").groupby(STRATUM).transform("max")
    filled: pd.DataFrame = succeeded.apply(lambda regrets: regrets.fillna(worst)).clip(lower=LEAST_REGRET)
    return filled.transform(np.log10).groupby(STRATUM).mean().dropna()


def compare_pairs(ends: pd.DataFrame, values: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Every two strategies at the end of the budget, each pair once; lower regret wins.

    `ends` are the rows of `at_the_end`, `values` those of `values_for_tests`.

    | column | meaning |
    |---|---|
    | `first` `second` | the two, by name |
    | `pairs` | runs of both on the same problem, dimension, instance and seed |
    | `won` `won_low` `won_high` | share of these that `first` won, ties ½: the paired probability of improvement |
    | `a12` | the same over all pairs of a stratum: Mann-Whitney's U/(nm), Vargha and Delaney's A12 |
    | `ratio` `ratio_low` `ratio_high` | regret of `first`, times that of `second`: 10^(interquartile mean of log10) |
    | `cells` `cells_won` `cells_lost` | problems × dimensions, and in how many `first` is lower, mean of log10 |
    | `p` `p_holm` | Wilcoxon's signed-rank test over these cells; Holm's correction for all pairs |
    | `detectable` `factor` | decades, and the factor of regret, that this test would find with 80 %; inf: none at all |

    Intervals are of the stratified bootstrap. The ratio and all that follows need a known optimum or bound
    (`has_an_optimum`); the tests are NaN where `can_be_tested` says why.
    """
    wide = final_regrets(ends)
    names = sorted(wide.columns)
    wide = wide[names]
    strata = of_strata(wide)
    known = has_an_optimum(ends)
    ratios = of_strata(final_regrets(known).reindex(columns=names)) if len(known) else []
    share, low, high = win_shares(strata, rng)
    rows = []
    for a, b in combinations(range(len(names)), 2):
        pairs = sum(int(both(x)[:, a, b].sum()) for x in strata)
        iqm, iqm_low, iqm_high, _ = iqm_of_differences([log_ratios(x, a, b) for x in ratios], rng)
        rows.append(
            {"first": names[a], "second": names[b], "pairs": pairs}
            | {"won": share[a, b], "won_low": low[a, b], "won_high": high[a, b], "a12": a12(strata, a, b)}
            | {"ratio": 10**iqm, "ratio_low": 10**iqm_low, "ratio_high": 10**iqm_high}
        )
    columns = ["first", "second", "pairs", "won", "won_low", "won_high", "a12", "ratio", "ratio_low", "ratio_high"]
    table = pd.DataFrame(rows, columns=columns)
    merged = table.merge(cell_tests(values), on=["first", "second"], how="left")
    return merged.fillna(dict.fromkeys(COUNTS, 0)).astype(TYPES)


def cell_tests(values: pd.DataFrame) -> pd.DataFrame:
    """Every two columns of `values` (cells × strategies) tested: `first`, `second`, `cells` … `factor` of
    `compare_pairs`."""
    tests = all_pairs(values[sorted(values.columns)]).drop(columns="median_difference")
    table = tests.rename(columns={"n": "cells", "wins": "cells_won", "losses": "cells_lost"})
    reason = can_be_tested(values)
    # a root search: once, then in units of each pair's own deviation
    smallest = math.inf if reason else detectable(len(values), DIFFERS / len(table))
    pairs = zip(table["first"], table["second"], strict=True)
    sds = np.array([(values[a] - values[b]).std() for a, b in pairs], dtype=float)
    seen = np.full(len(table), math.inf) if math.isinf(smallest) else smallest * sds
    table = table.assign(detectable=seen, factor=10.0**seen)
    return (table.assign(**dict.fromkeys(DECIDES, math.nan)) if reason else table).astype(TYPES)
