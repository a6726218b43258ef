"""How good the incumbent of one problem is, trial by trial, a panel per dimension; and of all, against dimension."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.ranks import final_order
from bench.analysis.summary import at_the_end
from bench.charts.bands import Words, band_traces, position_axis
from bench.charts.chart import LOG, Chart, axis_title, plain, text
from bench.charts.grid import Panel, axes_of, grid
from bench.plots.lines import limits, on_log_axis, spans_decades
from bench.plots.notes import budget_axis, budget_of, run_notes, spans
from bench.plots.regret_figures import measure_of

LONGEST = 60  # characters of what a problem calls its values
BANDS = "bands 95 % bootstrap intervals of them (with fewer than six seeds, simply from the best to the worst seed)"


def words_of(label: str) -> str:
    """A label of `measure_of`, which is written for the figures in print, as plain words."""
    return label.replace(r"\$", "$").replace("\n", " ")


def shared_range(bands: pd.DataFrame, log: bool) -> dict[str, Any]:
    """A vertical axis for several panels that show parts of `bands`."""
    ends = np.array(limits(bands, log) or (1.0, 10.0))
    return {"range": (np.log10(ends) if log else ends).round(4).tolist(), **(LOG if log else {})}


def regret_by_trial(runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, bands: pd.DataFrame) -> Chart:
    """One problem: its measure against trial count, one panel per dimension.

    All frames hold this problem only; `curves` are those of `regret_curves`, `ranked` those of `ranks`, `bands` those
    of `bands_by_trial`.
    """
    problem = str(runs["problem"].iloc[0])
    measure = measure_of(curves)
    names = final_order(ranked, curves["strategy"])
    log = any(spans_decades(of_dim["median"]) for _, of_dim in bands.groupby("dim"))
    drawn, floor = on_log_axis(bands) if log else (bands, "")
    parts = [(dim, drawn[drawn["dim"] == dim]) for dim in sorted(curves["dim"].unique().tolist())]
    plots = [Panel(f"d = {dim}", position_axis(of_dim, "trial"), LOG if log else {}) for dim, of_dim in parts]
    data: list[dict[str, Any]] = []
    for number, (_, of_dim) in enumerate(parts):
        data += band_traces(
            of_dim,
            "trial",
            names,
            log,
            axes_of(number),
            in_legend=number == 0,
            words=Words(f"{budget_axis(runs)} %{{x}}"),
        )
    label = plain(words_of(measure.label), LONGEST)
    caption = (
        f"Lines are medians of {label} over {spans(bands['n'], 'seed', 'seeds')}, {BANDS}; "
        "each panel is one dimension d with its own vertical axis. Lower is better; where bands overlap, more seeds "
        "may turn the order round."
    )
    return Chart(
        f"regret-{problem}",
        f"{plain(problem)}: {plain(words_of(measure.name), LONGEST)} of the best trial so far",
        " ".join([caption, *filter(None, [floor]), *run_notes(runs)]),
        {"data": data, "layout": grid(plots, budget_axis(runs), text(words_of(measure.name), LONGEST))},
        bands,
        "By problem",
    )


def regret_by_dim(
    runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, bands_of: Mapping[str, pd.DataFrame]
) -> Chart:
    """All problems: the measure at the end of the budget against dimension, one panel per problem.

    `bands_of` are those of `bands_by_dim`.
    """
    names = final_order(ranked, curves["strategy"])
    last = at_the_end(curves)
    data: list[dict[str, Any]] = []
    plots, tables, floors = [], [], []
    for number, problem in enumerate(runs["problem"].unique()):
        of_problem = last[last["problem"] == problem]
        measure = measure_of(of_problem)
        bands = bands_of[problem]
        log = spans_decades(bands["median"])
        drawn, floor = on_log_axis(bands) if log else (bands, "")
        title = axis_title(text(words_of(measure.name), LONGEST))
        plots.append(Panel(text(problem), position_axis(drawn, "dim"), {**title, **(LOG if log else {})}))
        data += band_traces(drawn, "dim", names, log, axes_of(number), in_legend=number == 0, words=Words("d = %{x}"))
        tables.append(bands.assign(problem=problem, measure=words_of(measure.label)))
        floors += [f"{plain(problem)}: {floor}"] if floor else []
    table = pd.concat(tables, ignore_index=True)
    caption = (
        f"What is left after {budget_of(runs)}: lines are medians over {spans(table['n'], 'seed', 'seeds')}, {BANDS}; "
        "each panel is one problem with its own vertical axis. Lower is better, and a line that rises steeply belongs "
        "to a strategy that suffers from dimension."
    )
    return Chart(
        "regret-by-dimension",
        "What is left at the end of the budget, against dimension",
        " ".join([caption, *floors, *run_notes(runs)]),
        {"data": data, "layout": grid(plots, "dimension d (parameters)", beside=0.09)},
        table[["problem", "measure", "dim", "strategy", "median", "low", "high", "n"]],
        "Scaling",
    )
