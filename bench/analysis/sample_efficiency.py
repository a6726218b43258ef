"""How many times as many trials random search needs to come as far as a strategy did, with its interval.

| symbol | meaning |
|---|---|
| `n` `T` `k` | seeds of a cell (problem and dimension), trials of a run, strategies |
| `B` | random's draws in the cell, nT: the pool |
| `G` | budgets 1..B at which random's expected curve is computed |
| `R` | bootstrap resamples |
"""

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.anytime import CELL, best_of
from bench.analysis.paired import final_regrets
from bench.analysis.scores import BASELINE
from bench.analysis.statistics import RESAMPLES, bounds, median
from problems.space import Floats

GRID = 64  # budgets, about evenly spaced in log; all of them where they are not more


def budgets(size: int) -> Floats:
    """Whole numbers from 1 to `size`, both among them: (G,)."""
    return np.unique(np.geomspace(1, size, GRID).round()) if size > GRID else np.arange(1.0, size + 1)


def expected_curves(told: Floats, worth: Floats, at: Floats) -> Floats:
    """Random's expected regret (…, G) after `at` (G,) trials, from pools of draws `told` and `worth` (…, B).

    As `anytime.expected_best`, many pools at once; NaN in `told` is a failed draw, and the worst. Never rising.
    """
    failed = np.isnan(told)
    worst = np.max(np.where(failed, -np.inf, worth), axis=-1, keepdims=True)
    value = np.where(failed, worst, worth)
    order = np.argsort(np.where(failed, np.inf, told), axis=-1, kind="stable")
    weights = np.stack([best_of(int(n), told.shape[-1]) for n in at])  # (G, B)
    curves = np.take_along_axis(value, order, axis=-1) @ weights.T
    falling: Floats = np.minimum.accumulate(curves, axis=-1)
    return falling


def needed(regret: Floats, curves: Floats, at: Floats) -> Floats:
    """Trials, not whole ones, after which curves (…, G) at `at` (G,) are down at `regret` (…, k); inf if never.

    Linear between the points; 1 where the first trial is as good already.
    """
    above = (curves[..., None, :] > regret[..., :, None]).sum(axis=-1)  # (…, k): points before
    right = np.clip(above, 1, max(len(at) - 1, 1)) if len(at) > 1 else np.zeros_like(above)
    left = np.maximum(right - 1, 0)
    high, low = (np.take_along_axis(curves, place, axis=-1) for place in (left, right))
    step = np.where(high > low, (high - regret) / np.where(high > low, high - low, 1.0), 0.0)
    between = at[left] + step * (at[right] - at[left])
    trials: Floats = np.where(above == 0, 1.0, np.where(above == len(at), np.inf, between))
    return trials


def factors_of_cell(told: Floats, worth: Floats, ends: Floats, rng: Generator) -> tuple[Floats, Floats]:
    """The factor of each strategy (k,), inf where random's pool never came as far, and of resampled seeds (R, k).

    `told` and `worth` (n, T) are random's draws by seed, `ends` (n, k) everyone's final regrets: seeds are drawn for
    both at once, n for the pool, which must not shrink, and n - 1 of these for the means.
    """
    n, spent = told.shape
    at = budgets(told.size)
    rows = rng.integers(n, size=(RESAMPLES, n))
    pools = [draws[rows].reshape(RESAMPLES, -1) for draws in (told, worth)]
    with np.errstate(invalid="ignore"):
        resampled = needed(ends[rows[:, : max(n - 1, 1)]].mean(axis=1), expected_curves(pools[0], pools[1], at), at)
        estimate = needed(ends.mean(axis=0), expected_curves(told.ravel(), worth.ravel(), at), at)
    return estimate / spent, resampled / spent


def efficiencies(curves: pd.DataFrame, trials: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Median over cells of the sample-efficiency factor at the end of the budget, with its interval.

    `trials` are those of `known_optimum`. Index: strategies. Columns: `efficiency`, `efficiency_low`,
    `efficiency_high`, `efficiency_censored`. A cell where random's pool of B draws never came as far counts as B/T;
    where that is so in half of the cells the median is a lower bound, and censored. A failed run counts as no better
    than random's first trial. Cells in which random search failed, or a run is missing, are left out; random itself
    is 1 by definition.
    """
    wide = final_regrets(curves)
    of_random = trials[trials["strategy"] == BASELINE]
    of_random = of_random.assign(
        told=of_random["value"] - of_random["optimum"],  # instances have different optima
        worth=of_random["true_value"].fillna(of_random["value"]) - of_random["optimum"],
    )
    draws = dict(list(of_random.groupby(CELL)))
    estimates, boots, sizes = [], [], []
    for cell, ends in wide.groupby(CELL):
        seeds = ends.index.get_level_values("seed")
        pool = draws[cell].pivot(index="seed", columns="trial", values=["told", "worth"]) if cell in draws else None
        if pool is None or not set(seeds) <= set(pool.index):
            continue
        told, worth = (pool.loc[seeds, name].to_numpy(dtype=float) for name in ("told", "worth"))
        if not np.isfinite(told).any(axis=1).all():
            continue
        estimate, boot = factors_of_cell(told, worth, ends.to_numpy(dtype=float), rng)
        there = ends.notna().all().to_numpy()
        estimates.append(np.where(there, estimate, np.nan))
        boots.append(np.where(there, np.minimum(boot, len(seeds)), np.nan))
        sizes.append(len(seeds))  # B/T
    if not estimates:
        return pd.DataFrame()
    raw = np.stack(estimates)
    low, high = bounds(median(np.stack(boots), 0)) if max(sizes) > 1 else np.full((2, len(wide.columns)), np.nan)
    value = median(np.minimum(raw, np.array(sizes)[:, None]), 0)
    table = pd.DataFrame({"efficiency": value, "efficiency_low": low, "efficiency_high": high}, index=wide.columns)
    return table.assign(efficiency_censored=np.isinf(median(raw, 0))).drop(BASELINE)
