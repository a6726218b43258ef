"""Demšar's diagram: mean ranks on one line, and bars over those that a test could not tell apart."""

from typing import Any

import pandas as pd

from bench.analysis.friedman import cliques, critical_difference, friedman, mean_ranks_of
from bench.charts.chart import INK, Chart, axis, layout, line_of, text

ROW, ABOVE = 26, 74  # pixels: of a strategy, and of what stands above the first bar
BAR = 0.55  # of a row, from bar to bar


def critical_difference_diagram(values: pd.DataFrame, level: float = 0.05) -> Chart:
    """Mean ranks of the columns of `values` (cells × strategies, lower is better) with Nemenyi's difference at `level`.

    Raises ValueError for fewer than two strategies or cells that all of them have.
    """
    test, ranks = friedman(values), mean_ranks_of(values)
    difference = critical_difference(test.k, test.n, level)
    places = {str(name): float(rank) for name, rank in ranks.items()}
    groups = cliques(places, difference)
    first = BAR * len(groups) + 0.7  # the row of the best one; the axis is at 0
    rows = {name: first + number for number, name in enumerate(places)}
    last = first + len(places)
    data: list[dict[str, Any]] = [bracket(difference, test.k, last)]
    for depth, (name, rank) in enumerate(places.items()):
        line = line_of(name)
        data.append(
            {
                "type": "scatter", "mode": "lines+markers+text", "x": [rank, rank], "y": [-0.2, rows[name]],
                "legendgroup": name, "legendrank": depth + 1, "name": text(name), "showlegend": False,
                "line": {"color": line["line"]["color"], "width": 1.3},
                "marker": line["marker"] | {"size": [0, line["marker"]["size"] + 2], "opacity": 1},
                "text": ["", f"{rank:.2f}"], "textposition": "middle left", "cliponaxis": False,
                "hovertemplate": f"mean rank {rank:.3g}<br>n = {test.n}",
            }
        )  # fmt: skip
    for number, group in enumerate(groups):
        data.append(bar([places[name] for name in group], 0.45 + BAR * number))
    ticks = {"tickvals": list(rows.values()), "ticktext": [text(name) for name in rows], "ticks": "", "showgrid": False}
    span = test.k - 1
    figure = {
        "data": data,
        "layout": layout(
            round(ABOVE + ROW * (last + 1)),
            showlegend=False,
            xaxis=axis(
                "mean rank (1 is best)", side="top", range=[1 - 0.07 * span, test.k + 0.02 * span], dtick=1,
                showgrid=False, linecolor=INK,
            ),
            yaxis=axis("", range=[last + 0.8, -0.2], showline=False, **ticks),
            margin={"l": 20, "r": 16, "t": 64, "b": 8},
            meta={"strategies": list(rows)},
        ),
    }  # fmt: skip
    shown_p = f"p = {test.p:.2g}" if test.p >= 1e-4 else "p < 0.0001"
    told = f"{test.f:.2f}" if test.f < 1e6 else "∞"
    caption = (
        f"Each strategy hangs at its mean rank over n = {test.n} cells (problem × d), the best on top; those under one "
        f"thick bar were not told apart: their mean ranks differ by less than Nemenyi's critical difference CD = "
        f"{difference:.2f} at {level:g}, which is no proof that they are equal. Friedman's test with Iman and "
        f"Davenport's correction: F = {told}, {shown_p}; few cells make a wide bracket."
    )
    table = pd.DataFrame({"strategy": list(places), "mean_rank": list(places.values())})
    table["not_told_apart_from"] = [
        ", ".join(other for other in places if other != name and abs(places[other] - rank) <= difference)
        for name, rank in places.items()
    ]
    return Chart(
        "critical-difference", "Mean ranks, and which of them differ", caption, figure,
        table.assign(critical_difference=difference, n=test.n), "Pairs",
    )  # fmt: skip


def bracket(difference: float, k: int, height: float) -> dict[str, Any]:
    """The critical difference below the last of `k` strategies, at most as long as the axis."""
    end = min(1 + difference, k)
    wider = " (wider than the axis)" if difference > k - 1 else ""
    return {
        "type": "scatter", "mode": "lines+text", "x": [1, 1, end, end],
        "y": [height - 0.2, height, height, height - 0.2],
        "text": ["", "", f"&nbsp;CD = {difference:.2f}{wider}", ""],
        "textposition": "bottom left" if wider else "middle right", "textfont": {"color": INK, "size": 12},
        "line": {"color": INK, "width": 1.5}, "showlegend": False, "hoverinfo": "skip",
    }  # fmt: skip


def bar(ranks: list[float], height: float) -> dict[str, Any]:
    """A thick line over strategies that were not told apart, at `height` rows below the axis."""
    return {
        "type": "scatter", "mode": "lines", "x": [min(ranks), max(ranks)], "y": [height, height],
        "line": {"color": INK, "width": 5}, "showlegend": False, "name": "not told apart",
        "hovertemplate": f"{len(ranks)} strategies that were not told apart<extra></extra>",
    }  # fmt: skip
