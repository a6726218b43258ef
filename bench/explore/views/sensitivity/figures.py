"""The two figures: errors against epoch, and what the recorded trainings expect along one parameter."""

import math
from collections.abc import Sequence
from typing import Any

from bench.charts.chart import SOFT, axis, layout, see_through
from bench.explore.views.sensitivity.training import Curves, Number
from bench.explore.views.sensitivity.words import LABELS, MARKS, percent
from problems.space import Floats

HEIGHT, SMALL = 262, 232  # pixels
VALIDATION, TRAINING, NOW = "#0063a0", "#c2570c", "#b3261e"
GREYS = ("#9a9aa1", "#cfcfd5")  # the setting before, and the one before that
FLOOR = 0.0006  # where an error of 0 is drawn: half of what one training case is
TICKS = (FLOOR, 0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0)


def errors(runs: Sequence[Curves]) -> dict[str, Any]:
    """Errors of the last of `runs` in colour, those of the ones before in grey; a star where validation was lowest."""
    now, before = runs[-1], runs[-2::-1]
    older = [
        line(run, kind, "before that" if age else "before", GREYS[age], kind == "validation")
        for age, run in reversed(list(enumerate(before)))
        for kind in ("validation", "training")
    ]
    gap = {"fill": "tonexty", "fillcolor": see_through(TRAINING, 0.1)}
    current = [
        line(now, "validation", "validation error", VALIDATION, True, 2.6),
        {**line(now, "training", "training error", TRAINING, True, 2.6), **gap},
    ]
    marks = [star(now)] if now.validation else []
    most = max([len(run.validation) for run in runs] + [2])
    return {"data": [*older, *current, *marks], "layout": frame(most)}


def line(run: Curves, kind: str, name: str, colour: str, in_legend: bool, width: float = 1.8) -> dict[str, Any]:
    """One curve."""
    values: Sequence[float] = getattr(run, kind)
    return {
        "type": "scatter", "mode": "lines+markers" if width > 2 else "lines", "name": name, "showlegend": in_legend,
        "x": list(range(1, len(values) + 1)), "y": [max(value, FLOOR) for value in values],
        "customdata": [percent(value) for value in values],
        "line": {"color": colour, "width": width, "dash": "solid" if kind == "validation" else "dot"},
        "marker": {"size": 5, "color": colour},
        "hovertemplate": f"{kind} error after epoch %{{x}}: %{{customdata}}",
    }  # fmt: skip


def star(run: Curves) -> dict[str, Any]:
    """Where the validation error was lowest."""
    lowest = run.validation[run.best]
    return {
        "type": "scatter", "mode": "markers", "name": f"lowest: {percent(lowest)}, epoch {run.best + 1}",
        "x": [run.best + 1], "y": [max(lowest, FLOOR)],
        "marker": {"symbol": "star", "size": 15, "color": VALIDATION, "line": {"width": 1.2, "color": "#fff"}},
        "cliponaxis": False, "hoverinfo": "skip",
    }  # fmt: skip


def frame(epochs: int) -> dict[str, Any]:
    """Axes of the errors: logarithmic, but for a 0 at the lower edge."""
    words = ["0 %" if tick == FLOOR else f"{100 * tick:g} %" for tick in TICKS]
    return layout(
        HEIGHT,
        margin={"l": 66, "r": 14, "t": 8, "b": 44},
        xaxis=axis("epoch", range=[0.7, epochs + 0.3], tickformat="d", **({"dtick": 1} if epochs < 9 else {})),
        yaxis=axis(
            "error (share of wrong cases)", type="log", range=[math.log10(FLOOR) - 0.06, 0.05],
            tickmode="array", tickvals=TICKS, ticktext=words,
        ),
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemwidth": 30, "traceorder": "normal"},
    )  # fmt: skip


def dependence(
    parameter: Number, places: Sequence[float], average: Sequence[float], here: Floats, at: float, seen: float
) -> dict[str, Any]:
    """The expected error along a parameter: on average, and with the others as they are now.

    A line stands at its value now, `at`; a point at the error `seen` of the training (NaN: there is none).
    """
    known, name, is_log = math.isfinite(seen), parameter.name, parameter.log
    shape = {"type": "scatter", "mode": "lines", "x": list(places)}
    top = max([*average, *here, seen if known else 0.0])
    low, high = (math.log10(end) if is_log else end for end in (parameter.low, parameter.high))
    margin = 0.025 * (high - low)
    marks = {"tickmode": "array", "tickvals": list(MARKS[name]), "ticktext": list(MARKS[name].values())}
    return {
        "data": [
            {**shape, "y": list(average), "name": "average", "line": {"color": SOFT, "width": 1.6}},
            {
                **shape, "y": here.tolist(), "name": "others as now",
                "line": {"color": VALIDATION, "width": 2.4},
            },
            {
                "type": "scatter", "mode": "markers", "x": [at] if known else [], "y": [seen] if known else [],
                "name": "seen", "cliponaxis": False,
                "marker": {"symbol": "star", "size": 13, "color": NOW, "line": {"width": 1, "color": "#fff"}},
            },
        ],
        "layout": layout(
            SMALL,
            margin={"l": 56, "r": 12, "t": 8, "b": 44},
            xaxis=axis(
                LABELS[name], type="log" if is_log else "linear", range=[low - margin, high + margin], **marks
            ),
            yaxis=axis("validation error", tickformat=".0%", range=[0, 1.06 * top], nticks=6),
            legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}, "itemwidth": 30},
            shapes=[
                {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
                 "line": {"color": NOW, "width": 1.4, "dash": "dash"}}
            ],
        ),
    }  # fmt: skip


def nothing(reason: str = "") -> dict[str, Any]:
    """An empty figure that says why."""
    said = {"text": reason, "showarrow": False, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
    bare = {"visible": False}
    return {"data": [], "layout": layout(SMALL, xaxis=bare, yaxis=bare, annotations=[said] if reason else [])}
