"""Fixed targets: when was a regret reached, how often, and at what price.

Hansen et al. 2016 (COCO: performance assessment) and Moré & Wild 2009 (SIAM J. Optim. 20:172-191).
"""

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.regret import RUN
from bench.analysis.statistics import bounds, stratified_means
from problems.space import Floats

TARGETS: Floats = 10.0 ** np.linspace(2, -8, 51)  # COCO's, above the optimum
POINTS = 100  # at which a profile with its band is computed


def first_hits(curves: pd.DataFrame, targets: Floats = TARGETS) -> pd.DataFrame:
    """When each run of `curves` (rows of `regret_curves`) first had a regret at or below each target.

    Columns: those of a run, `target`, `evaluations` (1, 2, …; inf where never), `spent` (trials of the whole run).
    """
    columns = [*RUN, "target", "evaluations", "spent"]
    if curves.empty:
        return pd.DataFrame(columns=columns)
    runs = curves.groupby(RUN, sort=False)
    trial, regret = (curves[name].to_numpy(dtype=float) for name in ("trial", "regret"))
    order = np.argsort(targets)
    lowest = np.searchsorted(targets[order], regret)  # that is reached, and with it all above; none where NaN
    at_lowest = np.full((runs.ngroups, len(targets) + 1), np.inf)
    np.minimum.at(at_lowest, (runs.ngroup().to_numpy(), lowest), trial)
    evaluations = np.empty((runs.ngroups, len(targets)))
    evaluations[:, order] = np.minimum.accumulate(at_lowest[:, :-1], axis=1)
    facts = runs["trial"].max().rename("spent").astype(float).reset_index()
    table = facts.loc[facts.index.repeat(len(targets))].reset_index(drop=True)
    return table.assign(target=np.tile(targets, len(facts)), evaluations=evaluations.ravel())[columns]


def shares_reached(cost: pd.DataFrame) -> pd.DataFrame:
    """Step functions from `strategy` and `cost` (inf: never): `strategy`, `cost`, `share` of rows reached by then."""
    parts = []
    for strategy, costs in cost.groupby("strategy")["cost"]:
        steps, counts = np.unique(costs[np.isfinite(costs)], return_counts=True)
        share = np.cumsum(counts) / len(costs)
        parts.append(pd.DataFrame({"strategy": strategy, "cost": steps, "share": share}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["strategy", "cost", "share"])


def target_ecdf(hits: pd.DataFrame) -> pd.DataFrame:
    """Share in [0, 1] of (problem, instance, target) that a strategy reached, against evaluations / dimension (`cost`).

    `hits` are the rows of `first_hits`. Columns: `strategy`, `cost`, `share`; one row per step.
    """
    return shares_reached(hits.assign(cost=hits["evaluations"] / hits["dim"]))


def profile_costs(curves: pd.DataFrame, tolerance: float = 1e-1) -> pd.DataFrame:
    """When each run had gained all but `tolerance` of what anybody gained: evaluations / (d + 1) (`cost`; inf: never).

    Moré & Wild's test f(x₀) - f(x) >= (1 - τ)(f(x₀) - f_L), per problem, dimension and instance: f_L is the lowest
    regret that any strategy reached there, so adding one may change all; f(x₀) the median regret of the first trials,
    since strategies need not begin at one point. Columns: those of a run, `cost`. Raises ValueError unless
    0 < tolerance < 1.
    """
    if not 0 < tolerance < 1:
        raise ValueError(f"a data profile needs 0 < tolerance < 1, got {tolerance}")
    cell = ["problem", "dim", "instance"]
    keys = [curves[name] for name in cell]
    start = curves["regret"].where(curves["trial"] == 1).groupby(keys).transform("median")
    best = curves["regret"].groupby(keys).transform("min")
    passed = curves["regret"] <= best + tolerance * (start - best).clip(lower=0)
    when = curves["trial"].where(passed, np.inf).groupby([curves[name] for name in RUN]).min()
    cost = when.rename("trial").reset_index()
    return cost.assign(cost=cost["trial"] / (cost["dim"] + 1)).drop(columns="trial")


def data_profiles(curves: pd.DataFrame, tolerance: float = 1e-1) -> pd.DataFrame:
    """Share of runs that passed by the test of `profile_costs`, against evaluations / (d + 1).

    Columns: `strategy`, `cost`, `share`; one row per step.
    """
    return shares_reached(profile_costs(curves, tolerance))


def profile_bands(costs: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Mean share of its targets that a run reached by a cost, per strategy, with a stratified bootstrap 95 % band.

    `costs`: `problem`, `dim`, `seed`, `strategy`, `cost` (inf: never), a row per run and target. Columns: `strategy`,
    `cost` (`POINTS` of them at most), `median` (the drawn line: the mean share), `low`, `high`, `n` (runs).
    """
    finite = np.unique(costs.loc[np.isfinite(costs["cost"]), "cost"])
    if not len(finite):
        return pd.DataFrame(columns=["strategy", "cost", "median", "low", "high", "n"])
    at = finite[np.unique(np.linspace(0, len(finite) - 1, POINTS).round().astype(int))]  # (G,)
    by_run = costs.groupby(["problem", "dim", "seed", "strategy"])["cost"]
    reached = np.zeros((by_run.ngroups, len(at) + 1))  # the last column: never
    np.add.at(reached, (by_run.ngroup().to_numpy(), np.searchsorted(at, costs["cost"])), 1.0)
    sizes = by_run.size()
    shares = reached.cumsum(axis=1)[:, :-1] / sizes.to_numpy()[:, None]
    places = pd.Series(np.arange(len(sizes)), sizes.index).unstack("strategy")  # row of `shares`; NaN: no such run
    names = list(places.columns)
    padded = np.append(shares, np.full((1, len(at)), np.nan), axis=0)
    strata = [
        padded[seeds.fillna(len(shares)).to_numpy(dtype=int)] for _, seeds in places.groupby(["problem", "dim"])
    ]  # (n, k, G)
    rows = np.concatenate(strata)
    mean = np.nanmean(rows, axis=0)  # (k, G)
    low, high = bounds(stratified_means(strata, rng)) if max(map(len, strata)) > 1 else (mean, mean)
    counts = (~np.isnan(rows[..., 0])).sum(axis=0)
    parts = [
        pd.DataFrame({"strategy": name, "cost": at, "median": mean[i], "low": low[i], "high": high[i], "n": counts[i]})
        for i, name in enumerate(names)
    ]
    return pd.concat(parts, ignore_index=True)


def expected_running_times(hits: pd.DataFrame) -> pd.DataFrame:
    """Evaluations of all runs, up to the target or the end, over the runs that reached it (`ert`; inf without one).

    `hits` are the rows of `first_hits`. Columns: `problem`, `dim`, `strategy`, `target`, `ert`, `successes`,
    `n` (runs).
    """
    by = ["problem", "dim", "strategy", "target"]
    used = hits.assign(used=np.minimum(hits["evaluations"], hits["spent"]), hit=np.isfinite(hits["evaluations"]))
    grouped = used.groupby(by, sort=False)
    table = grouped.agg(used=("used", "sum"), successes=("hit", "sum"), n=("hit", "size")).reset_index()
    ert = table["used"] / table["successes"].astype(float).replace(0, np.nan)
    return table.assign(ert=ert.fillna(np.inf))[[*by, "ert", "successes", "n"]]
