"""Who beats whom, how often, and where a test agrees: one square per pair of strategies."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.patches import Rectangle

from bench.analysis.comparisons import DIFFERS
from bench.analysis.ranks import final_order
from bench.plots.notes import run_notes, spans
from bench.plots.page import Drawing, page, theme
from bench.plots.style import shown

MOST_WITH_INTERVALS = 12  # strategies; with more, the squares hold no second line


def both_ways(pairs: pd.DataFrame) -> pd.DataFrame:
    """`compare_pairs` with every pair in both directions: `row` against `column`, `won`, `low`, `high`, `p_holm`."""
    there = pairs.rename(columns={"first": "row", "second": "column", "won_low": "low", "won_high": "high"})
    back = there.rename(columns={"row": "column", "column": "row", "low": "high", "high": "low"})
    back = back.assign(**{name: 1 - back[name] for name in ("won", "low", "high")})
    return pd.concat([there, back], ignore_index=True)[["row", "column", "pairs", "won", "low", "high", "p_holm"]]


def win_matrix(runs: pd.DataFrame, pairs: pd.DataFrame, ranked: pd.DataFrame, untested: str) -> Drawing:
    """`pairs` are the rows of `compare_pairs`; `untested` says why no test was made, empty where one was."""
    table = both_ways(pairs)
    names = final_order(ranked, table["row"])
    small = len(names) > MOST_WITH_INTERVALS
    wide = {
        name: table.pivot(index="row", columns="column", values=name).reindex(index=names, columns=names)
        for name in ("won", "low", "high", "p_holm")
    }
    shares, low, high = (wide[name].to_numpy(dtype=float) for name in ("won", "low", "high"))
    k = range(len(names))
    words = np.array([[square(shares[i, j], low[i, j], high[i, j], small) for j in k] for i in k])
    title = "How often does one beat the other?"
    differs = np.argwhere(wide["p_holm"].to_numpy(dtype=float) < DIFFERS)
    test = f"Wilcoxon's test over problems with Holm's correction, p < {DIFFERS:.2g}"
    tested = "" if untested else f"; framed: {test}" if len(differs) else f"; no pair differs by {test}"
    n = spans(table["pairs"], "pair", "pairs")
    subtitle = (
        f"Share of pairs (same problem, d, instance and seed; {n}) in which the row ends lower than the column, ties "
        f"½; 95 % bootstrap intervals{tested}"
    )
    notes = [untested, *run_notes(runs)] if untested else run_notes(runs)
    labels = [shown(name) for name in names]
    length = 0.25 + 0.07 * max(map(len, labels))  # of the longest name
    width, height = max(0.42 if small else 0.66, 5.0 / len(names)), 0.42
    upright = length > width
    above = length if upright else 0.3
    with theme():
        size = width * len(names), height * len(names) + above
        sheet = page(1, title, subtitle, notes, [], size, (max(length, 1.0), 0.3))
        (ax,) = sheet.panels
        place = ax.get_position()
        ax.set_position((place.x0, place.y0, place.width, place.height * (1 - above / size[1])))
        sns.heatmap(
            wide["won"],
            ax=ax,
            cmap="RdBu_r",
            vmin=0,
            vmax=1,
            annot=words,
            fmt="",
            annot_kws={"fontsize": 6.5 if small else 7.5},
            cbar=False,
            linewidths=1.5,
            xticklabels=labels,
            yticklabels=labels,
        )
        ax.xaxis.tick_top()
        ax.grid(visible=False)
        for i, j in differs:
            ax.add_patch(Rectangle((j + 0.04, i + 0.06), 0.92, 0.88, fill=False, edgecolor="black", linewidth=1.6))
        ax.set(xlabel="", ylabel="")
        ax.tick_params(length=0, axis="both")
        ax.tick_params(axis="x", rotation=90 if upright else 0)
        ax.tick_params(axis="y", rotation=0)
    caption = (
        "How to read: the row's strategy against the column's. 90 % (red) means that it ended lower in nine of ten "
        "pairs, 50 % is a coin. This is the probability of improvement, paired; over all pairs of runs it equals "
        "Vargha and Delaney's A12 (in comparisons.csv). Intervals say what other seeds would have shown on the same "
        "problems. Only a frame says that the difference is more than chance with problems as the sample."
    )
    return Drawing("wins", title, caption, sheet.figure)


def square(won: float, low: float, high: float, small: bool) -> str:
    """`"75 %\\n62–88"`; empty where there is no such pair."""
    if np.isnan(won):
        return ""
    share = f"{100 * won:.0f}" + ("" if small else " %")
    return share if small or np.isnan(low) else f"{share}\n{100 * low:.0f}–{100 * high:.0f}"
