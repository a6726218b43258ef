"""What the numbers say, in sentences, with how far to trust them."""

import numpy as np
import pandas as pd

from bench.analysis.pairs import has_pruners
from bench.analysis.ranks import CELL
from bench.records import FINISHED

Z_95 = 1.96


def headline(runs: pd.DataFrame, ranked: pd.DataFrame) -> list[str]:
    """Which strategy leads, over how many cells, who cannot be told apart from it, and how few seeds that is."""
    unfinished = int((~runs["status"].isin(FINISHED)).sum())
    sentences = []
    if unfinished:
        sentences.append(f"This experiment is not finished: {unfinished} of {len(runs)} runs are missing.")
    if ranked.empty:
        return [*sentences, "No cell is complete yet, so there is no ranking."]
    if (runs["status"] == "failed").all():
        return [*sentences, "Every run failed; see the errors below."]
    last = ranked[ranked["trial"] == ranked.groupby(CELL)["trial"].transform("max")]
    wide = last.pivot(index=CELL, columns="strategy", values="rank")  # (cells, strategies)
    means = wide.mean().sort_values()
    if len(means) > 1 and means.iloc[0] == means.iloc[-1]:
        return [*sentences, f"All {len(means)} strategies share one mean rank: nothing here tells them apart."]
    n, d, seeds = (last[name].nunique() for name in ("problem", "dim", "seed"))
    sentences.append(
        f"{means.index[0]} has the best mean rank, {means.iloc[0]:.2f} of {len(means)}, at the end of the budget, over "
        f"{len(wide)} {plural('cell', len(wide))} ({n} {plural('problem', n)}, {d} {plural('dimension', d)}, "
        f"{seeds} {plural('seed', seeds)})."
    )
    close = ties(wide, means)
    if close:
        sentences.append(f"Not told apart from it at the 95 % level: {', '.join(close)}.")
    if has_pruners(runs):
        sentences.append(
            "Strategies with a pruner are compared at equal cost, in full trials, not at equal trial count."
        )
    return [*sentences, caveat(seeds)]


def ties(wide: pd.DataFrame, means: pd.Series) -> list[str]:
    """The strategies whose rank differs from the leader's, cell by cell, by less than 1.96 standard errors."""
    lead = wide[means.index[0]]
    close = []
    for name in means.index[1:]:
        difference = (wide[name] - lead).dropna()
        error = difference.sem() if len(difference) > 1 else np.inf
        if difference.mean() <= Z_95 * error:
            close.append(str(name))
    return close


def caveat(seeds: int) -> str:
    """How far `seeds` seeds carry."""
    if seeds < 10:
        return (
            f"With only {seeds} {plural('seed', seeds)} per cell, what holds for a single problem or dimension is a "
            "hint at most; a decision needs ten seeds or more (--profile standard)."
        )
    return f"Each cell rests on {seeds} seeds; look at the bands before you trust a small difference."


def plural(word: str, count: int) -> str:
    """`word` or its plural."""
    return word if count == 1 else f"{word}s"
