"""Two versions of a strategy: how regret falls with either, and by how much they differ, problem by problem."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator
from numpy.random import Generator

from bench.analysis.paired_change import Estimate
from bench.analysis.statistics import median_band
from bench.comparison.measures import Comparison
from bench.comparison.pairing import NEW, OLD, Match
from bench.comparison.rule import LEVEL
from bench.plots.lines import draw_bands, on_log_axis, plain_number, spans_decades, tidy_axes
from bench.plots.notes import budget_axis, run_notes, spans
from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.regret_figures import BANDS, measure_of
from bench.plots.style import BLUE, DASHED, GREY, VERMILION, StrategyStyle, shown, style_of

BEFORE = StrategyStyle(GREY, DASHED, "o", hollow=True)  # of an old version under the same name
WHOLE = "all"
FEW = 10.0  # a factor below which decades alone would be too few ticks
WIDEST = 1e4  # a factor beyond which an interval is cut off


def names_of(match: Match) -> tuple[str, str]:
    """What legends call old and new."""
    return (OLD, NEW) if match.old == match.new else (match.old, match.new)


def file_name(match: Match) -> str:
    """What tells its files from those of other matches."""
    return "-".join(dict.fromkeys([match.old, match.new]))


def looks(match: Match) -> Callable[[str], StrategyStyle]:
    """A strategy's own colour, the old version of the same one grey."""
    if match.old != match.new:
        return style_of
    own = style_of(match.new)
    after = replace(own, dash="-", hollow=False, colour=BLUE if own.colour == GREY else own.colour)
    return {OLD: BEFORE, NEW: after}.__getitem__


def draw_comparison(found: Comparison, margin: float, rng: Generator) -> Iterator[Drawing]:
    """The differences first, then the regret of both, a figure per problem."""
    yield differences(found, margin)
    names = dict(zip((OLD, NEW), names_of(found.match), strict=True))
    curves = found.curves.assign(strategy=found.curves["strategy"].map(names))
    runs = found.paired.runs.assign(strategy=found.paired.runs["strategy"].map(names))
    for problem in found.cells["problem"].unique():
        of_problem = curves[curves["problem"] == problem]
        if of_problem["regret"].notna().any():
            yield regret_of_both(found.match, runs[runs["problem"] == problem], of_problem, rng)


def regret_of_both(match: Match, runs: pd.DataFrame, curves: pd.DataFrame, rng: Generator) -> Drawing:
    """One problem: the measure of old and new against trial count, a panel per dimension."""
    problem = str(curves["problem"].iloc[0])
    measure, names = measure_of(curves), names_of(match)
    bands = median_band(curves, measure.column, ["dim", "strategy"], "trial", rng)
    log = any(spans_decades(of_dim["median"]) for _, of_dim in bands.groupby("dim"))
    bands, floor = on_log_axis(bands) if log else (bands, "")
    dims = sorted(curves["dim"].unique())
    title = f"{shown(str(match))} on {shown(problem)}: old against new"
    subtitle = f"{measure.name}; medians and 95 % bands over {spans(bands['n'], 'seed', 'seeds')}; lower is better"
    notes = [floor, *run_notes(runs)] if floor else run_notes(runs)
    with theme():
        size = (2.75, 1.95) if len(dims) > 1 else (5.5, 3.0)
        sheet = page(
            len(dims), title, subtitle[:1].upper() + subtitle[1:], notes, names, size, legend="version",
            styles=looks(match),
        )  # fmt: skip
        for ax, dim in zip(sheet.panels, dims, strict=True):
            draw_bands(ax, bands[bands["dim"] == dim], "trial", names[::-1], log, styles=looks(match))
            title_panel(ax, f"d = {dim}")
            tidy_axes(ax, log)
        label_outside(sheet, budget_axis(runs), measure.label)
    caption = (
        f"How to read: each panel is one dimension d with its own vertical axis. {BANDS} Both versions meet the same "
        "instances with the same seeds. Bands are of each version alone: what they differ by, pair by pair, is surer "
        "than the bands look."
    )
    return Drawing(f"regret-{file_name(match)}-{problem}", title, caption, sheet.figure)


def differences(found: Comparison, margin: float) -> Drawing:
    """All problems and dimensions, and the whole: ratio of regrets, and share of pairs won."""
    cells, evidence = found.cells, found.evidence
    labels = [f"{shown(str(row.problem))}-{row.dim}d" for row in cells.itertuples()]
    unknown = Estimate(math.nan, math.nan, math.nan)
    ratios = [evidence.ratio or unknown, *estimates(cells, "ratio")]
    shares = [evidence.won, *estimates(cells, "won")]
    settled = [None, *(cells["p_holm"] < 1 - LEVEL)]
    marks = [colour(found.verdict.word, None)] + [
        colour("worse" if moved > 0 else "better", holds)
        for moved, holds in zip(cells["moved"], settled[1:], strict=True)
    ]
    of_whole = f" ({100 * found.level:.3g} % of all)" if found.level > LEVEL else ""
    title = f"{shown(str(found.match))}: by how much new differs from old"
    subtitle = (
        f"{found.verdict.word.capitalize()}: {found.verdict.reason}; 95 % intervals{of_whole}; "
        f"{spans(cells['n'], 'pair', 'pairs')} per row"
    )
    room = 0.35 + 0.075 * max(map(len, [WHOLE, *labels]))
    with theme():
        sheet = page(2, title, subtitle, [], [], (3.1, 0.26 * (len(cells) + 1) + 0.35), (room, 0.35))
        left, right = sheet.panels
        if evidence.ratio is None:
            left.text(0.5, 0.75, "no optimum is known", transform=left.transAxes, ha="center", color="#666666")
            left.set(xticks=[], ylim=(len(ratios) - 0.4, -0.6))
            left.grid(visible=False)
        else:
            left.axvspan(1 / margin, margin, color="#DDDDDD", linewidth=0, zorder=0)
            forest(left, ratios, marks, True)
        forest(right, shares, marks, False)
        rows = np.arange(len(labels) + 1)
        left.set_yticks(rows, [WHOLE, *labels])
        right.set_yticks(rows, [""] * len(rows))
        title_panel(left, "ratio of regrets, new over old")
        title_panel(right, "share of pairs that new wins")
        label_outside(sheet, "")
        if evidence.ratio is not None:
            left.set_xlabel("← new better     1     new worse →")
        right.set_xlabel("← new worse     ½     new better →")
    caption = (
        "How to read: a dot is new against old on one problem and dimension, its line the 95 % interval over pairs of "
        f"runs; the top row is all pairs together. Within the grey strip, a factor of {margin:.3g}, nothing has "
        "changed that matters. An interval that does not reach 1 (left) or ½ (right) tells them apart; single rows "
        "are blue (better) or orange (worse) only where that holds after Holm's correction for their number. An arrow: "
        "the interval goes on, with too few pairs without end."
    )
    return Drawing(f"differences-{file_name(found.match)}", title, caption, sheet.figure)


def colour(word: str, holds: bool | None) -> str:
    """Of a row."""
    return {"better": BLUE, "worse": VERMILION}.get(word, GREY) if holds is None or holds else GREY


def estimates(cells: pd.DataFrame, name: str) -> list[Estimate]:
    """The column `name` with its interval."""
    rows = cells[[name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=float).tolist()
    return [Estimate(*row) for row in rows]


def forest(ax: Axes, rows: Sequence[Estimate], colours: Sequence[str], ratio: bool) -> None:
    """A line per row, the first one on top; ratios on a logarithmic axis."""
    neutral = 1.0 if ratio else 0.5
    low, high = reach(rows) if ratio else (-0.02, 1.02)
    for place, (row, shade) in enumerate(zip(rows, colours, strict=True)):
        if math.isnan(row.value):
            continue
        ends = np.clip([row.low, row.high], low, high)
        ax.hlines(place, *ends, color=shade, linewidth=2.4 if place == 0 else 1.6, zorder=2)
        ax.plot(
            np.clip(row.value, low, high), place, "D" if place == 0 else "o", color=shade, markersize=6 - (place > 0)
        )
        for end, sign, beyond in ((low, "<", row.low < low), (high, ">", row.high > high)):
            if beyond:
                ax.plot(end, place, sign, color=shade, markersize=5, clip_on=False, zorder=3)
    ax.axvline(neutral, color="#444444", linewidth=0.9, zorder=1)
    if ratio:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high < FEW else (1.0,), numticks=7))
        ax.xaxis.set_major_formatter(lambda value, _: plain_number(value))
        ax.xaxis.set_minor_locator(NullLocator())
    ax.axhline(0.5, color="#BBBBBB", linewidth=0.8)
    ax.set(xlim=(low, high), ylim=(len(rows) - 0.4, -0.6))
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0, pad=7)  # arrows have room


def reach(rows: Sequence[Estimate]) -> tuple[float, float]:
    """The range of ratios to show: what is finite of the intervals, 1 in the middle, and never without end."""
    ends = np.array([[row.value, row.low, row.high] for row in rows], dtype=float).ravel()
    finite = np.abs(np.log10(ends[np.isfinite(ends) & (ends > 0)]))
    widest = min(1.08 * float(finite.max(initial=0.0)), math.log10(WIDEST))
    half = 10 ** max(widest, math.log10(2.2))  # so that 0.5 and 2 are on it
    return 1 / half, half
