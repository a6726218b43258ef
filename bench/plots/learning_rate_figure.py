"""The learning-rate range test as a figure: loss against the rate, and which rates are worth searching."""

import numpy as np
from matplotlib.axes import Axes

from bench.plots.page import Drawing, label_left, page, theme
from bench.plots.style import BLACK, BLUE, DASHED, DOTTED, GREY, ORANGE, SOLID, VERMILION, shown
from problems.space import Floats

LABELS = ("steepest fall", "minimum / 10", "minimum")


def learning_rate_range(
    name: str,
    curve: tuple[Floats, Floats, Floats],
    marks: tuple[float, float, float],
    span: tuple[float, float],
) -> Drawing:
    """`curve`: rates, losses and smoothed losses (n,); `marks`: rates of the steepest fall, suggestion and minimum."""
    rates, losses, smoothed = curve
    title = f"{shown(name)}: at which learning rates the loss falls"
    subtitle = f"Range test: the rate grows by a factor with each of {len(rates)} updates of one training"
    caption = (
        "Where the line falls, the network learns; where it rises again, the rate is too large. Search in the shaded "
        "range, half a decade to both sides of a tenth of the rate with the smallest loss."
    )
    with theme():
        sheet = page(1, title, subtitle, [caption], [], (6.2, 3.2))
        (ax,) = sheet.panels
        ax.axvspan(*span, color=BLUE, alpha=0.15, linewidth=0, label=f"{span[0]:.1e} to {span[1]:.1e}")
        ax.plot(rates, losses, ".", color=GREY, markersize=2.5, alpha=0.5, label="a batch")
        ax.plot(rates, smoothed, color=BLACK, linewidth=1.6, label="running mean")
        for rate, colour, dash, label in zip(
            marks, (ORANGE, BLUE, VERMILION), (DASHED, SOLID, DOTTED), LABELS, strict=True
        ):
            ax.axvline(rate, color=colour, linestyle=dash, linewidth=1.6, label=f"{label}: {rate:.1e}")
        scale(ax, losses)
        ax.set_xlabel("learning rate")
        label_left(ax, "training loss of a batch")
        ax.legend(loc="lower left", fontsize=8, framealpha=0.9)
    return Drawing("lr-find", title, caption, sheet.figure)


def scale(ax: Axes, losses: Floats) -> None:
    """Log rates; the vertical axis holds what was learned, not how far the last batches flew off."""
    ax.set_xscale("log")
    start = float(np.max(losses[: max(1, len(losses) // 2)]))
    low = min(0.0, float(losses.min()))
    ax.set_ylim(low - 0.02 * (start - low), start + 0.15 * (start - low))
