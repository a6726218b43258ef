"""Ranks of strategies against each other on the same problem, dimension, instance and seed. 1 is best."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bench.records import FINISHED

CELL = ["problem", "dim", "instance", "seed"]


def ranks(runs: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """The rank of every strategy at every trial of every cell; ties share the mean of their ranks.

    Columns: cell, `trial`, `strategy`, `rank`, `of` (strategies that were ranked there). A failed run ranks worst from
    the trial at which it ended, and one without a success so far ranks worst too. Cells with an unfinished run are left
    out. A strategy that was skipped in a cell takes no part there. With a pruner, it is a strategy of its own: raises
    `ValueError` where one has several runs in a cell.
    """
    if runs.duplicated([*CELL, "strategy"]).any():
        raise ValueError("ranks need one run per strategy and cell; name pairs with a pruner by bench.analysis.pairs")
    unfinished = runs.loc[~runs["status"].isin(FINISHED), CELL].drop_duplicates()
    takes_part = runs[runs["status"] != "skipped"].merge(unfinished, on=CELL, how="left", indicator=True)
    takes_part = takes_part.loc[takes_part["_merge"] == "left_only", [*CELL, "strategy", "budget"]]
    every = takes_part.loc[takes_part.index.repeat(takes_part["budget"])].drop(columns="budget")
    every["trial"] = every.groupby(level=0).cumcount() + 1
    row = [*CELL, "trial"]
    scored = every.merge(curves[[*row, "strategy", "regret"]], on=[*row, "strategy"], how="left").fillna(
        {"regret": np.inf}
    )
    grouped = scored.groupby(row, sort=False)["regret"]
    ranked = scored.assign(rank=grouped.rank(method="average"), of=grouped.transform("size"))
    return ranked.drop(columns="regret")


def mean_ranks(ranked: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Mean rank per group of `by`, with the standard error over cells and `n`, the number of cells."""
    grouped = ranked.groupby(by)["rank"]
    return grouped.agg(mean_rank="mean", standard_error="sem", n="size").reset_index()


def final_order(ranked: pd.DataFrame, names: Iterable[str]) -> list[str]:
    """`names` by their mean rank at the end of the cells of `ranked`, the best first; the unranked last, by name."""
    last = ranked[ranked["trial"] == ranked.groupby(CELL)["trial"].transform("max")]
    mean = last.groupby("strategy")["rank"].mean()
    return sorted(set(names), key=lambda name: (mean.get(name, np.inf), name))
