"""Small multiples: several plots in one figure, each with axes and a heading of its own."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.charts.chart import axis, layout, panel_title, panels

COLUMNS = 3
ALONE, PANEL, GAP = 360, 215, 62  # pixels: the height of a single plot, of one of several, of what is between two
ABOVE, BELOW = 30, 52


@dataclass(frozen=True)
class Panel:
    """One plot: its heading, and what its axes need beside the common look."""

    heading: str
    x: Mapping[str, Any] = field(default_factory=dict)
    y: Mapping[str, Any] = field(default_factory=dict)


def axes_of(number: int) -> tuple[str, str]:
    """What Plotly calls the axes of panel `number`, 0, 1, …"""
    mark = "" if number == 0 else str(number + 1)
    return f"x{mark}", f"y{mark}"


def grid(
    plots: Sequence[Panel],
    x_title: str,
    y_title: str = "",
    columns: int = COLUMNS,
    height: int = PANEL,
    beside: float = 0.07,
    alone: int = ALONE,
    **more: Any,
) -> dict[str, Any]:
    """The layout of `plots` in rows of `columns`, each `height` pixels high (`alone` where there is one), `beside` of
    the width between two.

    Titles stand at the left and lower edges only. `meta` tells a page how many columns there are, for narrow screens;
    `more` as Plotly's `layout` takes it.
    """
    columns = min(columns, len(plots))
    rows = math.ceil(len(plots) / columns)
    inner = alone if len(plots) == 1 else rows * height + (rows - 1) * GAP
    made = layout(inner + ABOVE + BELOW, annotations=[], meta={"columns": columns, "panels": len(plots)}, **more)
    made["margin"] = {**made["margin"], "t": ABOVE, "b": BELOW}
    for number, (plot, (x, y)) in enumerate(
        zip(plots, panels(len(plots), columns, (beside, GAP / inner)), strict=True)
    ):
        own_x, own_y = axes_of(number)
        lowest, first = number + columns >= len(plots), number % columns == 0
        made[own_x.replace("x", "xaxis")] = axis(x_title if lowest else "", domain=x, anchor=own_y) | dict(plot.x)
        made[own_y.replace("y", "yaxis")] = axis(y_title if first else "", domain=y, anchor=own_x) | dict(plot.y)
        if plot.heading:
            made["annotations"].append(panel_title(plot.heading, x[0], y[1]))
    return made
