"""Lines with bands, drawn the same way in every figure; logarithmic where the values span decades."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from bench.plots.style import shown, style_of
from problems.space import Floats

DECADES = 30.0  # a ratio of largest to smallest from which an axis is logarithmic: one and a half decades
DEEPEST = 1e-10  # of the largest value: what lies below is rounding
FEW_DECADES = 1e3
MARKERS = 6  # per line


def spans_decades(values: pd.Series) -> bool:
    """Whether the positive ones of `values` need a logarithmic axis."""
    positive = values[values > 0]
    return len(positive) > 0 and bool(positive.max() > DECADES * positive.min())


def floor_of(values: pd.Series) -> float:
    """The smallest value that a logarithmic axis can show: zeros and what is below are drawn there."""
    positive = values[values > 0]
    return float(max(positive.min(), DEEPEST * positive.max()))


def on_log_axis(bands: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """`bands` with nothing below the axis, and what a reader must know of that; empty when all fitted."""
    floor = floor_of(bands["median"])
    lifted = bands.assign(**{name: bands[name].clip(lower=floor) for name in ("median", "low", "high")})
    below = bool((bands["median"] < floor).any())
    return lifted, f"Zeros, and what is below {floor:.2g}, are drawn at {floor:.2g}." if below else ""


def draw_bands(
    ax: Axes, bands: pd.DataFrame, along: str, names: Sequence[str], log: bool, like: pd.DataFrame | None = None
) -> None:
    """Fit `ax` to `bands`, and draw one line per strategy of `names`, the first one on top.

    Columns: `strategy`, `along`, `median`, `low`, `high`. A line has a gap where its median is NaN; a band whose upper
    end is NaN is open upwards: infinitely bad. `like` holds the bands whose range to show, where it is not their own.
    """
    bounds = limits(bands if like is None else like, log)
    if bounds is None:
        ax.text(0.5, 0.5, "no trial succeeded", transform=ax.transAxes, ha="center", color="#666666")
        return
    if log:
        ax.set_yscale("log")
    ax.set_ylim(bounds)
    for depth, name in enumerate(names):
        rows = bands[bands["strategy"] == name].sort_values(along)
        if rows.empty:
            continue
        style, x = style_of(name), rows[along].to_numpy()
        step = max(1, len(rows) // MARKERS)
        # Markers start at another place for every strategy, so that they do not cover each other.
        ax.plot(
            x, rows["median"], **style.line(), markevery=(depth % step, step), zorder=4 - depth / 100, label=shown(name)
        )
        known = rows["median"].notna()
        high = rows["high"].where(rows["high"].notna() | ~known, bounds[1])
        ax.fill_between(x, rows["low"], high, color=style.colour, alpha=0.10, linewidth=0, zorder=2)


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
    factor = "" if mantissa == "1" else rf"{mantissa}\cdot"
    return f"${factor}10^{{{int(exponent)}}}$"
