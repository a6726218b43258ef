"""Two versions of a strategy: by how much they differ, problem by problem, and how regret falls with either."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.paired_change import Estimate
from bench.analysis.statistics import median_band
from bench.charts.bands import Words, band_traces, position_axis
from bench.charts.chart import GRID, INK, LOG, Chart, plain, text
from bench.charts.grid import Panel, axes_of, grid
from bench.charts.regret_chart import BANDS, LONGEST, words_of
from bench.comparison.measures import Comparison
from bench.comparison.pairing import NEW, OLD, Match
from bench.comparison.rule import LEVEL
from bench.plots.comparison_figures import WHOLE, colour, estimates, file_name, looks, names_of, reach
from bench.plots.lines import on_log_axis, spans_decades
from bench.plots.notes import budget_axis, run_notes, spans
from bench.plots.regret_figures import measure_of
from bench.plots.style import BLUE, GREY, VERMILION

ROW = 24  # pixels
MEANINGS = {BLUE: "new is better", VERMILION: "new is worse", GREY: "not told apart"}  # of a row's colour
UNKNOWN = Estimate(math.nan, math.nan, math.nan)


def comparison_charts(found: Comparison, margin: float, rng: Generator) -> Iterator[Chart]:
    """The differences first, then the regret of both, a chart per problem: as `draw_comparison` draws them."""
    yield differences(found, margin)
    names = dict(zip((OLD, NEW), names_of(found.match), strict=True))
    curves = found.curves.assign(strategy=found.curves["strategy"].map(names))
    runs = found.paired.runs.assign(strategy=found.paired.runs["strategy"].map(names))
    for problem in found.cells["problem"].unique():
        of_problem = curves[curves["problem"] == problem]
        if of_problem["regret"].notna().any():
            yield regret_of_both(found.match, runs[runs["problem"] == problem], of_problem, rng)


def regret_of_both(match: Match, runs: pd.DataFrame, curves: pd.DataFrame, rng: Generator) -> Chart:
    """One problem: the measure of old and new against trial count, a panel per dimension."""
    problem = str(curves["problem"].iloc[0])
    measure, names = measure_of(curves), names_of(match)
    bands = median_band(curves, measure.column, ["dim", "strategy"], "trial", rng)
    log = any(spans_decades(of_dim["median"]) for _, of_dim in bands.groupby("dim"))
    drawn, floor = on_log_axis(bands) if log else (bands, "")
    data: list[dict[str, Any]] = []
    plots = []
    words = Words(f"{budget_axis(runs)} %{{x}}")
    for number, (dim, of_dim) in enumerate(drawn.groupby("dim")):
        plots.append(Panel(f"d = {dim}", position_axis(of_dim, "trial"), LOG if log else {}))
        data += band_traces(
            of_dim, "trial", names[::-1], log, axes_of(number), number == 0, styles=looks(match), words=words
        )
    what = plain(words_of(measure.name), LONGEST)
    caption = (
        f"Lines are medians of {what} over {spans(bands['n'], 'seed', 'seeds')}, {BANDS}; each panel is one dimension "
        "d with its own vertical axis; lower is better. Both versions meet the same instances with the same seeds: "
        "what they differ by, pair by pair, is surer than the bands look."
    )
    made = grid(plots, budget_axis(runs), text(words_of(measure.name), LONGEST))
    made["legend"] = {**made["legend"], "title": {"text": "version", "font": {"size": 12}}}
    return Chart(
        f"regret-{file_name(match)}-{problem}",
        f"{plain(str(match))} on {plain(problem)}: old against new",
        " ".join([caption, *filter(None, [floor]), *run_notes(runs)]),
        {"data": data, "layout": made},
        bands[["dim", "trial", "strategy", "median", "low", "high", "n"]],
        "Curves",
    )


def differences(found: Comparison, margin: float) -> Chart:
    """All problems and dimensions, and the whole: ratio of regrets, and share of pairs won."""
    cells, evidence = found.cells, found.evidence
    labels = [WHOLE, *(text(f"{row.problem}-{row.dim}d") for row in cells.itertuples())]
    ratios = [evidence.ratio or UNKNOWN, *estimates(cells, "ratio")]
    shares = [evidence.won, *estimates(cells, "won")]
    counts = [evidence.pairs, *cells["n"].tolist()]
    settled = (cells["p_holm"] < 1 - LEVEL).tolist()
    words = ["worse" if moved > 0 else "better" for moved in cells["moved"]]
    shades = [colour(found.verdict.word, None), *map(colour, words, settled)]
    known = evidence.ratio is not None
    rows = {"tickvals": list(range(len(labels))), "ticktext": labels, "showgrid": False, "ticks": ""}
    down = {"range": [len(labels) - 0.4, -0.6], "zeroline": False}
    low, high = reach(ratios) if known else (0.5, 2.0)
    ends = np.log10([low, high]).round(4).tolist()
    y = {**down, **rows}
    plots = [Panel("ratio of regrets, new over old", {**LOG, "range": ends}, y)] if known else []
    beside = {**y, "showticklabels": not known}
    plots.append(Panel("share of pairs that new wins", {"range": [-0.02, 1.02], "tickformat": ".0%"}, beside))
    data: list[dict[str, Any]] = []
    if known:
        data += forest(ratios, shades, counts, axes_of(0), (low, high), ".3g")
    data += forest(shares, shades, counts, axes_of(len(plots) - 1), (0.0, 1.0), ".0%")
    neutral = [(number, value) for number, value in enumerate([1.0, 0.5][2 - len(plots) :])]
    made = grid(plots, "", columns=2, height=ROW * len(labels) + 20, alone=ROW * len(labels) + 20, showlegend=False)
    made["shapes"] = [*([strip(margin)] if known else []), *(upright(*place) for place in neutral)]
    of_whole = f" ({100 * found.level:.3g} % of all)" if found.level > LEVEL else ""
    verdict = f"{found.verdict.word.capitalize()}: {plain(found.verdict.reason)}."
    caption = (
        f"{verdict} A dot is new against old on one problem and dimension ({spans(cells['n'], 'pair', 'pairs')} per "
        f"row), its line the 95 % interval{of_whole} over pairs of runs; the top row is all pairs together. Within the "
        f"grey strip, a factor of {margin:.3g}, nothing has changed that matters; an interval that does not reach a "
        "ratio of 1, or a share of ½, tells them apart. Rows are blue (better) or orange (worse) only where that holds "
        "after Holm's correction for their number."
    )
    columns = ["problem", "dim", "n", "ratio", "ratio_low", "ratio_high", "won", "won_low", "won_high", "p", "p_holm"]
    return Chart(
        f"differences-{file_name(found.match)}",
        f"{plain(str(found.match))}: by how much new differs from old",
        caption,
        {"data": data, "layout": made},
        cells[columns],
        "Curves",
    )


def forest(
    rows: Sequence[Estimate],
    shades: Sequence[str],
    counts: Sequence[int],
    axes: tuple[str, str],
    shown: tuple[float, float],
    number: str,
) -> Iterator[dict[str, Any]]:
    """A dot with its interval per row, those of a colour together; what goes beyond what is `shown` is cut off."""
    for shade, meaning in MEANINGS.items():
        own = [place for place, row in enumerate(rows) if shades[place] == shade and not math.isnan(row.value)]
        if not own:
            continue
        ends = np.array([[rows[place].value, rows[place].low, rows[place].high] for place in own], dtype=float)
        value, low, high = np.clip(ends, *shown).T
        yield {
            "type": "scatter", "mode": "markers", "xaxis": axes[0], "yaxis": axes[1], "name": meaning,
            "x": value.round(6).tolist(), "y": own,
            "marker": {"color": shade, "size": [11 if place == 0 else 8 for place in own],
                       "symbol": ["diamond" if place == 0 else "circle" for place in own]},
            "error_x": {"type": "data", "symmetric": False, "color": shade, "thickness": 2, "width": 0,
                        "array": (high - value).round(6).tolist(), "arrayminus": (value - low).round(6).tolist()},
            "customdata": [[said(end, number) for end in row] + [counts[place]]
                           for row, place in zip(ends.tolist(), own, strict=True)],
            "hovertemplate": f"%{{customdata[0]}}<br>%{{customdata[1]}} to %{{customdata[2]}}<br>n = %{{customdata[3]}}"
                             f"<br>{meaning}<extra></extra>",
        }  # fmt: skip


def said(value: float, number: str) -> str:
    """A number of a hover text; an interval may have no end."""
    return "no end" if math.isinf(value) else format(value, number)


def strip(margin: float) -> Mapping[str, Any]:
    """Behind the ratios that are as good as 1."""
    return {
        "type": "rect", "xref": "x", "yref": "y domain", "x0": 1 / margin, "x1": margin, "y0": 0, "y1": 1,
        "fillcolor": GRID, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def upright(number: int, value: float) -> Mapping[str, Any]:
    """A line in panel `number` where neither is ahead."""
    x, y = axes_of(number)
    return {
        "type": "line", "xref": x, "yref": f"{y} domain", "x0": value, "x1": value, "y0": 0, "y1": 1,
        "line": {"color": INK, "width": 1}, "layer": "below",
    }  # fmt: skip
