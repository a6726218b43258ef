"""Who leads at a part of the budget, and who is told apart from the leader there."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.comparisons import DIFFERS, can_be_tested, cell_tests, values_for_tests
from bench.analysis.overall import rank_means
from bench.analysis.summary import at_the_end

SHARES = (1.0, 0.5, 0.25)  # of the budget, the whole first: its intervals are those of the summary
STRATUM = ["problem", "dim"]
COLUMNS = ["share", "trials_low", "trials_high", "strategy", "mean_rank", "mean_rank_low", "mean_rank_high", "n"]
COLUMNS += ["verdict", "p_holm", "untested"]
LEADS, LOSES, WINS, CLOSE, UNTESTED = "leads", "higher", "lower", "not told apart", ""


def leaders(
    curves: pd.DataFrame, ranked: pd.DataFrame, rng: Generator, shares: Sequence[float] = SHARES
) -> pd.DataFrame:
    """One row per part of the budget and strategy, the smallest part first, within it the best mean rank first.

    `ranked` are the rows of `ranks`. At each part the strategies are tested as at the end (`cell_tests`): Wilcoxon's
    signed-rank test over problems × dimensions, Holm's correction for all pairs, within that part only.

    | column | meaning |
    |---|---|
    | `share` `trials_low` `trials_high` | part of the budget, in trials rounded up: fewest and most over the cells |
    | `mean_rank` `mean_rank_low` `mean_rank_high` `n` | over `n` problems × dimensions × seeds; 1 is best |
    | `verdict` | `leads`; against the leader, regret is `higher`, `lower` or `not told apart`; empty: no test |
    | `p_holm` `untested` | of the test against the leader; why none was made |
    """
    if ranked.empty:
        return pd.DataFrame(columns=COLUMNS)
    budgets = ranked.groupby(STRATUM)["trial"].max().rename("budget").reset_index()
    looked_at = {1, *(int(until(share, budget)) for share in shares for budget in budgets["budget"].unique())}
    ranked, curves = (  # few of many rows
        frame[frame["trial"].isin(looked_at)].merge(budgets, on=STRATUM) for frame in (ranked, curves)
    )
    parts = []
    for share in shares:
        last = until(share, curves["budget"])
        begins = (curves["trial"] == 1) & (last > 1)  # a run that failed early has to stay
        of_rank = until(share, ranked["budget"])
        part = led(curves[(curves["trial"] == last) | begins], ranked[ranked["trial"] == of_rank], rng)
        parts.append(part.assign(share=share, trials_low=int(of_rank.min()), trials_high=int(of_rank.max())))
    return pd.concat(parts[::-1], ignore_index=True)[COLUMNS]


def until(share: float, budget: Any) -> Any:
    """The last trial of a part of the budget; numbers or arrays."""
    return np.ceil(share * budget - 1e-9).astype(int)


def led(curves: pd.DataFrame, ranked: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """The rows of `leaders` at one part of the budget, at which `curves` and `ranked` end."""
    means = rank_means(ranked, rng).assign(n=ranked.groupby("strategy").size())
    table = means.rename_axis("strategy").reset_index().sort_values(["mean_rank", "strategy"], ignore_index=True)
    leader = str(table["strategy"].iloc[0])
    values = values_for_tests(at_the_end(curves))
    untested = can_be_tested(values)
    found = {} if untested else against(leader, cell_tests(values))
    verdicts = [LEADS if name == leader else found.get(name, (UNTESTED, math.nan))[0] for name in table["strategy"]]
    p = [found.get(name, (UNTESTED, math.nan))[1] for name in table["strategy"]]
    return table.assign(verdict=verdicts, p_holm=p, untested=untested)


def against(leader: str, tests: pd.DataFrame) -> dict[str, tuple[str, float]]:
    """Of every peer of `leader` in the rows of `cell_tests`: whether its regret is higher, and the corrected p."""
    found = {}
    for row in tests.to_dict("records"):
        if leader not in (row["first"], row["second"]):
            continue
        peer = row["second"] if row["first"] == leader else row["first"]
        ahead = np.sign(row["cells_won"] - row["cells_lost"]) * (1 if row["first"] == leader else -1)
        verdict = {1: LOSES, -1: WINS}.get(int(ahead), CLOSE) if row["p_holm"] < DIFFERS else CLOSE
        found[str(peer)] = (verdict, float(row["p_holm"]))
    return found
