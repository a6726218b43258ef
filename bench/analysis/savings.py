"""What early stopping saves: the cost at which a strategy with a pruner is where it would have ended without one.

| symbol | meaning |
|---|---|
| `n` `T` `R` | seeds of a cell (problem and dimension), budget in full trials, resamples of the seeds |
"""

from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bench.analysis.competitors import parts_of
from bench.analysis.statistics import RESAMPLES, bounds, median
from problems.space import Floats
from strategies.pruners.registry import NO_PRUNER

Rows: TypeAlias = NDArray[np.intp]
SAVINGS = ["strategy", "share", "share_low", "share_high", "spent", "spent_alone", "cells", "reached", "n"]


def savings(curves: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """One row per strategy with a pruner that also ran without one; `curves` are those of `regret_curves`, by pairs.

    In each problem and dimension the target is the median regret over seeds at the end of the run without a pruner.
    `spent_alone`: the full trials after which its median was first there, `spent`: those of the pair, each the median
    over cells; `share`: median of their ratio, pair over alone, where what never came as far is infinite; `reached`: of
    the `cells`, those in which the pair came as far. `share_low`, `share_high`: 95 % percentile interval by resampling
    the seeds of each cell, of both alike; NaN where a cell has one seed. `n`: fewest seeds.
    """
    rows = [
        {"strategy": name, **saving(curves[curves["strategy"] == name], alone, rng)}
        for name in curves["strategy"].unique()
        if parts_of(name)[1] != NO_PRUNER and len(alone := curves[curves["strategy"] == parts_of(name)[0]])
    ]
    return pd.DataFrame(rows, columns=SAVINGS)


def saving(pair: pd.DataFrame, alone: pd.DataFrame, rng: Generator) -> dict[str, float]:
    """The columns of `savings` for one pair."""
    costs, resampled, seeds = [], [], []
    cells = dict(list(pair.groupby(["problem", "dim"])))
    for cell, of_alone in alone.groupby(["problem", "dim"]):
        if cell not in cells:
            continue
        tables = [by_seed(rows, int(of_alone["trial"].max())) for rows in (cells[cell], of_alone)]
        common = tables[0].index.intersection(tables[1].index)
        pruned, whole = (table.loc[common].to_numpy(dtype=float) for table in tables)
        if not (n := len(common)) or not np.isfinite(np.median(whole[:, -1])):
            continue
        costs.append(hitting_costs(pruned, whole, np.arange(n)[None, :]))
        resampled.append(hitting_costs(pruned, whole, rng.integers(n, size=(RESAMPLES, n))))
        seeds.append(n)
    if not costs:
        return {}
    spent, spent_alone = np.stack(costs)[..., 0].T  # (cells,), (cells,)
    shares = spent / spent_alone
    of_resamples = np.stack([with_pruner / without for with_pruner, without in resampled])  # (cells, R)
    low, high = bounds(median(of_resamples, axis=0)) if min(seeds) > 1 else (np.nan, np.nan)
    return {
        "share": float(median(shares, axis=0)),
        "share_low": float(low),
        "share_high": float(high),
        "spent": float(median(spent, axis=0)),
        "spent_alone": float(median(spent_alone, axis=0)),
        "cells": len(costs),
        "reached": int(np.isfinite(spent).sum()),
        "n": min(seeds),
    }


def by_seed(rows: pd.DataFrame, budget: int) -> pd.DataFrame:
    """Regret after 1, 2, … `budget` full trials, a row per seed; inf before a success, and once a run failed."""
    wide = rows.pivot(index="seed", columns="trial", values="regret")
    return wide.reindex(columns=range(1, budget + 1)).fillna(np.inf)


def hitting_costs(pruned: Floats, whole: Floats, drawn: Rows) -> tuple[Floats, Floats]:
    """Full trials (R,) until the medians of `pruned` and `whole` (n, T) are where that of `whole` ends; inf if never.

    `drawn` (R, n) are the rows of each resample.
    """
    of_pruned, of_whole = (median(regrets[drawn], axis=1) for regrets in (pruned, whole))  # (R, T)
    target = of_whole[:, -1:]  # inf in a resample of failed runs: then both are there at once
    first, second = (
        np.where((curve <= target).any(axis=1), (curve <= target).argmax(axis=1) + 1.0, np.inf)
        for curve in (of_pruned, of_whole)
    )
    return first, second
