"""What workers side by side bring: the incumbent against simulated time, a line per number of workers."""

from typing import Any

import pandas as pd
from numpy.random import Generator

from bench.analysis.simulated_time import at_times, searcher_of
from bench.analysis.statistics import median_band
from bench.charts.bands import Words, band_traces
from bench.charts.chart import LOG, Chart, plain, text
from bench.charts.grid import Panel, axes_of, grid
from bench.charts.regret_chart import BANDS, LONGEST, shared_range, words_of
from bench.plots.lines import on_log_axis, spans_decades
from bench.plots.notes import run_notes, spans
from bench.plots.regret_figures import measure_of
from strategies.names import parts_of_name


def regret_by_time(runs: pd.DataFrame, curves: pd.DataFrame, rng: Generator) -> Chart:
    """One problem: the measure against simulated time; a panel per strategy and dimension, a line per workers.

    Both frames hold this problem only; `curves` are those of `simulated_curves`.
    """
    problem = str(runs["problem"].iloc[0])
    measure = measure_of(curves)
    names = sorted(curves["strategy"].unique(), key=lambda name: (searcher_of(name), parts_of_name(name).workers))
    searchers, dims = list(dict.fromkeys(map(searcher_of, names))), sorted(curves["dim"].unique().tolist())
    bands = median_band(at_times(curves, measure.column), measure.column, ["dim", "strategy"], "time", rng)
    bands = bands[bands["median"].notna()]
    log = spans_decades(bands["median"])
    drawn, floor = on_log_axis(bands) if log else (bands, "")
    plots = []
    data: list[dict[str, Any]] = []
    for number, (dim, searcher) in enumerate((dim, searcher) for dim in dims for searcher in searchers):
        own = [name for name in names if searcher_of(name) == searcher]
        of_dim = drawn[drawn["dim"] == dim]
        plots.append(Panel(f"{text(searcher)}, d = {dim}", LOG, shared_range(of_dim, log)))
        data += band_traces(
            of_dim[of_dim["strategy"].isin(own)], "time", own, log, axes_of(number), in_legend=dim == dims[0],
            words=Words("time %{x:.3g}"),
        )  # fmt: skip
    caption = (
        "Every line spends the same number of trials, with more workers in less time (@8w: eight, of which each that "
        "is free asks at once); one that ends as low as that of one worker has lost nothing by asking before others "
        f"had ended. Lines are medians over {spans(bands['n'], 'seed', 'seeds')} of the best trial that has ended by "
        f"then, {BANDS}; lower is better. Trials take simulated time, proposing takes none."
    )
    columns = len(searchers) if 1 < len(searchers) <= 3 else 3
    figure_layout = grid(
        plots, "simulated time (mean full trials)", text(words_of(measure.name), LONGEST), columns=columns
    )
    figure_layout["legend"]["title"]["text"] = "by workers"
    return Chart(
        f"workers-{problem}",
        f"{plain(problem)}: what workers side by side bring",
        " ".join([caption, *filter(None, [floor]), *run_notes(runs)]),
        {"data": data, "layout": figure_layout},
        bands,
        "Time",
    )
