"""Which parameters matter: importances by method, partial dependence, and how far the methods agree."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.style import BLUE, SKY, shown
from problems.space import Categorical, Float, Floats, Int, Parameter, Scalar, SearchSpace, axis_levels

MOST_TICKS = 8  # along an integer
MOST_TRIALS = 400  # marks of a rug


def importance_figure(
    name: str, title: str, subtitle: str, importances: pd.DataFrame, order: Sequence[str], headings: Sequence[str]
) -> Drawing:
    """A panel per measure, a row per parameter; the last of `order` is the parameter without effect.

    `importances`: columns `parameter`, `heading`, `value`, `low`, `high`; `headings` in the order of the panels.
    """
    rows = list(reversed(order))
    room = 0.35 + 0.072 * max(len(shown(parameter)) for parameter in rows)
    with theme():
        sheet = page(len(headings), title, subtitle, [], [], (2.3, 0.24 * len(rows) + 0.3), (room, room))
        for ax, heading in zip(sheet.panels, headings, strict=True):
            table = importances[importances["heading"] == heading].set_index("parameter").loc[rows]
            value, low, high = (table[column].clip(lower=0.0).to_numpy() for column in ("value", "low", "high"))
            y = np.arange(len(rows))
            ax.axvspan(0.0, high[0], color="#DDDDDD", linewidth=0, zorder=0)
            colours = ["#777777", *[BLUE] * (len(rows) - 1)]
            ax.hlines(y, low, high, color=colours, linewidth=1.6)
            ax.scatter(value, y, color=colours, s=18, zorder=3)
            ax.set_yticks(y, [shown(parameter) for parameter in rows])
            ax.set(xlim=(-0.02, max(1.02, float(high.max()) + 0.02)), ylim=(-0.6, len(rows) - 0.4))
            ax.grid(visible=False, axis="y")
            title_panel(ax, heading)
        label_outside(sheet, "importance")
    caption = (
        "How to read: parameters in tuning order, what to tune first on top; a dot is what a method says, its line the "
        "95 % interval over trials that might have been drawn. (nothing) is a parameter without effect that was added "
        "when all trials were over: what ends in the grey strip may be chance. Numbers compare within a panel; between "
        "panels only the order does."
    )
    return Drawing(name, title, caption, sheet.figure)


def partial_dependence_figure(
    name: str,
    title: str,
    subtitle: str,
    space: SearchSpace,
    curves: pd.DataFrame,
    lines: pd.DataFrame,
    rug: pd.DataFrame,
    order: Sequence[str],
    value_label: str,
) -> Drawing:
    """A panel per parameter, in `order`: the mean prediction with its band, single configs, and where trials were.

    `curves`: `parameter`, `unit`, `value`, `low`, `high`; `lines`: `line`, `parameter`, `unit`, `value`; `rug`: a
    column of units per parameter.
    """
    parameters = {parameter.name: parameter for parameter in space}
    low, high = limits(curves, lines)
    with theme():
        sheet = page(len(order), title, subtitle, [], [], (2.1, 1.7), (0.8, 0.35))
        for ax, parameter in zip(sheet.panels, order, strict=True):
            draw_dependence(ax, parameters[parameter], *(t[t["parameter"] == parameter] for t in (curves, lines)))
            ax.plot(rug[parameter], np.full(len(rug), 0.015), "|", color="#666666", markersize=4, alpha=0.35,
                    transform=ax.get_xaxis_transform())  # fmt: skip
            ax.set(xlim=(-0.02, 1.02), ylim=(low, high))
            title_panel(ax, shown(parameter))
        for index, ax in enumerate(sheet.panels):
            if index % columns(sheet.panels) != 0:
                ax.tick_params(labelleft=False)
        label_outside(sheet, "", shown(value_label, 40))
    caption = (
        "How to read: the dark line is the mean prediction of the Gaussian process as one parameter moves and the "
        "others vary over their ranges, its band the 95 % interval over trials that might have been drawn. Thin lines "
        "are single configs: where they are not parallel, the parameter acts together with others. Small marks below "
        "show where trials were; smaller is better."
    )
    return Drawing(name, title, caption, sheet.figure)


def columns(panels: Sequence[Axes]) -> int:
    """Panels side by side."""
    return min(4, math.ceil(math.sqrt(len(panels))))


def limits(curves: pd.DataFrame, lines: pd.DataFrame) -> tuple[float, float]:
    """The range of values that all panels share: of the bands, and of nine tenths of the single lines."""
    low = min(curves["low"].min(), lines["value"].quantile(0.05))
    high = max(curves["high"].max(), lines["value"].quantile(0.95))
    pad = 0.06 * (high - low) or 1.0
    return float(low - 1.6 * pad), float(high + pad)


def draw_dependence(ax: Axes, parameter: Parameter, curve: pd.DataFrame, lines: pd.DataFrame) -> None:
    """One panel; between choices there is nothing, so that their means are not joined."""
    x, mark = curve["unit"].to_numpy(), "o" if parameter.cardinality <= 25 else ""
    joined = "none" if isinstance(parameter, Categorical) else "-"
    for _, single in lines.groupby(["instance", "line"]):
        ax.plot(single["unit"], single["value"], color=SKY, linewidth=0.6, alpha=0.5)
    if isinstance(parameter, Categorical):
        ax.vlines(x, curve["low"], curve["high"], color=BLUE, alpha=0.5, linewidth=3)
    else:
        ax.fill_between(x, curve["low"], curve["high"], color=BLUE, alpha=0.25, linewidth=0)
    ax.plot(x, curve["value"], color=BLUE, linewidth=1.8, linestyle=joined, marker=mark, markersize=4)
    units, labels = ticks(parameter)
    ax.set_xticks(units, labels)


def ticks(parameter: Parameter) -> tuple[list[float], list[str]]:
    """Where an axis is labelled, in units, and with what."""
    values: Sequence[Scalar]
    match parameter:
        case Categorical():
            values = list(parameter.choices)
        case Float(log=True):
            values = decades(parameter.low, parameter.high)
        case Float():
            values = [parameter.from_unit(unit) for unit in (0.0, 0.5, 1.0)]
        case Int() if parameter.cardinality <= MOST_TICKS:
            values = axis_levels(parameter, MOST_TICKS)
        case Int():
            values = [parameter.from_unit(unit) for unit in (0.0, 0.5, 1.0)]
    texts = [f"{value:.3g}" if isinstance(value, float) else shown(str(value), 10) for value in values]
    return [parameter.to_unit(value) for value in values], texts  # type: ignore[arg-type]


def decades(low: float, high: float) -> list[float]:
    """At most four powers of ten in a range; its ends where it holds fewer than two."""
    powers = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    step = max(1, math.ceil(len(powers) / 4))
    inside = [min(max(10.0**power, low), high) for power in powers[::step]]
    return inside if len(inside) > 1 else [low, high]


def agreement_figure(name: str, title: str, subtitle: str, table: pd.DataFrame) -> Drawing:
    """Kendall's τ between measures as a heat map; `table` is square, with their headings."""
    side = 0.62 * len(table)
    room = 0.3 + 0.075 * max(map(len, table.index))
    with theme():
        sheet = page(1, title, subtitle, [], [], (side + 0.6, side), (max(room, 1.0), room))
        (ax,) = sheet.panels
        sns.heatmap(
            table, ax=ax, vmin=-1, vmax=1, cmap="RdBu", annot=True, fmt=".2f", cbar=False, linewidths=0.8,
            annot_kws={"fontsize": 8.5},
        )  # fmt: skip
        ax.tick_params(length=0)
        ax.tick_params(axis="y", rotation=0)
        ax.set_xticks(ax.get_xticks(), [heading.replace(" ", "\n") for heading in table.columns])
        ax.set(xlabel="", ylabel="")
    caption = (
        "How to read: 1 (blue): both methods put the parameters in the same order; 0: their orders have nothing in "
        "common; −1 (red): one is the reverse of the other. Differences among parameters that hardly matter count as "
        "much as those among the first ones."
    )
    return Drawing(name, title, caption, sheet.figure)


def rug_of(units: Floats, names: Sequence[str]) -> pd.DataFrame:
    """Where trials (n, d) were, a column per parameter; of very many, every so many."""
    return pd.DataFrame(units[:: max(1, len(units) // MOST_TRIALS)], columns=list(names))
