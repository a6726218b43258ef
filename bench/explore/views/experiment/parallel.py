"""Parallel coordinates: a line per trial through the values of its parameters, to the value that it had."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bench.charts.chart import SOFT, axis, plain, text
from bench.exchange.spaces import INFERRED, Origin
from bench.explore.views.experiment.curves import Plot, framed, nothing
from bench.plots.lines import spans_decades
from bench.plots.style import VERMILION
from problems.space import Categorical, Parameter
from problems.space import Floats as Array

HEIGHT = 400
MOST = 1000  # lines
MOST_CHOICES = 12  # that are named
SHADES = ("#08306b", "#08519c", "#2171b5", "#4292c6", "#6baed6", "#9ecae1", "#c6dbef")  # the best first (ColorBrewer)
UNKNOWN = "#b9b3ab"  # of what has no value to be compared
LONGEST = 16  # characters of a name at an axis


def parallel(trials: pd.DataFrame, origin: Origin, label: str) -> Plot:
    """The trials of one run; those that were pruned, or failed, end before the axis of the values."""
    if origin.space is None or trials.empty:
        return Plot(nothing("No trial yet.", HEIGHT), "")
    kept = some(trials)
    parameters = origin.space.parameters
    configs = [json.loads(config) for config in kept["config"]]
    units = np.array([[p.to_unit(config[p.name]) for p in parameters] for config in configs])  # (n, d)
    value = kept["value"].where(kept["status"] == "ok").to_numpy(dtype=float)
    log = spans_decades(pd.Series(value)) and bool(np.nanmin(value) > 0)
    end, ticks = on_axis(value, log)
    height = np.column_stack([units, end])  # (n, d + 1)
    told = hover_texts(kept, parameters, configs)
    shade = np.where(np.isnan(end), -1, np.nan_to_num(end * len(SHADES)).astype(int).clip(0, len(SHADES) - 1))
    best = int(np.nanargmin(value)) if np.isfinite(value).any() else -1
    traces = [lines(height, told, shade == -1, UNKNOWN, 1)]
    for number in reversed(range(len(SHADES))):
        traces.append(lines(height, told, (shade == number) & (np.arange(len(kept)) != best), SHADES[number], 1.1))
    if best >= 0:
        traces.append(lines(height, told, np.arange(len(kept)) == best, VERMILION, 3))
    names = [*map(axis_name, parameters), f"<b>{text(label, LONGEST)}</b>" + ("<br>log" if log else "")]
    notes = [mark for place, p in enumerate(parameters) for mark in marks(place, ticks_of(p))]
    notes += marks(len(parameters), ticks)
    figure = {
        "data": [trace for trace in traces if trace["x"]],
        "layout": framed(
            HEIGHT,
            showlegend=False,
            xaxis=axis(tickvals=list(range(len(names))), ticktext=names, range=[-0.12, len(names) - 0.62])
            | {"showgrid": True, "gridcolor": SOFT, "ticks": "", "fixedrange": True},
            yaxis={"visible": False, "range": [-0.03, 1.03], "fixedrange": True},
            annotations=notes,
            meta={"axes": len(names)},
        ),
    }
    return Plot(figure, caption_of(kept, trials, origin, label))


def caption_of(kept: pd.DataFrame, trials: pd.DataFrame, origin: Origin, label: str) -> str:
    """How to read it."""
    some_of = f"{len(kept):,} of {len(trials):,} trials, evenly, and the best" if len(kept) < len(trials) else ""
    unknown = int((kept["status"] != "ok").sum())
    parts = [
        f"A line is a trial; the more it stands out, the lower its {plain(label, LONGEST)}; thick: the best.",
        f"Drawn: {some_of}." if some_of else "",
        f"Grey, without a value at the right: {unknown} pruned or failed." if unknown else "",
        "The problem is not made here: axes are as wide as the trials." if origin.how == INFERRED else "",
    ]
    return " ".join(filter(None, parts))


def some(trials: pd.DataFrame, most: int = MOST) -> pd.DataFrame:
    """All trials, or so many of them, evenly, with the best among them."""
    if len(trials) <= most:
        return trials
    places = np.linspace(0, len(trials) - 1, most).round().astype(int)
    value = trials["value"].where(trials["status"] == "ok").fillna(np.inf).to_numpy()
    return trials.iloc[np.unique([*places[1:], int(value.argmin())])]


def lines(height: Array, told: Sequence[Sequence[str]], which: Any, colour: str, width: float) -> dict[str, Any]:
    """One trace of the lines `which`, with gaps between them."""
    x: list[int | None] = []
    y: list[float | None] = []
    words: list[str | None] = []
    for row in np.flatnonzero(which).tolist():
        known = int(np.isfinite(height[row]).sum())
        x += [*range(known), None]
        y += [*height[row, :known].round(4).tolist(), None]
        words += [*told[row][:known], None]
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "text": words, "hoverinfo": "text",
        "line": {"color": colour, "width": width}, "opacity": 0.8 if width < 2 else 1,
    }  # fmt: skip


def hover_texts(
    kept: pd.DataFrame, parameters: Sequence[Parameter], configs: Sequence[dict[str, Any]]
) -> list[list[str]]:
    """What stands beside each point of each line."""
    told = []
    for trial, status, value, config in zip(kept["trial"], kept["status"], kept["value"], configs, strict=True):
        came_to = f"{value:.4g}" if status == "ok" else status
        points = [f"{text(p.name, LONGEST)} = {short(config[p.name])}" for p in parameters]
        told.append([f"trial {trial}<br>{point}" for point in [*points, came_to]])
    return told


def short(value: Any) -> str:
    """A parameter's value within a figure."""
    return f"{value:.4g}" if isinstance(value, float) else text(str(value), LONGEST)


def axis_name(parameter: Parameter) -> str:
    """What stands below a parameter's axis."""
    scale = "<br>log" if not isinstance(parameter, Categorical) and parameter.log else ""
    return f"{text(parameter.name, LONGEST)}{scale}"


def ticks_of(parameter: Parameter) -> list[tuple[float, str]]:
    """Heights at a parameter's axis, and what stands there: all choices, or the ends of the range."""
    if isinstance(parameter, Categorical):
        every = -(-len(parameter.choices) // MOST_CHOICES)
        return [(parameter.to_unit(choice), short(choice)) for choice in parameter.choices[::every]]
    ends = [parameter.low] if parameter.low == parameter.high else [parameter.low, parameter.high]
    return [(float(parameter.to_unit(end)), f"{end:.4g}") for end in ends]  # type: ignore[arg-type]


def on_axis(value: Array, log: bool) -> tuple[Array, list[tuple[float, str]]]:
    """The heights (n,) of values at their axis, NaN where there is none, and its ends."""
    if not np.isfinite(value).any():
        return np.full(len(value), np.nan), []
    scaled = np.log10(value) if log else value
    low, high = float(np.nanmin(scaled)), float(np.nanmax(scaled))
    ends = [f"{end:.3g}" for end in (np.nanmin(value), np.nanmax(value))]
    if low == high:
        return np.where(np.isfinite(scaled), 0.5, np.nan), [(0.5, ends[0])]
    return (scaled - low) / (high - low), [(0.0, ends[0]), (1.0, ends[1])]


def marks(place: int, ticks: Sequence[tuple[float, str]]) -> Iterator[dict[str, Any]]:
    """The ticks of the axis at `place`, as annotations."""
    for height, words in ticks:
        yield {
            "x": place, "y": height, "text": words, "showarrow": False, "xanchor": "left", "xshift": 3,
            "font": {"size": 11}, "bgcolor": "rgba(255,255,255,0.8)", "borderpad": 1,
        }  # fmt: skip
