"""Who is ahead in seconds, if a trial takes so long: with a slider over the price, and over all prices at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.equal_time import Timed, at_random_budget, curves_in_time, leaders, random_ends
from bench.analysis.ranks import final_order
from bench.charts.bands import Words, band_traces, rounded
from bench.charts.chart import GRID, INK, LOG, SOFT, Chart, axis, layout, plain
from bench.plots.lines import limits, on_log_axis, spans_decades
from bench.plots.notes import run_notes
from problems.space import Floats

PRICES = {
    "1 ms": 1e-3, "10 ms": 1e-2, "0.1 s": 0.1, "1 s": 1.0, "10 s": 10.0, "1 min": 60.0, "10 min": 600.0, "1 h": 3600.0,
}  # fmt: skip
BETWEEN = {
    "1 µs": 1e-6, "10 µs": 1e-5, "0.1 ms": 1e-4, "3 ms": 3e-3, "30 ms": 3e-2, "0.3 s": 0.3, "3 s": 3.0, "30 s": 30.0,
    "3 min": 180.0, "30 min": 1800.0, "3 h": 1.08e4, "10 h": 3.6e4, "1 day": 8.64e4, "4 days": 3.456e5,
    "12 days": 1.0368e6, "6 weeks": 3.6288e6,
}  # fmt: skip
FIRST = "1 s"  # where the slider stands
POINTS = 40  # of a line
FINE: Floats = np.geomspace(1e-3, 3600.0, 27)
SCORE = "mean normalised regret"
MEASURE = "regret over that of random search's first trial, at most 1"


def seconds_axis(title: str, ticks: Mapping[str, float]) -> dict[str, Any]:
    """A logarithmic axis of seconds with `ticks` in words."""
    return axis(title, type="log", tickvals=list(ticks.values()), ticktext=list(ticks))


def by_seconds(runs: pd.DataFrame, found: Timed, ranked: pd.DataFrame, rng: Generator) -> Chart:
    """Mean normalised regret against seconds, thinking included; a slider says what a trial takes."""
    names = final_order(ranked, found.runs["strategy"])
    table = curves_in_time(found, list(PRICES.values()), POINTS, rng)
    log = spans_decades(table["median"])
    drawn, floor = on_log_axis(table) if log else (table, "")
    low, high = limits(drawn, log) or (0.0, 1.0)
    bounds = (low, high) if log else (0.0, 1.02)
    words = Words("after %{x:.3~r} s")
    steps = {}
    for label, price in PRICES.items():
        traces = band_traces(drawn[drawn["price"] == price], "time", names, log, words=words)
        ends = pd.Series(random_ends(found, price).max()).repeat(2)
        steps[label] = [*traces, end_of_random(ends, bounds)]
    y = {**LOG, "range": np.log10(bounds).round(4).tolist()} if log else {"range": bounds}
    figure_layout = layout(
        520,
        xaxis=seconds_axis("time of optimiser and evaluations", {**PRICES, **BETWEEN}),
        yaxis=axis(SCORE, **y),
        sliders=[slider(steps, FIRST)],
        margin={"l": 64, "r": 16, "t": 20, "b": 120},
    )
    n = int(table["n"].max())
    caption = (
        "The slider says what one trial would take; to it each strategy's own recorded seconds of ask and tell are "
        f"added. Lines are means of {MEASURE}, over n = {n} runs per strategy (known optimum, run by all), with 95 % "
        "bootstrap bands over seeds; lower and further left is better. A line ends where its strategy has spent its "
        "budget: right of the dotted line, where random search has, only those that think longer go on."
    )
    return Chart(
        "seconds",
        "What is reached after how many seconds, if a trial takes so long",
        " ".join([caption, *filter(None, [floor]), *run_notes(runs)]),
        {"data": steps[FIRST], "layout": figure_layout},
        table.rename(columns={"median": "score"}),
        "Time",
    )


def end_of_random(ends: pd.Series, bounds: tuple[float, float]) -> dict[str, Any]:
    """A dotted line from bottom to top where random search has spent its budget."""
    return {
        "type": "scatter", "mode": "lines", "x": rounded(ends), "y": rounded(pd.Series(bounds)),
        "line": {"color": SOFT, "width": 1.2, "dash": "dot"}, "name": "random search has spent its budget",
        "hoverinfo": "name", "showlegend": False,
    }  # fmt: skip


def slider(steps: Mapping[str, Sequence[dict[str, Any]]], active: str) -> dict[str, Any]:
    """A slider whose `steps` (label -> traces) put other numbers into the traces of the `active` one."""
    made = []
    for label, traces in steps.items():
        there = {part_of(trace): trace for trace in traces}
        same = [there.get(part_of(trace), {}) for trace in steps[active]]
        values = {name: [trace.get(name, []) for trace in same] for name in ("x", "y", "customdata")}
        made.append({"label": label, "method": "restyle", "args": [values, list(range(len(same)))]})
    return {
        "active": list(steps).index(active), "steps": made, "pad": {"t": 52}, "len": 1, "x": 0,
        "currentvalue": {"prefix": "one trial takes ", "font": {"size": 13, "color": INK}},
        "bgcolor": GRID, "bordercolor": SOFT, "tickcolor": SOFT, "font": {"size": 11.5, "color": INK},
    }  # fmt: skip


def part_of(trace: dict[str, Any]) -> tuple[str, str]:
    """What a trace is, whatever its numbers."""
    return trace.get("legendgroup", ""), trace.get("meta", "line")


def by_price(runs: pd.DataFrame, found: Timed, ranked: pd.DataFrame, rng: Generator) -> Chart:
    """Mean normalised regret by the time that random search takes for its budget, against the price of a trial."""
    names = final_order(ranked, found.runs["strategy"])
    table = at_random_budget(found, FINE, rng)
    log = spans_decades(table["median"])
    drawn, floor = on_log_axis(table) if log else (table, "")
    figure = {
        "data": list(band_traces(drawn, "price", names, log, words=Words("a trial takes %{x:.3~r} s"))),
        "layout": layout(
            430,
            xaxis=seconds_axis("time of one trial's evaluation", PRICES),
            yaxis=axis(SCORE, **(LOG if log else {"rangemode": "tozero"})),
        ),
    }
    caption = (
        f"{who_leads(table)} Every strategy has the time that random search takes for its budget, its own recorded "
        f"seconds of ask and tell counted in; lines are means of {MEASURE}, over n = {int(table['n'].max())} runs per "
        "strategy, with 95 % bootstrap bands over seeds. Lower is better; at the left thinking costs trials, at the "
        "right only the choice of trials counts."
    )
    return Chart(
        "price",
        "Who leads, if a trial takes so long",
        " ".join([caption, *filter(None, [floor]), *run_notes(runs)]),
        figure,
        table.rename(columns={"median": "score"}),
        "Time",
    )


def who_leads(table: pd.DataFrame) -> str:
    """From which price of a trial on whose mean is lowest, in a sentence; `table` are rows of `at_random_budget`."""
    lowest, highest = table["price"].min(), table["price"].max()
    parts = []
    for row in leaders(table).to_dict("records"):
        where = stretch(row["first"], row["last"], lowest, highest)
        parts.append(f"{plain(row['strategy'])} {where}{share(row['least'], row['most'])}")
    certainty = "" if table["leads"].isna().any() else " (in brackets: in how many of the resamples of seeds)"
    return f"Lowest is {', '.join(parts)}{certainty}."


def share(least: float, most: float) -> str:
    """`" (60–97 %)"`; empty with one seed."""
    if least != least:
        return ""
    low, high = f"{100 * least:.0f}", f"{100 * most:.0f}"
    return f" ({low if low == high else f'{low}–{high}'} %)"


def stretch(first: float, last: float, lowest: float, highest: float) -> str:
    """From which price to which, in words."""
    if first == lowest and last == highest:
        return "at every price"
    if first == last:
        return f"at {duration(first)} a trial"
    if first == lowest:
        return f"up to {duration(last)} a trial"
    return f"from {duration(first)}" + ("" if last == highest else f" to {duration(last)}") + " a trial"


def duration(seconds: float) -> str:
    """`"3 ms"`, `"20 s"`, `"5 min"`: two digits."""
    for unit, size in (("h", 3600.0), ("min", 60.0), ("s", 1.0)):
        if seconds >= 0.95 * size:
            return f"{float(f'{seconds / size:.2g}'):g} {unit}"
    return f"{float(f'{seconds * 1000:.2g}'):g} ms"
