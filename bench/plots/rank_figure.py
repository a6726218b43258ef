"""Who leads when: mean rank against trial, over everything that was run."""

import pandas as pd

from bench.analysis.ranks import final_order
from bench.plots.lines import draw_bands, limits, tidy_axes
from bench.plots.notes import budget_axis, run_notes, spans
from bench.plots.page import Drawing, label_outside, page, theme, title_panel


def rank_by_trial(runs: pd.DataFrame, ranked: pd.DataFrame, bands: pd.DataFrame) -> Drawing:
    """Mean rank over problems, dimensions and seeds against trial; `ranked` are the rows of `ranks`, `bands` their
    `rank_bands`."""
    names = final_order(ranked, bands["strategy"])
    title = "Mean rank of the best trial so far"
    cells = spans(bands["n"], "cell", "cells")
    what = "means and 95 % bootstrap bands" if bands["low"].notna().any() else "means; one seed shows no band"
    subtitle = f"1 is best of {len(names)}; {what} over {cells}: problem × d × seed"
    bands = bands.assign(**{end: bands[end].fillna(bands["median"]) for end in ("low", "high")})
    with theme():
        sheet = page(1, title, subtitle, run_notes(runs), names, (6.2, 4.0))
        (ax,) = sheet.panels
        draw_bands(ax, bands, "trial", names, log=False)
        low, high = limits(bands, log=False) or (1, len(names))
        ax.set_ylim(min(high, len(names) + 0.1), max(low, 0.9))
        tidy_axes(ax, log=False)
        title_panel(ax, "All problems, dimensions and seeds")
        label_outside(sheet, budget_axis(runs), f"mean rank (1 is best of {len(names)})")
    caption = (
        "How to read: at every trial the strategies are ranked by regret within each problem, dimension and seed (ties "
        "share a rank, a failed run is last), and the ranks are averaged. Higher is better; random order would be "
        f"{(len(names) + 1) / 2:g}. Bands say what other seeds would have shown on these problems. Ranks say who is "
        "ahead, not by how much."
    )
    return Drawing("mean-rank", title, caption, sheet.figure)
