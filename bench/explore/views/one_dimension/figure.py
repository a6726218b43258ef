"""The figure of a step: the belief above, what a next sample is worth below, over one axis of places."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bench.charts.chart import INK, SOFT, axis, layout, see_through, text
from bench.explore.views.one_dimension.step import Belief, Step
from bench.explore.views.one_dimension.worth import Kind
from bench.plots.style import style_of
from problems.space import Floats

HEIGHT = 440  # pixels
UPPER, LOWER = [0.36, 1.0], [0.0, 0.29]  # of the height
NEXT, BEST, WORTH = "#c2410c", "#e69f00", "#00735c"
CARD = "#fff"  # what the page draws the figure on
ROOM = 0.4  # of the height of what is seen, for a band that goes beyond it
LOG_DEPTH = 12.0  # below its peak, of a logarithm that is drawn
DIGITS = 6


def numbers(values: Floats | Sequence[float]) -> list[float]:
    """As JSON, with more digits than a screen shows."""
    return [float(f"{value:.{DIGITS}g}") for value in values]


def figure_of(step: Step, kind: Kind, curve: tuple[Floats, Floats] | None, value_label: str) -> dict[str, Any]:
    """Plotly's JSON; `curve` is the function, None where it is hidden."""
    low, high = seen(step, None if curve is None else curve[1])
    worth_ends = worth_range(step.belief, kind)
    traces = [place_to_click(step, "y", low), place_to_click(step, "y2", worth_ends[0])]
    if curve is not None:
        traces.append(
            {
                "type": "scatter", "mode": "lines", "name": "function", "x": numbers(curve[0]),
                "y": numbers(curve[1]), "line": {"color": SOFT, "width": 1.5, "dash": "5px,4px", "simplify": False},
                "hoverinfo": "skip", "meta": "function",
            }
        )  # fmt: skip
    if step.belief is not None:
        traces += belief_traces(step.grid, step.belief, (low, high))
    traces += sample_traces(step)
    if step.belief is not None:
        traces += worth_traces(step, step.belief, kind)
    left, right = beyond(float(step.grid[0]), float(step.grid[-1]), 0.01)
    return {
        "data": traces,
        "layout": layout(
            HEIGHT,
            dragmode=False,
            hovermode="x unified",
            hoversubplots="axis",
            hoverdistance=-1,
            legend={
                "orientation": "h", "yref": "container", "y": 0.99, "yanchor": "top",  # else a resize misplaces it
                "font": {"size": 12}, "itemclick": False,
            },
            margin={"l": 64, "r": 12, "t": 10, "b": 48},
            xaxis=axis("x", range=[left, right], anchor="y2", hoverformat=".4~f"),
            yaxis=axis(f"{text(value_label)} (smaller is better)", range=[low, high], domain=UPPER),
            yaxis2=axis(kind.short, range=worth_ends, domain=LOWER, nticks=4, showticklabels=bool(step.belief)),
            shapes=[vertical(step.suggestion)],
            annotations=[] if step.belief else [too_few()],
            modebar={"remove": ["zoom", "pan", "zoomin", "zoomout", "resetscale"]},  # a click takes a sample
            uirevision="one-dimension",
        ),
    }  # fmt: skip


def seen(step: Step, curve: Floats | None) -> tuple[float, float]:
    """The ends of the upper axis: all samples, the middle of the belief, the function where shown; the band in part."""
    shown = [np.array(step.told)] if step.told else [np.zeros(1)]
    if curve is not None:
        shown.append(curve)
    band = shown
    if step.belief is not None:
        shown = [*shown, step.belief.middle]
        band = [*shown, step.belief.low, step.belief.high]
    everything, with_band = np.concatenate(shown), np.concatenate(band)
    low, high = float(everything.min()), float(everything.max())
    room = ROOM * ((high - low) or 1.0)
    low, high = max(low - room, float(with_band.min())), min(high + room, float(with_band.max()))
    return beyond(low, high, 0.05)


def beyond(low: float, high: float, share: float) -> tuple[float, float]:
    """A range and a share of it more at both ends."""
    more = share * ((high - low) or 1.0)
    return low - more, high + more


def place_to_click(step: Step, axis_name: str, low: float) -> dict[str, Any]:
    """Nothing that is seen: wherever the mouse is, a place to name and to click at."""
    return {
        "type": "scatter", "mode": "lines", "yaxis": axis_name, "x": numbers(step.grid), "y": [low] * len(step.grid),
        "line": {"width": 0}, "showlegend": False, "hoverinfo": "none", "meta": "place",
    }  # fmt: skip


def belief_traces(grid: Floats, belief: Belief, ends: tuple[float, float]) -> Iterator[dict[str, Any]]:
    """The band and the line within it."""
    colour = style_of("gp").colour
    far = ends[1] - ends[0]
    low, high = (np.clip(end, ends[0] - far, ends[1] + far) for end in (belief.low, belief.high))
    x = numbers(grid)
    yield {
        "type": "scatter", "mode": "lines", "fill": "toself", "name": "95 % band",
        "x": [*x, *reversed(x)], "y": [*numbers(high), *reversed(numbers(low))],
        "fillcolor": see_through(colour, 0.16), "line": {"width": 0, "simplify": False},
        "hoverinfo": "skip", "meta": "band",
    }  # fmt: skip
    yield {
        "type": "scatter", "mode": "lines", "name": "surrogate mean", "x": x, "y": numbers(belief.middle),
        "line": {"color": colour, "width": 2.5, "simplify": False},
        "customdata": [list(pair) for pair in zip(numbers(belief.low), numbers(belief.high), strict=True)],
        "hovertemplate": "surrogate: %{y:.4~g}, 95 %: %{customdata[0]:.4~g} to %{customdata[1]:.4~g}<extra></extra>",
        "meta": "mean",
    }  # fmt: skip


def sample_traces(step: Step) -> Iterator[dict[str, Any]]:
    """What was told, and the smallest of it."""
    if step.best is None:
        return
    yield {
        "type": "scatter", "mode": "markers", "name": "samples", "x": list(step.x), "y": numbers(step.told),
        "marker": {"color": INK, "size": 9}, "hoverinfo": "skip", "meta": "samples",
    }  # fmt: skip
    yield {
        "type": "scatter", "mode": "markers", "name": "best so far",
        "x": [step.x[step.best]], "y": numbers([step.told[step.best]]),
        "marker": {"color": BEST, "size": 16, "symbol": "star", "line": {"color": INK, "width": 1}},
        "hoverinfo": "skip", "meta": "best",
    }  # fmt: skip


def worth_traces(step: Step, belief: Belief, kind: Kind) -> Iterator[dict[str, Any]]:
    """The acquisition, and the next suggestion in both panels."""
    place = int(np.searchsorted(step.grid, step.suggestion))
    yield {
        "type": "scatter", "mode": "lines", "fill": "none" if kind.decades else "tozeroy", "yaxis": "y2",
        "name": kind.short, "x": numbers(step.grid), "y": numbers(belief.worth),
        "line": {"color": WORTH, "width": 2, "simplify": False}, "fillcolor": see_through(WORTH, 0.14),
        "hovertemplate": f"{kind.short}: %{{y:.3~g}}<extra></extra>", "meta": "worth",
    }  # fmt: skip
    for axis_name, height in (("y", belief.middle[place]), ("y2", belief.worth[place])):
        yield {
            "type": "scatter", "mode": "markers", "yaxis": axis_name, "name": "next",
            "x": [step.suggestion], "y": numbers([height]), "legendgroup": "next", "showlegend": axis_name == "y",
            "marker": {"color": NEXT, "size": 12, "symbol": "diamond", "line": {"color": "#fff", "width": 1.5}},
            "hoverinfo": "skip", "meta": "next",
        }  # fmt: skip


def worth_range(belief: Belief | None, kind: Kind) -> list[float]:
    """The ends of the lower axis."""
    if belief is None:
        return [0.0, 1.0]
    low, high = float(belief.worth.min()), float(belief.worth.max())
    return list(beyond(max(low, high - LOG_DEPTH) if kind.decades else low, high, 0.08))


def too_few() -> dict[str, Any]:
    """What stands where there is no acquisition yet."""
    return {
        "text": "nothing is weighed yet: the model needs two samples",
        "font": {"size": 13, "color": SOFT}, "bgcolor": CARD,
        "x": 0.5, "y": sum(LOWER) / 2, "xref": "paper", "yref": "paper", "showarrow": False,
    }  # fmt: skip


def vertical(x: float) -> dict[str, Any]:
    """A line through both panels."""
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "layer": "below",
        "line": {"color": NEXT, "width": 1.5, "dash": "dot"},
    }  # fmt: skip
