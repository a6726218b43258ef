"""Ranks of strategies against each other on the same problem, dimension, instance and seed. 1 is best."""

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.groups import group_numbers, with_facts
from bench.analysis.statistics import bounds, stratified_means
from bench.records import FINISHED
from problems.space import Floats

STRATUM = ["problem", "dim"]
CELL = ["problem", "dim", "instance", "seed"]


def ranks(runs: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """The rank of every strategy at every trial of every cell; ties share the mean of their ranks.

    Columns: cell, `trial`, `strategy`, `rank`, `of` (strategies that were ranked there). A failed run ranks worst from
    the trial at which it ended, and one without a success so far ranks worst too. Cells with an unfinished run are left
    out. A strategy that was skipped in a cell takes no part there. With a pruner, it is a strategy of its own: raises
    `ValueError` where one has several runs in a cell.
    """
    if runs.duplicated([*CELL, "strategy"]).any():
        raise ValueError("ranks need one run per strategy and cell; name pairs with a pruner by competitors.by_pair")
    unfinished = runs.loc[~runs["status"].isin(FINISHED), CELL].drop_duplicates()
    takes_part = runs[runs["status"] != "skipped"].merge(unfinished, on=CELL, how="left", indicator=True)
    takes_part = takes_part.loc[takes_part["_merge"] == "left_only", [*CELL, "strategy", "budget"]]
    takes_part = takes_part.assign(begins=takes_part["budget"].cumsum() - takes_part["budget"])  # the first of its rows
    every = takes_part.loc[takes_part.index.repeat(takes_part["budget"])].reset_index(drop=True)
    every["trial"] = every.index - every["begins"] + 1
    every["regret"] = placed(curves, takes_part, len(every))
    of_cell = every["regret"].groupby([group_numbers(every, CELL), every["trial"]], sort=False)
    ranked = every.assign(rank=of_cell.rank(method="average"), of=of_cell.transform("size"))
    return ranked[[*CELL, "strategy", "trial", "rank", "of"]]


def placed(curves: pd.DataFrame, takes_part: pd.DataFrame, rows: int) -> Floats:
    """Regret in so many rows, those of a run from where it `begins` on, a trial after the other; inf: none so far."""
    run = [*CELL, "strategy"]
    found = with_facts(curves[[*run, "trial", "regret"]], takes_part[[*run, "begins", "budget"]], run)
    found = found[found["trial"] <= found["budget"]]  # not of a run that takes no part
    regret = np.full(rows, np.inf)
    regret[(found["begins"] + found["trial"] - 1).to_numpy(dtype=int)] = found["regret"].fillna(np.inf)
    return regret


def mean_ranks(ranked: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Mean rank per group of `by`, with the standard error over cells and `n`, the number of cells."""
    grouped = ranked.groupby(by)["rank"]
    return grouped.agg(mean_rank="mean", standard_error="sem", n="size").reset_index()


def rank_bands(ranked: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Mean rank per strategy and trial as `median` (the drawn line) with its 95 % band, and `n` cells.

    Columns: `strategy`, `trial`, `median`, `low`, `high`, `n`; `low` and `high` by the stratified bootstrap over seeds
    (`stratified_means`), whole runs at a time. A single seed per problem and dimension has none, and they are NaN.
    """
    means = mean_ranks(ranked, ["strategy", "trial"]).rename(columns={"mean_rank": "median"})
    wide = ranked.pivot(index=CELL, columns=["strategy", "trial"], values="rank")
    wide = wide.reindex(columns=pd.MultiIndex.from_frame(means[["strategy", "trial"]]))
    strata = [seeds.to_numpy(dtype=float) for _, seeds in wide.groupby(STRATUM)]
    if max(map(len, strata), default=1) > 1:
        low, high = bounds(stratified_means(strata, rng))
    else:
        low = high = np.full(len(means), np.nan)
    return means.assign(low=low, high=high)[["strategy", "trial", "median", "low", "high", "n"]]


def final_order(ranked: pd.DataFrame, names: pd.Series) -> list[str]:
    """`names` by their mean rank at the end of the cells of `ranked`, the best first; the unranked last, by name."""
    last = ranked[ranked["trial"] == ranked.groupby(CELL)["trial"].transform("max")]
    mean = last.groupby("strategy")["rank"].mean()
    return sorted(names.unique(), key=lambda name: (mean.get(name, np.inf), name))
