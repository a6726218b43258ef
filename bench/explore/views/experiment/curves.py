"""The figures of many runs: medians of strategies, and the single runs behind one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from bench.charts.bands import Words, band_traces, position_axis, rounded
from bench.charts.chart import LOG, axis, layout, line_of, plain, text
from bench.charts.regret_chart import words_of
from bench.explore.views.experiment.stored import Cell
from bench.plots.lines import on_log_axis, spans_decades
from bench.plots.notes import budget_axis, spans

HEIGHT = 390
MOST_RUNS = 60  # lines that an eye still parts
LONGEST = 60  # characters of what a problem calls its values
FADED, THIN, THICK = 0.45, 1.0, 3.0
ENDS = ["median", "low", "high"]


@dataclass(frozen=True)
class Plot:
    """A figure, how to read it, and what its traces stand for, if each stands for one thing: a click chooses that."""

    figure: Mapping[str, Any]
    caption: str
    stands_for: Sequence[str] = ()


def medians(cell: Cell, names: Sequence[str]) -> Plot:
    """The strategies `names`: a median with its band over the finished runs; unfinished runs as far as they got."""
    bands = cell.bands[cell.bands["strategy"].isin(names)]
    begun = cell.curves[cell.curves["strategy"].isin(names) & cell.curves["open"]]
    drawn, lines, log, floor = scaled(cell, bands, begun)
    position = budget_axis(cell.runs)
    traces = list(band_traces(drawn, "trial", names, log, words=Words(position=position), steps=True))
    known = set(drawn["strategy"])
    traces += [
        run_lines(runs, position, 1.5, "dot", name=text(str(name)), showlegend=name not in known)
        for name, runs in lines.groupby("strategy", sort=False)
    ]
    count = begun["run"].nunique()
    caption = [
        f"Lines: median {plain(words_of(cell.measure.label), LONGEST)} of the best trial so far, "
        f"{spans(bands['n'], 'run', 'runs')} each. Bands: 95 % bootstrap intervals; of fewer than six runs, from the "
        "best to the worst. Lower is better; the best mean rank stands first." if len(bands) else "",
        f"Dotted: {count} unfinished {'run' if count == 1 else 'runs'}, so far; in no median." if count else "",
        floor,
    ]  # fmt: skip
    figure = {"data": traces, "layout": of_curves(cell, position, log, drawn)}
    return Plot(figure, " ".join(filter(None, caption)), [trace["legendgroup"] for trace in traces])


def single_runs(cell: Cell, name: str, seed: int) -> Plot:
    """The runs of the strategy `name`, that of `seed` emphasised; a point's `customdata` is its run's seed."""
    every = cell.curves[cell.curves["strategy"] == name]
    kept = some_seeds(every, cell.measure.column, seed)
    _, lines, log, floor = scaled(cell, cell.bands[:0], every[every["seed"].isin(kept)])
    position, is_own = budget_axis(cell.runs), lines["seed"] == seed
    parts = [
        (lines[~is_own & ~lines["open"]], THIN, "solid", FADED),
        (lines[~is_own & lines["open"]], THIN, "dot", 1),
        (lines[is_own], THICK, "dot" if lines.loc[is_own, "open"].any() else "solid", 1),
    ]
    traces = [run_lines(runs, position, width, dash, opacity=o) for runs, width, dash, o in parts if len(runs)]
    count = every["run"].nunique()
    drawn = f", {len(kept)} of {count}, evenly from the best to the worst" if len(kept) < count else ""
    caption = [
        f"Each line is one run of {plain(name)}{drawn}. The thick one, seed {seed}, is looked into below.",
        "Dotted: unfinished." if every["open"].any() else "",
        floor,
    ]
    shown = of_curves(cell, position, log, lines) | {"showlegend": False}
    return Plot({"data": traces, "layout": shown}, " ".join(filter(None, caption)))


def scaled(cell: Cell, bands: pd.DataFrame, curves: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, bool, str]:
    """Bands and curves for one vertical axis, whether it is logarithmic, and what is drawn at its lower end.

    Of the curves, the column `median` is what is drawn.
    """
    value = curves[cell.measure.column]
    both = pd.concat([bands[ENDS], pd.DataFrame(dict.fromkeys(ENDS, value))], ignore_index=True)
    log, floor = spans_decades(both["median"]), ""
    if log:
        both, floor = on_log_axis(both)
    drawn = both[: len(bands)].set_axis(bands.index)
    return bands.assign(**drawn), curves.assign(median=both["median"].to_numpy()[len(bands) :]), log, floor


def run_lines(rows: pd.DataFrame, position: str, width: float, dash: str, **more: Any) -> dict[str, Any]:
    """The lines of some runs of a strategy, with gaps between them: a step where an incumbent changes, and the end."""
    run, value = rows["run"].to_numpy(), rows["median"].to_numpy()
    is_first = np.append(True, run[1:] != run[:-1])
    is_kept = is_first | np.append(is_first[1:], True) | np.append(True, value[1:] != value[:-1])
    gaps = np.flatnonzero(is_first[is_kept])[1:]
    kept, strategy = rows[is_kept], str(rows["strategy"].iloc[0])
    columns = [kept["trial"].tolist(), rounded(kept["median"]), kept["seed"].tolist()]
    x, y, seeds = (with_gaps(column, gaps.tolist()) for column in columns)
    look = line_of(strategy)
    return {
        "type": "scatter", "mode": "lines" if len(kept) > len(gaps) + 1 else "markers", "marker": look["marker"],
        "x": x, "y": y, "customdata": seeds, "legendgroup": strategy,
        "line": {"color": look["line"]["color"], "shape": "hv", "width": width, "dash": dash},
        "hovertemplate": f"{position} %{{x}}: %{{y:.3g}}<br>seed %{{customdata}}<extra></extra>", **more,
    }  # fmt: skip


def with_gaps(values: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """`values` with None before each of `places`."""
    ends = [0, *places, len(values)]
    parts = [values[low:high] for low, high in pairwise(ends)]
    return [value for number, part in enumerate(parts) for value in ([None, *part] if number else part)]


def some_seeds(curves: pd.DataFrame, measure: str, seed: int) -> list[int]:
    """Seeds of at most so many runs, evenly from the best to the worst, and `seed`."""
    ends = curves.groupby("seed")[measure].last().fillna(np.inf).sort_values(kind="stable")
    places = np.unique(np.linspace(0, len(ends) - 1, min(MOST_RUNS, len(ends))).round().astype(int))
    return list(dict.fromkeys([seed, *ends.index[places].tolist()]))[:MOST_RUNS]


def of_curves(cell: Cell, position: str, log: bool, drawn: pd.DataFrame) -> dict[str, Any]:
    """The layout of a figure of curves; the legend below it, so that phones have room for the lines."""
    measure = text(words_of(cell.measure.name), LONGEST)
    return framed(
        HEIGHT,
        xaxis=axis(position, **(position_axis(drawn, "trial") if len(drawn) else {})),
        yaxis=axis(f"{measure} (log)" if log else measure, **(LOG if log else {})),
    )


def framed(height: int, **more: Any) -> dict[str, Any]:
    """The common layout with narrow margins, and a legend below that hides nothing: what is shown is exported."""
    below = -60 / (height - 58)  # under the axis' title, which is so many pixels high, in heights of the plot
    legend = {"orientation": "h", "y": below, "yanchor": "top", "itemclick": False, "itemdoubleclick": False}
    common = {name: part for name, part in layout(height)["legend"].items() if name != "title"}
    made = layout(height, margin={"l": 64, "r": 12, "t": 14, "b": 64}, legend=common | legend) | more
    for side in ("xaxis", "yaxis"):  # margins that are found out are drawn twice
        made[side] = made[side] | {"automargin": False}
    return made


def nothing(words: str, height: int = HEIGHT) -> dict[str, Any]:
    """An empty figure with `words` in it."""
    said = {"text": words, "showarrow": False, "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5}
    hidden = {"visible": False}
    return {"data": [], "layout": layout(height, xaxis=hidden, yaxis=hidden, annotations=[said])}
