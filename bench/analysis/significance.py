"""Is one strategy ahead of another, over problems? Paired tests, corrected for how many there are.

The sample are the problems (Demšar 2006, JMLR 7:1-30): a cell is a problem in a dimension, its value the mean over
seeds. Seeds only sharpen a cell's value; counted as cells, they would claim more than a few problems can show.
"""

import numpy as np
import pandas as pd
from scipy.stats import rankdata, wilcoxon

from bench.analysis.summary import at_the_end
from problems.space import Floats

LEAST_REGRET = 1e-8  # what lies below is rounding: COCO's last target
COUNTED_OUT = 50  # differences, up to which p is exact


def final_log_regrets(curves: pd.DataFrame) -> pd.DataFrame:
    """log10 of the final regret, mean over seeds: one row per `problem` and `dim`, one column per strategy.

    A run that failed counts as the worst that anybody reached in its cell. NaN where a strategy did not run.
    """
    ends = at_the_end(curves)
    worst = ends.groupby(["problem", "dim"])["regret"].transform("max")
    logs = np.log10(ends["regret"].fillna(worst).clip(lower=LEAST_REGRET))
    return ends.assign(log_regret=logs).pivot_table(index=["problem", "dim"], columns="strategy", values="log_regret")


def holm(p: Floats) -> Floats:
    """Holm's step-down adjustment (m,) of p-values (m,): rejecting below α errs in the whole family at most α often."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def signed_rank_p(moved: Floats) -> float:
    """Two-sided p of Wilcoxon's signed-rank test of the differences `moved` (n,), none of them 0.

    Exact up to 50, with ties too (all 2ⁿ signs of the mean ranks): the normal approximation that scipy takes for ties
    calls five equal differences significant at 0.025, where no five can be below 0.0625.
    """
    if len(moved) > COUNTED_OUT:
        return float(wilcoxon(moved).pvalue)
    ranks = np.rint(2 * rankdata(np.abs(moved))).astype(int)  # doubled: mean ranks are whole or half
    chances = np.ones(1)
    for rank in ranks:
        chances = (np.append(chances, np.zeros(rank)) + np.append(np.zeros(rank), chances)) / 2
    low = min(int(ranks[moved > 0].sum()), int(ranks[moved < 0].sum()))
    return min(1.0, 2 * float(chances[: low + 1].sum()))


def signed_rank(ours: pd.Series, theirs: pd.Series) -> dict[str, float]:
    """Wilcoxon's signed-rank test of two columns over the cells that both have.

    `n` of those, `wins` and `losses` of ours, `median_difference` (negative: ours is lower), `p` (two-sided; 1 where no
    two values differ).
    """
    difference = (ours - theirs).dropna()
    moved = difference[difference != 0]
    return {
        "n": len(difference),
        "wins": int((difference < 0).sum()),
        "losses": int((difference > 0).sum()),
        "median_difference": float(difference.median()) if len(difference) else np.nan,
        "p": signed_rank_p(moved.to_numpy(dtype=float)) if len(moved) else 1.0,
    }


def all_pairs(values: pd.DataFrame) -> pd.DataFrame:
    """`signed_rank` of every two columns of `values` (cells × strategies), `p_holm` over all of these pairs.

    Columns: `first`, `second` (in the order of the columns), those of `signed_rank`, `p_holm`. Who leads is read off
    the same data, so a leader's tests are as many as there are pairs, not peers (Benavoli et al. 2016, JMLR 17:1-10,
    who prefer this to tests on mean ranks: a third strategy cannot change it).
    """
    names = list(values.columns)
    rows = [
        {"first": a, "second": b, **signed_rank(values[a], values[b])}
        for number, a in enumerate(names)
        for b in names[number + 1 :]
    ]
    table = pd.DataFrame(rows, columns=["first", "second", "n", "wins", "losses", "median_difference", "p"])
    return table.assign(p_holm=holm(table["p"].to_numpy(dtype=float)))


def paired_against(values: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Wilcoxon's signed-rank test of `strategy` against every other column of `values` (cells × strategies).

    Columns: `peer`, `n` (cells that both have), `wins` and `losses` of `strategy`, `median_difference` (negative:
    `strategy` is lower), `p` (two-sided; 1 where no two values differ), `p_holm` over the peers.
    """
    rows = [{"peer": peer, **signed_rank(values[strategy], values[peer])} for peer in values.columns.drop(strategy)]
    columns = ["peer", "n", "wins", "losses", "median_difference", "p"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(p_holm=holm(table["p"].to_numpy(dtype=float)))
