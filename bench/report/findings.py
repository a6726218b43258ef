"""What the numbers say, in sentences, with how far to trust them."""

from collections.abc import Iterable
from itertools import count

import numpy as np
import pandas as pd

from bench.analysis.comparisons import DIFFERS
from bench.analysis.competitors import has_pruners, parts_of
from bench.analysis.power import attained_level
from bench.analysis.ranks import CELL
from bench.analysis.scores import BASELINE
from bench.plots.style import shown
from bench.records import FINISHED
from bench.report.wording import bracket, listed, number, plural, share, significant


def headline(
    runs: pd.DataFrame, ranked: pd.DataFrame, summary: pd.DataFrame, pairs: pd.DataFrame, untested: str
) -> list[str]:
    """Which strategy leads, over how many cells, who differs from it, what could not have been seen.

    `summary` and `pairs` as in `Measures`; `untested` says why no test over problems was made.
    """
    unfinished = int((~runs["status"].isin(FINISHED)).sum())
    sentences = []
    if unfinished:
        sentences.append(f"This experiment is not finished: {unfinished} of {len(runs)} runs are missing.")
    if ranked.empty:
        return [*sentences, "No cell is complete yet, so there is no ranking."]
    if (runs["status"] == "failed").all():
        return [*sentences, "Every run failed; see the errors below."]
    table = summary.dropna(subset="mean_rank").set_index("strategy").sort_values("mean_rank", kind="stable")
    means = table["mean_rank"]
    if len(means) > 1 and means.iloc[0] == means.iloc[-1]:
        return [*sentences, f"All {len(means)} strategies share one mean rank: nothing here tells them apart."]
    cells = ranked[CELL].drop_duplicates()
    n, d, seeds = (cells[name].nunique() for name in ("problem", "dim", "seed"))
    leader = str(means.index[0])
    low, high = table[["mean_rank_low", "mean_rank_high"]].to_numpy(dtype=float)[0]
    sentences.append(
        f"{leader} has the best mean rank, {means.iloc[0]:.2f}{bracket(low, high)} of {len(means)}, at the end of the "
        f"budget, over {len(cells)} {plural('cell', len(cells))} ({n} {plural('problem', n)}, {d} "
        f"{plural('dimension', d)}, {seeds} {plural('seed', seeds)})."
    )
    sentences += against_random(leader, pairs)
    sentences += [untested] if untested else against_everyone(leader, pairs)
    if has_pruners(runs):
        sentences.append(
            "Strategies with a pruner are compared at equal cost, in full trials, not at equal trial count."
        )
    return [*sentences, caveat(seeds)]


def saved(savings: pd.DataFrame) -> list[str]:
    """What early stopping saved, a sentence per strategy with a pruner; `savings` as in `Measures`."""
    sentences = []
    for row in savings.to_dict("records"):
        alone = parts_of(row["strategy"])[0]
        cost = (
            f"at {share(row['share'])}{bracket(row['share_low'], row['share_high'], share)} of its cost, "
            f"{number(row['spent'], 0)} for {number(row['spent_alone'], 0)} full trials"
        )
        came = cost if np.isfinite(row["share"]) else f"in {row['reached']} of them only"
        over = f"{row['cells']} {plural('problem', row['cells'])} × {plural('dimension', row['cells'])}"
        seeds = f"{row['n']} {plural('seed', row['n'])}"
        far = f"came as far as {alone} alone {came}" if row["reached"] else f"never came as far as {alone} alone"
        sentences.append(f"{row['strategy']} {far} ({over}, {seeds}).")
    return sentences


def of_leader(leader: str, pairs: pd.DataFrame) -> pd.DataFrame:
    """The rows of `compare_pairs` with `leader`, told from its side: `peer`, `ahead` (-1, 0, 1), and the rest."""
    mine = pairs[(pairs["first"] == leader) | (pairs["second"] == leader)]
    is_first = mine["first"] == leader
    ahead = (mine["cells_won"] - mine["cells_lost"]).clip(-1, 1)
    return mine.assign(
        peer=mine["second"].where(is_first, mine["first"]),
        ahead=ahead.where(is_first, -ahead),
        won=mine["won"].where(is_first, 1 - mine["won"]),
        won_low=mine["won_low"].where(is_first, 1 - mine["won_high"]),
        won_high=mine["won_high"].where(is_first, 1 - mine["won_low"]),
    )


def against_random(leader: str, pairs: pd.DataFrame) -> list[str]:
    """How often the leader ended lower than random search; empty where one of them is not there."""
    of_random = of_leader(leader, pairs)
    of_random = of_random[of_random["peer"] == BASELINE]
    return [
        f"It ended lower than random search in {share(row['won'])}{bracket(row['won_low'], row['won_high'], share)} of "
        f"{row['pairs']} {plural('pair', row['pairs'])} of runs on the same instance."
        for row in of_random.to_dict("records")
    ]


def against_everyone(leader: str, pairs: pd.DataFrame) -> list[str]:
    """What Wilcoxon's test with Holm's correction says of the leader, and what it could not have seen."""
    mine = of_leader(leader, pairs)
    differs = mine["p_holm"] < DIFFERS
    better, worse = (mine.loc[differs & (mine["ahead"] == side), "peer"].tolist() for side in (1, -1))
    close = mine[~differs]
    cells = int(mine["cells"].max())
    test = (
        f"Wilcoxon's signed-rank test over {cells} problems × dimensions, Holm's correction for all {len(pairs)} "
        f"{plural('pair', len(pairs))}, {DIFFERS:.2g}"
    )
    said = []
    if better:
        said.append(f"its regret is lower than that of {listed(better)}")
    if worse:
        said.append(f"its regret is higher than that of {listed(worse)}, whatever the ranks say")
    if len(close):
        said.append(f"not told apart from it: {listed(close['peer'].tolist())}")
    sentence = "; ".join(said)
    return [f"{sentence[0].upper()}{sentence[1:]} ({test}).", *unseen(close, cells, len(pairs))]


def unseen(close: pd.DataFrame, cells: int, family: int) -> list[str]:
    """What difference from the strategies `close` could not have been seen."""
    if close.empty:
        return []
    factors = close["factor"].dropna()
    if np.isinf(factors).any():
        least = next(n for n in count(cells) if attained_level(n, DIFFERS / family) > 0)
        return [
            f"With {cells} problems × dimensions and {family} pairs no difference, however large, could have been "
            f"called one; that takes {least} or more."
        ]
    if factors.empty:
        return []
    low, high = (f"{value:.2g}" if value < 100 else "over 100" for value in (factors.min(), factors.max()))
    by = low if low == high else f"{low} to {high}, depending on the peer,"
    return [f"To be found with 80 % probability, regret would have had to differ by a factor of {by} or more."]


def honestly(strategies: Iterable[str], honest: pd.DataFrame) -> list[str]:
    """What the first of `strategies`, best first, is worth on the first problem of `honest_scores`, and was told."""
    for problem, rows in honest.groupby("problem", sort=False):
        of = rows.set_index("strategy").to_dict("index")
        for name in strategies:
            if name in of and of[name]["n"]:
                row = of[name]
                again = "evaluated again with fresh seeds" if row["repeats"] else "on held-out cases"
                by = bracket(row["optimism_low"], row["optimism_high"], significant)
                return [
                    f"On {shown(str(problem))}, the winners of {name} were told to be worth "
                    f"{significant(row['told'])}; {again}, they are worth {significant(row['honest'])}: "
                    f"{significant(row['optimism'])}{by} too good to be true."
                ]
    return []


def caveat(seeds: int) -> str:
    """How far `seeds` seeds carry."""
    if seeds < 10:
        return (
            f"With only {seeds} {plural('seed', seeds)} per cell, what holds for a single problem or dimension is a "
            "hint at most; a decision needs ten seeds or more (--profile standard)."
        )
    return f"Each cell rests on {seeds} seeds; look at the bands before you trust a small difference."
