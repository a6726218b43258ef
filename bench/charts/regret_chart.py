"""How good the incumbent of one problem is, trial by trial, a panel per dimension."""

import math
from typing import Any

import pandas as pd
from numpy.random import Generator

from bench.analysis.ranks import final_order
from bench.analysis.statistics import median_band
from bench.charts.bands import band_traces
from bench.charts.chart import Chart, axis, layout, panel_title, panels, plain
from bench.plots.lines import on_log_axis, spans_decades
from bench.plots.notes import budget_axis, run_notes, spans
from bench.plots.regret_figures import measure_of

PANEL = 250  # pixels


def regret_by_trial(runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, rng: Generator) -> Chart:
    """One problem: its measure against trial count, one panel per dimension.

    All three frames hold this problem only; `curves` are those of `regret_curves`, `ranked` those of `ranks`.
    """
    problem = str(runs["problem"].iloc[0])
    measure = measure_of(curves)
    names = final_order(ranked, curves["strategy"])
    bands = median_band(curves, measure.column, ["dim", "strategy"], "trial", rng)
    log = any(spans_decades(of_dim["median"]) for _, of_dim in bands.groupby("dim"))
    drawn, floor = on_log_axis(bands) if log else (bands, "")
    dims = sorted(curves["dim"].unique())
    columns = min(3, len(dims))
    figure_layout = layout(130 + PANEL * math.ceil(len(dims) / columns) if len(dims) > 1 else 430, annotations=[])
    data: list[dict[str, Any]] = []
    for number, (dim, (x, y)) in enumerate(zip(dims, panels(len(dims), columns, (0.07, 0.2)), strict=True), start=1):
        mark = "" if number == 1 else str(number)
        first_in_row, last_in_column = (number - 1) % columns == 0, number + columns > len(dims)
        figure_layout[f"xaxis{mark}"] = axis(budget_axis(runs) if last_in_column else "", domain=x, anchor=f"y{mark}")
        figure_layout[f"yaxis{mark}"] = axis(
            measure.name if first_in_row else "", domain=y, anchor=f"x{mark}", **({"type": "log"} if log else {})
        )
        figure_layout["annotations"].append(panel_title(f"d = {dim}", x[0], y[1]))
        of_dim = drawn[drawn["dim"] == dim]
        data += band_traces(of_dim, "trial", names, log, (f"x{mark}", f"y{mark}"), in_legend=number == 1)
    label = plain(measure.label.replace("\n", " "), 60)
    caption = (
        f"Lines are medians of {label} over {spans(bands['n'], 'seed', 'seeds')}, "
        "bands 95 % bootstrap intervals of them (with fewer than six seeds, simply from the best to the worst seed). "
        "Lower is better; where bands overlap, more seeds may turn the order round."
    )
    return Chart(
        f"regret-{problem}",
        f"{plain(problem)}: {measure.name} of the best trial so far",
        " ".join([caption, *filter(None, [floor]), *run_notes(runs)]),
        {"data": data, "layout": figure_layout},
        bands,
        "By problem",
    )
