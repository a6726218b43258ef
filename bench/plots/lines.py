"""Lines with bands, drawn the same way in every figure; logarithmic where the values span decades."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from bench.plots.style import StrategyStyle, shown, style_of
from problems.space import Floats

DECADES = 30.0  # a ratio of largest to smallest from which an axis is logarithmic: one and a half decades
DEEPEST = 1e10  # times below the largest value: what lies deeper is rounding
DEEPEST_BAND = 1e2  # times below the lowest line
FEW_DECADES = 1e3
MARKERS = 6  # per line
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")  # no mathtext: captions and pages show it as it is


def spans_decades(values: pd.Series) -> bool:
    """Whether the positive ones of `values` need a logarithmic axis."""
    positive = values[values > 0]
    return len(positive) > 0 and bool(positive.max() > DECADES * positive.min())


def on_log_axis(bands: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """`bands` with nothing below the axis, and what a reader must know of that; empty when all fitted.

    The axis begins at the smallest positive number, yet not so deep that one lucky seed's band flattens every line.
    """
    numbers = bands[["median", "low", "high"]]
    positive = numbers[numbers > 0]
    floor = max(positive.min().min(), positive["median"].min() / DEEPEST_BAND, positive.max().max() / DEEPEST)
    below = bool((numbers < floor).any(axis=None))
    note = f"Zeros, and what is below {floor:.2g}, are drawn at {floor:.2g}." if below else ""
    return bands.assign(**numbers.clip(lower=floor)), note


def draw_bands(
    ax: Axes,
    bands: pd.DataFrame,
    along: str,
    names: Sequence[str],
    log: bool,
    like: pd.DataFrame | None = None,
    styles: Callable[[str], StrategyStyle] = style_of,
) -> None:
    """Fit `ax` to `bands`, and draw one line per strategy of `names`, the first one on top.

    Columns: `strategy`, `along`, `median`, `low`, `high`. A line has a gap where its median is NaN; a band whose upper
    end is NaN is open upwards: infinitely bad. `like` holds the bands whose range to show, where it is not their own;
    `styles` gives the lines' looks.
    """
    bounds = limits(bands if like is None else like, log)
    if bounds is None:
        ax.text(0.5, 0.5, "no trial succeeded", transform=ax.transAxes, ha="center", color="#666666")
        return
    if log:
        ax.set_yscale("log")
    ax.set_ylim(bounds)
    if bands[along].nunique() == 1:
        draw_side_by_side(ax, bands, along, names, bounds[1], styles)
        return
    for depth, name in enumerate(names):
        rows = bands[bands["strategy"] == name].sort_values(along)
        if rows.empty:
            continue
        style, x = styles(name), rows[along].to_numpy()
        step = max(1, len(rows) // MARKERS)
        # Markers start at another place for every strategy, so that they do not cover each other.
        ax.plot(
            x, rows["median"], **style.line(), markevery=(depth % step, step), zorder=4 - depth / 100, label=shown(name)
        )
        known = rows["median"].notna()
        high = rows["high"].where(rows["high"].notna() | ~known, bounds[1])
        ax.fill_between(x, rows["low"], high, color=style.colour, alpha=0.09, linewidth=0, zorder=2)


def draw_side_by_side(
    ax: Axes,
    bands: pd.DataFrame,
    along: str,
    names: Sequence[str],
    top: float,
    styles: Callable[[str], StrategyStyle],
) -> None:
    """Where there is one position only: a point with an interval per strategy, next to each other."""
    position = bands[along].iloc[0]
    for depth, name in enumerate(names):
        rows = bands[(bands["strategy"] == name) & bands["median"].notna()]
        style, x = styles(name), position + 0.1 * (depth - (len(names) - 1) / 2)
        ax.plot([x] * len(rows), rows["median"], **style.line(), zorder=4, label=shown(name))
        ax.vlines([x] * len(rows), rows["low"], rows["high"].fillna(top), color=style.colour, linewidth=1.2, zorder=3)
    ax.set_xticks([position])
    ax.set_xlim(position - 0.1 * len(names), position + 0.1 * len(names))


def limits(bands: pd.DataFrame, log: bool) -> tuple[float, float] | None:
    """The range of an axis that shows every finite number of `bands`; None when there is none."""
    values: Floats = bands[["median", "low", "high"]].to_numpy(dtype=float).ravel()
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    if log:
        margin = (high / low) ** 0.04 if high > low else 2.0
        return low / margin, high * margin
    margin = 0.04 * (high - low) or 0.5
    return low - margin, high + margin


def tidy_axes(ax: Axes, log: bool) -> None:
    """Whole numbers along x; along a logarithmic y 1, 3, 10 … where decades alone would be too few."""
    if len(ax.get_xticks()) > 1:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    if not log:
        return
    low, high = ax.get_ylim()
    ax.yaxis.set_minor_locator(NullLocator())
    if high < FEW_DECADES * low:
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
    else:
        ax.yaxis.set_major_locator(LogLocator(numticks=6))


def plain_number(value: float) -> str:
    """`0.03`, `300`, or `3·10⁵` where a number of digits would not be counted at a glance."""
    if 1e-3 <= value < 1e4:
        return f"{value:g}"
    mantissa, _, exponent = f"{value:.0e}".partition("e")
    factor = "" if mantissa == "1" else f"{mantissa}·"
    return f"{factor}10{str(int(exponent)).translate(SUPERSCRIPT)}"
