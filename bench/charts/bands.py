"""Lines with 95 % bands, one strategy after the other, as Plotly's traces."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd

from bench.charts.chart import line_of, see_through, text
from bench.plots.lines import limits
from bench.plots.style import StrategyStyle, style_of

MARKERS = 6  # per line
DIGITS = 5  # of a number on a page


def rounded(values: pd.Series) -> list[float | None]:
    """`values` with five digits that count, which is more than a screen shows; None for NaN."""
    return [None if pd.isna(value) else float(f"{value:.{DIGITS}g}") for value in values]


def band_traces(
    bands: pd.DataFrame,
    along: str,
    names: Sequence[str],
    log: bool,
    axes: tuple[str, str] = ("x", "y"),
    in_legend: bool = True,
    styles: Callable[[str], StrategyStyle] = style_of,
) -> Iterator[dict[str, Any]]:
    """A band and a line per strategy of `names`, the first one on top; both belong to the strategy's legend group.

    Columns: `strategy`, `along`, `median`, `low`, `high`, `n`. A line has a gap where its median is NaN; a band whose
    upper end is NaN is open upwards: infinitely bad. Lines of `in_legend` are shown in the legend.
    """
    bounds = limits(bands, log)
    if bounds is None:
        return
    groups = dict(list(bands.groupby("strategy")))
    for depth, name in reversed(list(enumerate(names))):
        if name not in groups:
            continue
        rows = groups[name].sort_values(along)
        known = rows[rows["median"].notna()]
        shared = {"xaxis": axes[0], "yaxis": axes[1], "legendgroup": name, "name": text(name), "legendrank": depth + 1}
        style = styles(name)
        if known["low"].notna().any() and len(known) > 1:
            x = known[along].tolist()
            high = rounded(known["high"].fillna(bounds[1]))
            yield {
                **shared,
                "type": "scatter", "mode": "lines", "x": [*x, *reversed(x)],
                "y": [*high, *reversed(rounded(known["low"]))], "fill": "toself",
                "fillcolor": see_through(style.colour), "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False,
                "meta": "band",
            }  # fmt: skip
        yield {
            **shared,
            "type": "scatter", "mode": "lines+markers" if len(rows) <= MARKERS else "lines",
            "x": rows[along].tolist(), "y": rounded(rows["median"]), "showlegend": in_legend,
            "customdata": list(zip(rounded(rows["low"]), rounded(rows["high"]), rows["n"].tolist(), strict=True)),
            "hovertemplate": "%{y:.3g} [%{customdata[0]:.3g}, %{customdata[1]:.3g}]<br>n = %{customdata[2]}",
            **line_of(name, style),
        }  # fmt: skip
