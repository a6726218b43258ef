"""What early stopping saves: the incumbent against cost with and without it, and how far trials were taken."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.competitors import parts_of
from bench.analysis.ranks import final_order
from bench.analysis.statistics import median_band
from bench.charts.bands import Words, band_traces, position_axis
from bench.charts.chart import SOFT, Chart, plain, text
from bench.charts.grid import Panel, axes_of, grid
from bench.charts.regret_chart import BANDS, LONGEST, shared_range, words_of
from bench.plots.lines import on_log_axis, spans_decades
from bench.plots.notes import budget_axis, run_notes, span, spans
from bench.plots.pruning_figure import strategies_with_pruners, survival
from bench.plots.regret_figures import measure_of
from strategies.pruners.registry import NO_PRUNER

COLUMNS = 3


def regret_with_pruners(runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, rng: Generator) -> Chart:
    """One problem: the measure against the budget spent; a panel per strategy and dimension, a line per pruner.

    All three frames hold this problem only, by pairs; `curves` are those of `regret_curves`, `ranked` those of `ranks`.
    """
    problem = str(runs["problem"].iloc[0])
    measure = measure_of(curves)
    searchers, dims = strategies_with_pruners(runs), sorted(curves["dim"].unique().tolist())
    names = [name for name in final_order(ranked, curves["strategy"]) if parts_of(name)[0] in searchers]
    bands = median_band(curves[curves["strategy"].isin(names)], measure.column, ["dim", "strategy"], "trial", rng)
    log = spans_decades(bands["median"])
    drawn, floor = on_log_axis(bands) if log else (bands, "")
    words = Words(f"{budget_axis(runs)} %{{x}}")
    plots, shapes = [], []
    data: list[dict[str, Any]] = []
    for number, (dim, searcher) in enumerate((dim, searcher) for dim in dims for searcher in searchers):
        own = [name for name in names if parts_of(name)[0] == searcher]
        of_dim = drawn[drawn["dim"] == dim]
        heading = f"{text(searcher)}, d = {dim}"
        plots.append(Panel(heading, position_axis(of_dim, "trial"), shared_range(of_dim, log)))
        data += band_traces(
            of_dim[of_dim["strategy"].isin(own)], "trial", own, log, axes_of(number), in_legend=dim == dims[0],
            words=words,
        )  # fmt: skip
        shapes += end_of(of_dim[of_dim["strategy"] == searcher], axes_of(number))
    caption = (
        f"Against what a run has spent, in full trials (a stopped trial costs its share): medians over "
        f"{spans(bands['n'], 'seed', 'seeds')} of the best whole trial so far, {BANDS}; lower is better. Where a "
        "dashed line falls earlier than the full one, the strategy without a pruner, stopping has paid for more "
        "trials; the dotted line is where the full one ends, and what has crossed it earlier has saved the rest."
    )
    return Chart(
        f"early-stopping-{problem}",
        f"{plain(problem)}: what early stopping saves",
        " ".join([caption, *filter(None, [floor]), *run_notes(runs)]),
        {
            "data": data,
            "layout": grid(
                plots, budget_axis(runs), text(words_of(measure.name), LONGEST),
                columns=columns_of(len(searchers)), shapes=shapes,
            ),
        },
        bands,
        "By problem",
    )  # fmt: skip


def columns_of(searchers: int) -> int:
    """Panels side by side, so that a row holds one dimension where there is room for it."""
    return min(searchers, COLUMNS) if searchers > 1 else COLUMNS


def end_of(alone: pd.DataFrame, axes: tuple[str, str]) -> list[dict[str, Any]]:
    """A dotted line where the bands of a strategy without a pruner end."""
    if alone.empty or not np.isfinite(end := alone.sort_values("trial")["median"].iloc[-1]):
        return []
    x, y = axes
    line = {"color": SOFT, "width": 1.2, "dash": "dot"}
    at = float(f"{end:.5g}")
    return [{"type": "line", "xref": f"{x} domain", "yref": y, "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line}]


def trial_lengths(runs: pd.DataFrame, trials: pd.DataFrame, ranked: pd.DataFrame, rng: Generator) -> Chart:
    """One problem: how far trials were taken; a panel per strategy, a line per pruner, all dimensions together."""
    problem = str(runs["problem"].iloc[0])
    searchers = strategies_with_pruners(runs)
    order = final_order(ranked, trials["strategy"])
    names = [name for name in order if parts_of(name)[0] in searchers and parts_of(name)[1] != NO_PRUNER]
    bands = median_band(survival(trials[trials["strategy"].isin(names)]), "share", ["strategy"], "step", rng)
    counts = trials.groupby("strategy").size().reindex(names)
    words = Words("taken to %{x} %", unit=" % of trials")
    plots = []
    data: list[dict[str, Any]] = []
    for number, searcher in enumerate(searchers):
        own = [name for name in names if parts_of(name)[0] == searcher]
        plots.append(Panel(text(searcher), {"range": [0, 100]}, {"range": [-3, 103]}))
        data += band_traces(
            bands[bands["strategy"].isin(own)], "step", own, False, axes_of(number), words=words, steps=True
        )
    caption = (
        "At 40 % on the horizontal axis, a line says how many trials were taken to 40 % of their full fidelity or "
        f"further: medians over {spans(bands['n'], 'seed', 'seeds')} with 95 % bootstrap bands, all dimensions, "
        f"{span(counts)} trials per line. A step down is where trials were stopped, the area above a line what was "
        "saved; failed trials are left out."
    )
    return Chart(
        f"trial-lengths-{problem}",
        f"{plain(problem)}: how far trials are taken before they are stopped",
        " ".join([caption, *run_notes(runs)]),
        {"data": data, "layout": grid(plots, "share of its full fidelity (%)", "trials that came so far (%)")},
        bands,
        "Time",
    )
