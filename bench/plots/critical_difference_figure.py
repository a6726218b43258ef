"""Demšar's diagram: mean ranks on one line, and bars over those that a test could not tell apart."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from bench.analysis.friedman import cliques, critical_difference, friedman, mean_ranks_of
from bench.plots.page import Drawing, page, theme
from bench.plots.style import shown, style_of

SCALE, ROW, BAR, TOP = 5.0, 0.21, 0.11, 0.75  # inches: the axis' length, a name, a bar, what is above the axis


def bar_rows(bars: Sequence[tuple[float, float]], gap: float) -> list[int]:
    """The first row in which each bar (from, to) has `gap` of room beside those that are there already."""
    ends: list[float] = []
    rows = []
    for low, high in bars:
        row = next((number for number, end in enumerate(ends) if end + gap < low), len(ends))
        ends[row : row + 1] = [high]
        rows.append(row)
    return rows


def critical_difference_diagram(values: pd.DataFrame, level: float = 0.05) -> Drawing:
    """Mean ranks of the columns of `values` (cells × strategies, lower is better) with Nemenyi's difference at `level`.

    Raises ValueError for fewer than two strategies or cells that all of them have.
    """
    test, ranks = friedman(values), mean_ranks_of(values)
    difference = critical_difference(test.k, test.n, level)
    names = [str(name) for name in ranks.index]
    places = dict(zip(names, ranks.to_list(), strict=True))
    groups = cliques(places, difference)
    per_rank = SCALE / (test.k - 1)
    margin = 0.55 + 0.085 * max(len(shown(name)) for name in names)
    bars = [(places[group[0]] * per_rank, places[group[-1]] * per_rank) for group in groups]
    rows = bar_rows(bars, 0.2)
    first_name = TOP + 0.2 + BAR * (max(rows, default=-1) + 1) + 0.12
    half = (len(names) + 1) // 2
    width, height = SCALE + 2 * margin, first_name + ROW * half
    title = "Mean ranks, and which of them differ"
    shown_p = f"p = {test.p:.2g}" if test.p >= 1e-4 else "p < 0.0001"
    told = f"{test.f:.2f}" if test.f < 1e6 else "∞"
    subtitle = (
        f"n = {test.n} cells (problem × d), {test.k} strategies; 1 is best. Friedman's test with Iman and Davenport's "
        f"correction: F = {told}, {shown_p}. Nemenyi's critical difference at {level:g}: {difference:.2f}"
    )
    with theme():
        sheet = page(1, title, subtitle, [], [], (width, height), (0.15, 0.15))
        (ax,) = sheet.panels
        ax.set_axis_off()
        ax.set(xlim=(0, width), ylim=(height, 0))

        def x(rank: float) -> float:
            return margin + (rank - 1) * per_rank

        draw_scale(ax, test.k, difference, [x(rank) for rank in range(1, test.k + 1)])
        for (low, high), row in zip(bars, rows, strict=True):
            y = TOP + 0.2 + BAR * row
            left, right = margin - per_rank + low, margin - per_rank + high
            ax.plot([left - 0.05, right + 0.05], [y, y], color="black", linewidth=3.2, solid_capstyle="butt", zorder=5)
        for number, name in enumerate(names):
            left_side = number < half
            y = first_name + ROW * (number if left_side else len(names) - 1 - number)
            edge = margin - 0.1 if left_side else margin + SCALE + 0.1
            style = style_of(name)
            ax.plot([x(places[name])] * 2 + [edge], [TOP, y, y], color=style.colour, linewidth=1.1, zorder=3)
            ax.plot(edge, y, marker=style.marker, color=style.colour, markersize=5, zorder=4)
            label = f"{shown(name)}  {places[name]:.2f}" if left_side else f"{places[name]:.2f}  {shown(name)}"
            shift = -0.09 if left_side else 0.09
            ax.text(edge + shift, y, label, ha="right" if left_side else "left", va="center", fontsize=8.5)
    caption = (
        "How to read: each strategy hangs at its mean rank over the cells, the best at the left; its number stands "
        "beside its name. Strategies under one thick bar were not told apart (Nemenyi's test: their mean ranks differ "
        "by less than the bracket CD); that is no proof that they are equal. Few cells make a wide bracket."
    )
    return Drawing("critical-difference", title, caption, sheet.figure)


def draw_scale(ax: Axes, k: int, difference: float, x: Sequence[float]) -> None:
    """The axis of ranks 1..k at inches `x`, and above it the critical difference, at most as long as the axis."""
    line: dict[str, Any] = {"color": "black", "linewidth": 1.2, "zorder": 4}
    ax.plot([x[0], x[-1]], [TOP, TOP], **line)
    for rank, place in enumerate(x, start=1):
        ax.plot([place, place], [TOP - 0.07, TOP], **line)
        ax.text(place, TOP - 0.1, str(rank), ha="center", va="bottom", fontsize=8.5)
    end = min(x[0] + difference * (x[1] - x[0]), x[-1])
    ax.plot([x[0], x[0], end, end], [0.22, 0.15, 0.15, 0.22], **line)
    wider = " (wider than the axis)" if difference > k - 1 else ""
    ax.text(x[0], 0.1, f"CD = {difference:.2f}{wider}", ha="left", va="bottom", fontsize=8.5)
