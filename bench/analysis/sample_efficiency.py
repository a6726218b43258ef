"""How many times as many trials random search needs to come as far as a strategy did, with its interval.

| symbol | meaning |
|---|---|
| `n` `T` `k` | seeds of a cell (problem and dimension), trials of a run, strategies |
| `B` | random's draws in the cell, nT: the pool |
| `f` `G` | budgets in multiples of T, and how many of them |
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from bench.analysis.anytime import CELL, best_of
from bench.analysis.paired_runs import final_regrets
from bench.analysis.scores import BASELINE
from bench.analysis.statistics import LEVEL
from problems.space import Floats

Ints: TypeAlias = NDArray[np.intp]
Weights: TypeAlias = dict[tuple[int, int], Floats]  # (n, T) -> `chances` (G, nT)

GRID = 64  # budgets, about evenly spaced in log; all of them where they are not more


@dataclass(frozen=True)
class Pool:
    """A cell's normalised regrets: random's draws `told` and `worth` (n, T), everyone's ends (n, k)."""

    told: Floats
    worth: Floats
    ends: Floats


def budgets(size: int) -> Floats:
    """Whole numbers from 1 to `size`, both among them: (G,)."""
    return np.unique(np.geomspace(1, size, GRID).round()) if size > GRID else np.arange(1.0, size + 1)


def chances(at: Floats, size: int) -> Floats:
    """`best_of` for budgets `at` (G,) in 1..size that need not be whole, linear in between: (G, B)."""
    rows = []
    for budget in np.clip(at, 1, size):
        below, above = (best_of(int(n), size) for n in (np.floor(budget), np.ceil(budget)))
        rows.append(below + (budget % 1) * (above - below))
    return np.stack(rows)


def expected_curve(told: Floats, worth: Floats, weights: Floats) -> Floats:
    """Random's expected regret (G,) from a pool of draws `told` and `worth` (n, T), by `weights` (G, nT) of `chances`.

    As `anytime.expected_best`; NaN in `told` is a failed draw, and the worst.
    """
    order = order_of(told)
    return of_ordered(told.ravel()[order], worth.ravel()[order], weights)


def expected_curves_without(told: Floats, worth: Floats, weights: Floats) -> Floats:
    """`expected_curve` (n, G) of the same pool without each of its rows in turn; what is left stays in its order."""
    n, spent = told.shape
    order = order_of(told)
    kept = order // spent != np.arange(n)[:, None]  # (n, nT)
    told, worth = (np.broadcast_to(draws.ravel()[order], kept.shape)[kept].reshape(n, -1) for draws in (told, worth))
    return of_ordered(told, worth, weights)


def order_of(told: Floats) -> Ints:
    """The places of the draws, the best first, the failed last: (nT,)."""
    order: Ints = np.argsort(np.where(np.isnan(told), np.inf, told), axis=None, kind="stable")
    return order


def of_ordered(told: Floats, worth: Floats, weights: Floats) -> Floats:
    """Expected regrets (…, G) of pools (…, B) whose best draws come first."""
    failed = np.isnan(told)
    worst = np.max(np.where(failed, -np.inf, worth), axis=-1, keepdims=True)
    curves: Floats = np.where(failed, worst, worth) @ weights.T
    return curves


def needed(regret: Floats, curves: Floats, at: Floats) -> Floats:
    """The budget at which curves (…, G) at `at` (G,), made never to rise, are down at `regret` (…, k); inf if never.

    Linear between the points; the first of `at` where that is as good already.
    """
    falling = np.minimum.accumulate(curves, axis=-1)
    above = (falling[..., None, :] > regret[..., :, None]).sum(axis=-1)  # (…, k): points before
    right = np.clip(above, 1, len(at) - 1) if len(at) > 1 else np.zeros_like(above)
    left = np.maximum(right - 1, 0)
    high, low = (np.take_along_axis(falling, place, axis=-1) for place in (left, right))
    step = np.where(high > low, (high - regret) / np.where(high > low, high - low, 1.0), 0.0)
    between = at[left] + step * (at[right] - at[left])
    budget: Floats = np.where(above == 0, at[0], np.where(above == len(at), np.inf, between))
    return budget


def pools(curves: pd.DataFrame, trials: pd.DataFrame) -> Iterator[Pool]:
    """The cells and seeds that every strategy ran, in units of random's expected first trial there.

    A failed run counts as that first trial, or as the worst end of its cell where that is worse.
    """
    of_random = trials[[*CELL, "seed", "trial", "value", "true_value", "optimum"]][trials["strategy"] == BASELINE]
    of_random = of_random.assign(
        told=of_random["value"] - of_random["optimum"],  # instances have different optima
        worth=of_random["true_value"].fillna(of_random["value"]) - of_random["optimum"],
    )
    draws = dict(list(of_random.groupby(CELL)))
    for cell, rows in final_regrets(curves).dropna().groupby(CELL):
        if cell not in draws:  # every run failed before its first trial
            continue
        seeds = rows.index.get_level_values("seed")
        pool = draws[cell].pivot(index="seed", columns="trial", values=["told", "worth"]).reindex(seeds)
        told, worth = (pool[name].to_numpy(dtype=float) for name in ("told", "worth"))
        if not np.isfinite(told).any(axis=1).all():
            continue
        scale = expected_curve(told, worth, chances(np.ones(1), told.size))[0]
        if scale > 0:
            ends = rows.to_numpy(dtype=float) / scale
            worst = max(1.0, ends[np.isfinite(ends)].max(initial=1.0))
            yield Pool(told / scale, worth / scale, np.where(np.isfinite(ends), ends, worst))


def efficiencies(curves: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Trials that random search needs for the same mean normalised regret, over those spent, with its interval.

    Regret is normalised as for `areas` and averaged over `pools` first, of strategies and of random's expected curve,
    and only then inverted: cell by cell the factor of so few seeds would be biased. `trials` are those of
    `known_optimum`. Index: strategies. Columns: `efficiency`, `efficiency_low`, `efficiency_high`,
    `efficiency_censored`: all of random's draws never came as far; then n is a lower bound and has no interval.
    """
    cells = list(pools(curves, trials))
    if not cells:
        return pd.DataFrame()
    seeds, spent = min(len(cell.told) for cell in cells), max(cell.told.shape[1] for cell in cells)
    f = budgets(seeds * spent) / spent  # (G,)
    weights = weights_of(cells, f)
    own = [(expected_curve(cell.told, cell.worth, weights[cell.told.shape]), cell.ends.mean(axis=0)) for cell in cells]
    curve, ends = (np.sum(parts, axis=0) for parts in zip(*own, strict=True))  # (G,), (k,)
    value = needed(ends, curve, f)
    width = half_widths(cells, own, curve, ends, f, weights)
    known = np.where(np.isinf(value), np.nan, value)
    table = {"efficiency": np.minimum(value, seeds), "efficiency_low": known / width, "efficiency_high": known * width}
    frame = pd.DataFrame(table, index=final_regrets(curves).columns)
    return frame.assign(efficiency_censored=np.isinf(value)).drop(BASELINE)


def weights_of(cells: Sequence[Pool], f: Floats) -> Weights:
    """`chances` for the budgets `f` in a pool of each size that there is, and of each with a seed less."""
    shapes = {(len(cell.told) - less, cell.told.shape[1]) for cell in cells for less in (0, 1)}
    return {(n, spent): chances(f * spent, n * spent) for n, spent in shapes if n}


def half_widths(
    cells: Sequence[Pool],
    own: Sequence[tuple[Floats, Floats]],
    curve: Floats,
    ends: Floats,
    f: Floats,
    weights: Weights,
) -> Floats:
    """The factor (k,) by which a 95 % interval reaches to both sides; NaN where no cell has two seeds.

    Student's, by a stratified jackknife of the factor's logarithm: each seed of each cell is left out in turn, of pool
    and ends at once. Not by the bootstrap, which draws some runs twice: of a pool with doubles the best is worse.
    """
    variance, freedom = np.zeros(len(ends)), 0
    for cell, (its_curve, its_ends) in zip(cells, own, strict=True):
        n = len(cell.told)
        if n < 2:
            continue
        others = np.tile(np.arange(n), (n, 1))[~np.eye(n, dtype=bool)].reshape(n, n - 1)
        without = expected_curves_without(cell.told, cell.worth, weights[n - 1, cell.told.shape[1]])  # (n, G)
        curves = curve - its_curve + without
        logs = np.log(np.minimum(needed(ends - its_ends + cell.ends[others].mean(axis=1), curves, f), f[-1]))  # (n, k)
        variance += (n - 1) / n * ((logs - logs.mean(axis=0)) ** 2).sum(axis=0)
        freedom += n - 1
    if not freedom:
        return np.full(len(ends), np.nan)
    widths: Floats = np.exp(student.ppf((1 + LEVEL) / 2, freedom) * np.sqrt(variance))
    return widths
