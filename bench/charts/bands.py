"""Lines with 95 % bands, one strategy after the other, as Plotly's traces."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.charts.chart import line_of, see_through, text
from bench.plots.lines import limits
from bench.plots.style import StrategyStyle, style_of

MARKERS = 6  # a line of no more points shows them
FEW = 40  # points of a line, all of which can be pointed at
MOST = 120  # points of a line: more of them are closer together than a screen's
DIGITS = 5  # of a number on a page
BAND_DIGITS = 3  # of the end of an interval: what hover texts show
BESIDE = 0.1  # of the axis' unit, between strategies of which there is one position only
ENDS = ["median", "low", "high"]


@dataclass(frozen=True)
class Words:
    """What hover texts call a position (as Plotly's template) and an interval; format and unit of their numbers."""

    position: str = "trial %{x}"
    interval: str = "95 %"
    number: str = ".3g"
    unit: str = ""


def rounded(values: pd.Series, digits: int = DIGITS) -> list[float | None]:
    """`values` with five digits that count, which is more than a screen shows; None for what is no finite number."""
    return [float(f"{value:.{digits}g}") if np.isfinite(value) else None for value in values]


def positions(values: pd.Series) -> list[float | None]:
    """Where on the axis: whole numbers whole, others rounded."""
    return values.tolist() if values.dtype.kind == "i" else rounded(values)


def thinned(rows: pd.DataFrame, most: int = MOST) -> pd.DataFrame:
    """At most `most` of `rows`, in their order: first without what lies inside flat stretches, then evenly."""
    if len(rows) <= FEW:
        return rows
    ends = rows[ENDS].fillna(np.inf).to_numpy(dtype=float)
    changes = (ends[1:] != ends[:-1]).any(axis=1)  # (n - 1,)
    kept = np.flatnonzero(np.append(True, changes) | np.append(changes, True))
    even = np.linspace(0, len(kept) - 1, min(most, len(kept))).round().astype(int)
    chosen: pd.DataFrame = rows.iloc[kept[even]]
    return chosen


def band_traces(
    bands: pd.DataFrame,
    along: str,
    names: Sequence[str],
    log: bool,
    axes: tuple[str, str] = ("x", "y"),
    in_legend: bool = True,
    styles: Callable[[str], StrategyStyle] = style_of,
    words: Words = Words(),
    steps: bool = False,
) -> Iterator[dict[str, Any]]:
    """A band and a line per strategy of `names`, the first one on top; both belong to the strategy's legend group.

    Columns: `strategy`, `along`, `median`, `low`, `high`, `n`. A line has a gap where its median is NaN; a band whose
    upper end is NaN is open upwards: infinitely bad. With one position there is a point with its interval instead.
    Lines of `in_legend` are shown in the legend. `steps`: between two points a line stays where it was.
    """
    bounds = limits(bands, log)
    if bounds is None:
        return
    groups = dict(list(bands.groupby("strategy")))
    only = only_position(bands[along])
    for depth, name in reversed(list(enumerate(names))):
        if name not in groups:
            continue
        rows = thinned(groups[name].sort_values(along))
        shared = {"type": "scatter", "xaxis": axes[0], "yaxis": axes[1], "legendgroup": name, "name": text(name)}
        line = {
            **shared,
            "legendrank": depth + 1, "mode": "lines+markers" if len(rows) <= MARKERS else "lines",
            "x": positions(rows[along]), "y": rounded(rows["median"]), "showlegend": in_legend,
            **hover(rows, words), **line_of(name, styles(name)),
        }  # fmt: skip
        if only is not None:
            yield line | aside(rows, only, (len(names) - 1) / 2 - depth, styles(name), bounds[1])
            continue
        if steps:
            line["line"] |= {"shape": "hv"}
        if has_width(rows):
            yield {
                **shared,
                **outline(stepped(rows, along) if steps else rows, along, bounds[1]),
                "mode": "lines", "fill": "toself", "fillcolor": see_through(styles(name).colour),
                "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "meta": "band",
            }  # fmt: skip
        yield line


def only_position(positions: pd.Series) -> float | None:
    """The position, where there is one only."""
    return float(positions.iloc[0]) if positions.nunique() == 1 else None


def position_axis(bands: pd.DataFrame, along: str) -> dict[str, Any]:
    """What an axis of whole numbers, `along`, needs beside the common look: no ticks between them."""
    positions = sorted(bands[along].unique().tolist())
    if len(positions) == 1:
        room = BESIDE * bands["strategy"].nunique()
        return {"tickvals": positions, "range": [positions[0] - room, positions[0] + room]}
    return {"tickvals": positions} if len(positions) <= 2 * MARKERS else {}


def hover(rows: pd.DataFrame, words: Words) -> dict[str, Any]:
    """The text beside a point: where, how much with its interval, of how many."""
    counts = rows["n"].unique().tolist()
    data: list[list[float | None]] = [rounded(rows[end], BAND_DIGITS) for end in ("low", "high")]
    if len(counts) > 1:
        data.append(rows["n"].tolist())
    n = f"{counts[0]}" if len(counts) == 1 else "%{customdata[2]}"
    value, low, high = (f"%{{{name}:{words.number}}}{words.unit}" for name in ("y", "customdata[0]", "customdata[1]"))
    ends = [high if known else "no end" for known in rows["high"].notna()] if has_width(rows) else []
    templates = [f"{words.position}: {value}<br>{words.interval}: {low} to {end}<br>n = {n}" for end in ends]
    alone = f"{words.position}: {value}<br>n = {n}"
    return {
        "customdata": [list(point) for point in zip(*data, strict=True)],
        "hovertemplate": templates if len(set(templates)) > 1 else (templates or [alone])[0],
    }


def has_width(rows: pd.DataFrame) -> bool:
    """Whether intervals say more than the line: with one seed they do not, and are not drawn."""
    known = rows[rows["median"].notna() & rows["low"].notna()]
    return bool((known["high"].isna() | (known["high"] > known["low"])).any())


def outline(rows: pd.DataFrame, along: str, top: float) -> dict[str, Any]:
    """`x` and `y` around a band, in pieces where the line has gaps; a piece of one point has no width and is none."""
    known = (rows["median"].notna() & rows["low"].notna()).to_numpy()
    piece = np.cumsum(~known)[known]
    x: list[float | None] = []
    y: list[float | None] = []
    for _, part in rows[known].groupby(piece):
        if len(part) < 2:
            continue
        there = positions(part[along])
        low, high = rounded(part["low"], BAND_DIGITS), rounded(part["high"].fillna(top), BAND_DIGITS)
        gap = [None] if x else []
        x += [*gap, *there, *reversed(there)]
        y += [*gap, *high, *reversed(low)]
    return {"x": x, "y": y}


def stepped(rows: pd.DataFrame, along: str) -> pd.DataFrame:
    """`rows` with each one's values once more at the next one's position: the corners of steps."""
    corners = rows.iloc[:-1].assign(**{along: rows[along].to_numpy()[1:]})
    return pd.concat([rows, corners]).sort_index(kind="stable")


def aside(rows: pd.DataFrame, position: float, places: float, style: StrategyStyle, top: float) -> dict[str, Any]:
    """A point with its interval, so many `places` beside the only position."""
    drawn: dict[str, Any] = {"mode": "markers", "x": [round(position - BESIDE * places, 3)] * len(rows)}
    if not has_width(rows):
        return drawn
    high = rows["high"].fillna(top)
    return drawn | {
        "error_y": {
            "type": "data", "symmetric": False, "color": style.colour, "thickness": 1.4, "width": 0,
            "array": rounded(high - rows["median"]), "arrayminus": rounded(rows["median"] - rows["low"]),
        },
    }  # fmt: skip
