"""Who leads when: mean rank against trial, over everything that was run."""

import pandas as pd

from bench.analysis.ranks import final_order
from bench.charts.bands import Words, band_traces, position_axis
from bench.charts.chart import Chart, axis, layout
from bench.plots.notes import budget_axis, run_notes, spans


def rank_by_trial(runs: pd.DataFrame, ranked: pd.DataFrame, bands: pd.DataFrame) -> Chart:
    """Mean rank over problems, dimensions and seeds against trial; `ranked` are the rows of `ranks`, `bands` their
    `rank_bands`."""
    names = final_order(ranked, bands["strategy"])
    figure = {
        "data": list(band_traces(bands, "trial", names, log=False, words=Words(f"{budget_axis(runs)} %{{x}}"))),
        "layout": layout(
            430,
            xaxis=axis(budget_axis(runs), **position_axis(bands, "trial")),
            yaxis=axis(f"mean rank (1 is best of {len(names)})", autorange="reversed"),
        ),
    }
    what = "bands are 95 % bootstrap intervals" if bands["low"].notna().any() else "one seed shows no band"
    caption = (
        "At every trial the strategies are ranked by regret within each problem, dimension and seed (ties share a "
        f"rank, a failed run is last), and the ranks averaged over {spans(bands['n'], 'cell', 'cells')}; {what}. "
        f"Higher is better, random order would be {(len(names) + 1) / 2:g}; ranks say who is ahead, not by how much."
    )
    return Chart(
        "mean-rank",
        "Mean rank of the best trial so far",
        " ".join([caption, *run_notes(runs)]),
        figure,
        bands,
        "Curves",
    )
