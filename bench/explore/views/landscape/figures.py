"""The figures of the page, without trials: the browser puts in as many as have fallen."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.charts.chart import LOG, axis, layout, line_of, text
from bench.explore.views.landscape.ground import Ground
from bench.plots.lines import plain_number
from bench.plots.style import style_of
from problems.space import Floats

HEIGHT = 384  # pixels
KEPT = "kept"  # `meta` of traces that lie on the colours of the landscape: the same on a light and on a dark page
MAIN, MARGIN = [0, 0.88], [0.9, 1.0]  # of the paper: the landscape, and the strip beside it on either axis
# The places of traces that the browser fills.
TRIALS, INCUMBENT, ABOVE, BESIDE = 2, 3, 4, 5
TARGET = {"symbol": "circle-open", "size": 17, "color": "#ffffff", "line": {"width": 2.5, "color": "#ffffff"}}


def landscape(ground: Ground, strategy: str) -> dict[str, Any]:
    """The heat map of `ground` under the trials of `strategy`, with a strip of their values along each axis."""
    colour = style_of(strategy).colour
    strip = {
        "type": "scatter",
        "mode": "lines",
        "hoverinfo": "skip",
        "showlegend": False,
        "x": [],
        "y": [],
        "line": {"width": 1.6, "color": colour},
    }  # one path, where markers would be as many elements of the page as there are trials
    kinds = ["log" if is_log else "linear" for is_log in ground.is_log_axis]
    ranges = [ends(values, kind) for values, kind in zip((ground.x, ground.y), kinds, strict=True)]
    bare = {"showticklabels": False, "showgrid": False, "ticks": "", "fixedrange": True, "range": [-1, 1]}
    return {
        "data": [
            heat_map(ground),
            {
                "type": "scatter", "mode": "markers", "meta": KEPT, "name": "lowest", "showlegend": False,
                "marker": TARGET,
                "x": [x for x, _ in ground.minimisers], "y": [y for _, y in ground.minimisers],
                "hovertemplate": "here it is lowest<extra></extra>",
            },
            {
                "type": "scatter", "mode": "markers", "meta": KEPT, "name": text(strategy),
                "x": [], "y": [], "showlegend": False,
                "marker": {"size": [], "opacity": 1, "color": [], "cmin": 0,
                           "colorscale": [[0, "#ffffff"], [1, "#ffd23f"]],
                           "line": {"width": 1.4, "color": "#1d1d1f"}},
                "hovertemplate": "trial %{customdata[0]}: %{customdata[1]:.4g}<extra></extra>",
            },
            {
                "type": "scatter", "mode": "markers", "meta": KEPT, "name": "best so far",
                "x": [], "y": [], "showlegend": False,
                "marker": {"symbol": "star", "size": 19, "color": "#ff2d2d", "line": {"width": 1.5, "color": "#fff"}},
                "hovertemplate": "best so far: trial %{customdata[0]}, %{customdata[1]:.4g}<extra></extra>",
            },
            {**strip, "yaxis": "y2"},
            {**strip, "xaxis": "x2"},
        ],
        "layout": layout(
            HEIGHT,
            margin={"l": 52, "r": 12, "t": 8, "b": 104},
            xaxis=axis(text(ground.names[0]), domain=MAIN, type=kinds[0], range=ranges[0], showgrid=False),
            yaxis=axis(text(ground.names[1]), domain=MAIN, type=kinds[1], range=ranges[1], showgrid=False),
            xaxis2={**bare, "domain": MARGIN},
            yaxis2={**bare, "domain": MARGIN},
        ),
    }  # fmt: skip


def ends(values: Floats, kind: str) -> list[float]:
    """The range of an axis, in decades where it is logarithmic."""
    both = values[[0, -1]]
    return [float(end) for end in (np.log10(both) if kind == "log" else both)]


def heat_map(ground: Ground) -> dict[str, Any]:
    """The function in colours, dark where it is low."""
    height = [[None if value != value else float(f"{value:.4g}") for value in row] for row in ground.height]
    decades = sorted({round(value) for row in height for value in row if value is not None})
    scale = {"tickvals": decades, "ticktext": [plain_number(10.0**n) for n in decades]} if ground.is_log else {}
    return {
        "type": "heatmap", "x": [float(f"{v:.6g}") for v in ground.x], "y": [float(f"{v:.6g}") for v in ground.y],
        "z": height, "colorscale": "Viridis", "zsmooth": "best",
        "colorbar": {
            "title": {"text": "value above the lowest", "side": "top", "font": {"size": 11}}, "orientation": "h",
            "thickness": 9, "x": 0.44, "len": 0.9, "y": -0.16, "yanchor": "top", "tickfont": {"size": 10}, **scale,
        },
        "hovertemplate": f"{text(ground.names[0])} %{{x:.3g}}, {text(ground.names[1])} %{{y:.3g}}<extra></extra>",
    }  # fmt: skip


def regrets(strategies: Sequence[str], curves: Sequence[Sequence[float | None]], budget: int) -> dict[str, Any]:
    """Simple regret against trial, a line per strategy; logarithmic where all of it is positive and spans decades."""
    known = [value for curve in curves for value in curve if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    is_log = low > 0 and high > 30 * low
    margin = 0.06 * (high - low) or 0.5
    span = [math.log10(low) - 0.15, math.log10(high) + 0.15] if is_log else [max(low - margin, -margin), high + margin]
    scale = LOG if is_log else {"type": "linear"}
    return {
        "data": [
            {
                "type": "scatter", "mode": "lines", "name": text(name), "x": [], "y": [], **line_of(name),
                "line": {**line_of(name)["line"], "shape": "hv"},
                "hovertemplate": "after trial %{x}: %{y:.4g}",
            }
            for name in strategies
        ],
        "layout": layout(
            HEIGHT,
            margin={"l": 62, "r": 12, "t": 8, "b": 52},
            xaxis=axis("trial", range=[0.5, budget + 0.5]),
            yaxis=axis("simple regret", **scale, range=span),
            legend={"x": 0.98, "y": 0.98, "xanchor": "right", "bgcolor": "rgba(255,255,255,0.8)"},
        ),
    }  # fmt: skip
