"""What a strategy itself costs: seconds of ask and tell per trial."""

from typing import Any

import pandas as pd

from bench.analysis.ranks import final_order
from bench.charts.bands import Words, band_traces, position_axis
from bench.charts.chart import LOG, Chart, axis_title
from bench.charts.grid import Panel, axes_of, grid
from bench.plots.lines import on_log_axis
from bench.plots.notes import spans
from bench.plots.time_figure import quartiles


def optimiser_seconds(trials: pd.DataFrame, ranked: pd.DataFrame) -> Chart:
    """Seconds of ask + tell: at each trial over all runs, and the mean over a run's trials against dimension."""
    run = ["problem", "dim", "strategy", "seed"]
    timed = trials.assign(optimiser_s=trials["ask_s"] + trials["tell_s"])
    per_run = timed.groupby(run)["optimiser_s"].mean().reset_index()
    names = final_order(ranked, timed["strategy"])
    data: list[dict[str, Any]] = []
    plots, tables = [], []
    parts = (
        (timed, "trial", "trial", "Each trial, all dimensions"),
        (per_run, "dim", "dimension d (parameters)", "Mean of a run's trials"),
    )
    for number, (frame, along, label, heading) in enumerate(parts):
        bands = quartiles(frame, along)
        drawn = on_log_axis(bands)[0]
        words = Words("d = %{x}" if along == "dim" else "trial %{x}", "middle half", unit=" s")
        plots.append(Panel(heading, axis_title(label) | position_axis(drawn, along), LOG))
        data += band_traces(drawn, along, names, True, axes_of(number), number == 0, words=words)
        tables.append(bands.rename(columns={along: "at"}).assign(along=along))
    n = spans(per_run.groupby("strategy").size(), "run", "runs")
    caption = (
        f"ask + tell, without the evaluation: lines are medians over runs ({n} per strategy), bands their middle "
        "halves. Lower is cheaper; where one evaluation takes minutes, none of this matters, where it takes "
        "milliseconds, who thinks longer must win by that much. Times hold for the machine named below, with one "
        "thread per run."
    )
    table = pd.concat(tables, ignore_index=True)
    return Chart(
        "optimiser-seconds",
        "Seconds that a strategy spends on a trial",
        caption,
        {"data": data, "layout": grid(plots, "", "optimiser time per trial (seconds)", columns=2, height=300)},
        table[["along", "at", "strategy", "median", "low", "high", "n"]],
        "Time",
    )
