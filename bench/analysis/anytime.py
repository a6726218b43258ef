"""The whole curve, not only its end; and random search's own curve, from pooled draws.

| symbol | meaning |
|---|---|
| `B` | draws in a pool: independent evaluations of random search on one problem in one dimension |
| `n` | budget of a random search that the pool stands for, 1..B |
"""

import numpy as np
import pandas as pd

from bench.analysis.regret import RUN
from bench.analysis.scores import BASELINE
from problems.space import Floats

CELL = ["problem", "dim"]


def best_of(n: int, size: int) -> Floats:
    """P(the i-th lowest of `size` draws is the lowest of `n` taken without replacement), i = 1..size: (size,).

    C(B-i, n-1)/C(B, n), from w₁ = n/B by w_{i+1}/w_i = (B-i-n+1)/(B-i), so no binomial is ever formed. Raises
    ValueError unless 1 <= n <= size.
    """
    if not 1 <= n <= size:
        raise ValueError(f"the best of n draws needs 1 <= n <= {size}, the pool, got {n}; pool more draws")
    left = size - np.arange(1.0, size)  # B - i
    weights: Floats = n / size * np.cumprod(np.append(1.0, np.maximum(left - n + 1, 0) / left))
    return weights


def expected_best(told: Floats, worth: Floats | None = None, most: int | None = None) -> Floats:
    """Unbiased expected value of the best of n = 1..B of the draws `told` (B,), lower being better: (B,), or (most,).

    Tang et al. 2020 (ACL, "Showing your work doesn't always work"), for a minimum. With `worth` (B,), the noise-free
    values, the best is chosen by `told` and counted by `worth`. NaN counts as the worst of the pool: a failed trial is
    never an incumbent while another succeeded. Raises ValueError where nothing succeeded.
    """
    known = np.isfinite(told)
    if not known.any():
        raise ValueError(f"an expected best needs a draw that succeeded, got {len(told)} draws and none; pool more")
    value = told if worth is None else worth
    value = np.where(known, value, value[known].max())
    ordered = value[np.argsort(np.where(known, told, np.inf), kind="stable")]
    last = len(told) if most is None else min(most, len(told))
    return np.array([best_of(n, len(told)) @ ordered for n in range(1, last + 1)])


def random_curves(trials: pd.DataFrame, most: int | None = None) -> pd.DataFrame:
    """Random search's expected regret after n = 1..B trials, from all its draws on a problem in a dimension.

    `trials` are of any strategies, with known optima; n ends at `most`, for the work grows as n times B. Columns:
    `problem`, `dim`, `trial` (n), `regret`, `pool` (B).
    """
    parts = []
    of_random = trials[[*CELL, "value", "true_value", "optimum"]][trials["strategy"] == BASELINE]
    for key, draws in of_random.groupby(CELL):
        told = (draws["value"] - draws["optimum"]).to_numpy(dtype=float)
        if not np.isfinite(told).any():
            continue
        worth = (draws["true_value"].fillna(draws["value"]) - draws["optimum"]).to_numpy(dtype=float)
        facts = dict(zip(CELL, key, strict=True))
        regret = expected_best(told, worth, most)
        n = np.arange(1, len(regret) + 1)
        parts.append(pd.DataFrame({**facts, "trial": n, "regret": regret, "pool": len(told)}))
    columns = [*CELL, "trial", "regret", "pool"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def areas(curves: pd.DataFrame, random: pd.DataFrame) -> pd.DataFrame:
    """Area under each run's normalised regret, in [0, 1]: 0 is the optimum from the first trial on.

    Regret over random's expected regret after one trial (`random`: rows of `random_curves`), clipped at 1, mean over
    the trials of the budget. Adding a strategy changes nobody's. A run counts 1 before its first success and from where
    it failed. Columns: those of a run, `area`; problems without random search are left out.
    """
    one = random.loc[(random["trial"] == 1) & (random["regret"] > 0), [*CELL, "regret"]]
    budget = curves.groupby(CELL)["trial"].max().rename("budget").reset_index()
    rows = curves.merge(one, on=CELL, suffixes=("", "_random")).merge(budget, on=CELL)
    saved = (1 - rows["regret"] / rows["regret_random"]).clip(0, 1).fillna(0) / rows["budget"]
    return (1 - saved.groupby([rows[name] for name in RUN]).sum()).rename("area").reset_index()


def random_needs(regret: Floats, random: Floats) -> Floats:
    """Trials, not whole ones, after which random's expected curve `random` (B,) is down at `regret` (t,); inf if never.

    Linear between trials; 1 where the first trial is as good already.
    """
    falling = np.minimum.accumulate(random)
    n = np.arange(1.0, len(falling) + 1)
    # interp wants rising abscissae; of a flat stretch the first trial is the last of the reversed arrays
    flat = np.append(True, np.diff(falling) < 0)
    needs = np.interp(-regret, -falling[flat], n[flat])
    return np.where(regret < falling[-1], np.inf, needs)
