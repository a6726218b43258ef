"""Ranks of strategies against each other on the same problem, dimension, instance and seed. 1 is best."""

import numpy as np
import pandas as pd

from bench.records import FINISHED

CELL = ["problem", "dim", "instance", "pruner", "seed"]


def ranks(runs: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """The rank of every strategy at every trial of every cell; ties share the mean of their ranks.

    Columns: cell, `trial`, `strategy`, `rank`, `of` (strategies that were ranked there). A failed run ranks worst from
    the trial at which it ended, and one without a success so far ranks worst too. Cells with an unfinished run are left
    out. A strategy that was skipped in a cell takes no part there.
    """
    unfinished = runs.loc[~runs["status"].isin(FINISHED), CELL].drop_duplicates()
    takes_part = runs.merge(unfinished, on=CELL, how="left", indicator=True)
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
