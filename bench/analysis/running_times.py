"""ERT to a target that the budget sets: what random search reaches at its end.

COCO's run-length-based targets (Hansen et al. 2016, COCO: performance assessment, section 4.2), so that no scale of
regret has to be chosen, and no optimum known.
"""

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.anytime import CELL, random_curves
from bench.analysis.regret import RUN
from bench.analysis.statistics import bounds, stratified_means
from problems.space import Floats

ROW = ["problem", "dim", "seed"]


def random_targets(curves: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Columns `problem`, `dim`, `target`: random's expected regret at the end of the budget, from all its draws.

    `trials` are those of `known_optimum`. A problem without random search has no target.
    """
    budget = curves.groupby(CELL)["trial"].max().reset_index()
    most = int(budget["trial"].max()) if len(budget) else None
    ends = random_curves(trials, most).merge(budget, on=[*CELL, "trial"])
    return ends.rename(columns={"regret": "target"})[[*CELL, "target"]]


def running_times(curves: pd.DataFrame, trials: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Trials of all runs, up to the target or the end, over the runs that reached it, per problem and strategy.

    Runs of all dimensions are pooled, each with its own target (`random_targets`). Columns: `problem`, `strategy`,
    `ert` (inf: none reached it), `low`, `high` (95 %, stratified bootstrap; NaN with one seed), `successes`,
    `n` (runs).
    """
    rows = curves.merge(random_targets(curves, trials), on=CELL)
    hit = rows["trial"].where(rows["regret"] <= rows["target"])
    per_run = (
        rows.assign(hit=hit).groupby(RUN, sort=False).agg(hit=("hit", "min"), spent=("trial", "max")).reset_index()
    )
    per_run = per_run.assign(used=per_run["hit"].fillna(per_run["spent"]), reached=per_run["hit"].notna().astype(float))
    parts = []
    for problem, runs in per_run.groupby("problem", sort=False):
        wide = runs.pivot(index=ROW, columns="strategy", values=["used", "reached"])
        names = list(wide["used"].columns)
        strata = [
            seeds.to_numpy(dtype=float).reshape(len(seeds), 2, -1) for _, seeds in wide.groupby(CELL)
        ]  # (n, 2, k)
        means = np.nanmean(np.concatenate(strata), axis=0)
        several = max(map(len, strata)) > 1
        low, high = bounds(ratio(stratified_means(strata, rng))) if several else np.full((2, len(names)), np.nan)
        table = {"problem": problem, "strategy": names, "ert": ratio(means), "low": low, "high": high}
        counts = wide["reached"].agg(["sum", "count"]).astype(int)
        parts.append(
            pd.DataFrame(
                {**table, "successes": counts.loc["sum", names].to_numpy(), "n": counts.loc["count", names].to_numpy()}
            )
        )
    columns = ["problem", "strategy", "ert", "low", "high", "successes", "n"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def ratio(means: Floats) -> Floats:
    """Used over reached, (…, 2, k) -> (…, k); inf where none reached."""
    used, reached = means[..., 0, :], means[..., 1, :]
    with np.errstate(divide="ignore"):
        times: Floats = used / reached
    return times
