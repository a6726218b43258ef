"""Figures of low effective dimension: regret against budget, and who is ahead as a map over k and d."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm

from bench.claims.claim import Data
from bench.claims.intervals import half_width
from bench.claims.random_beats_grid.low_dimension import BUDGETS
from bench.plots.lines import tidy_axes
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import BLACK, StrategyStyle, style_of

PANELS = ((6, 1), (6, 3), (6, 6))  # d, k
LINES = ("sobol", "lhs", "random", "grid")
HINDSIGHT = StrategyStyle(BLACK, (0, (1, 1.2)), "v", 1.2)
SHOWN_BUDGETS = (16, 128, 1024)
TICKS = (16, 64, 256, 1024)


def draw(data: Data) -> Sequence[Drawing]:
    """Curves of three cases, and the maps of random search and of Sobol' against the balanced grid."""
    return [
        curves(data),
        crossing_map(data["regrets"], "random", "random search"),
        crossing_map(data["regrets"], "sobol", "Sobol'"),
    ]


def curves(data: Data) -> Drawing:
    """Mean log regret against budget; a row per family, a column per case."""
    rows, dots = data["regrets"], data["resolutions"]
    families = list(rows["family"].unique())
    title = "Regret when one, half, or all of six parameters matter"
    subtitle = f"Geometric mean and 95 % interval over n = {rows['instance'].nunique()} instances"
    cases = [(family, dim, k) for family in families for dim, k in PANELS]
    with theme():
        sheet = page(len(cases), title, subtitle, [], [], (3.0, 2.5), (0.85, 0.65))
        for ax, (family, dim, k) in zip(sheet.panels, cases, strict=True):
            case = rows[(rows["family"] == family) & (rows["dim"] == dim) & (rows["k"] == k)]
            grids = dots[(dots["family"] == family) & (dots["dim"] == dim) & (dots["k"] == k)]
            ax.plot(
                grids["trials"], 10 ** grids["log_regret"], ".", color="#AAAAAA", markersize=4, zorder=2,
                label="grid, any monotone levels",
            )  # fmt: skip
            draw_line(ax, case, "hindsight", HINDSIGHT, "grid, best in hindsight")
            for name in LINES:
                draw_line(ax, case, name, style_of(name), "grid, balanced levels" if name == "grid" else name)
            ax.set_yscale("log")
            tidy_axes(ax, log=True)
            ax.set_xscale("log", base=2)
            ax.set_xticks(TICKS, [str(tick) for tick in TICKS])
            title_panel(ax, f"{family}: {k} of {dim} matter{'s' if k == 1 else ''}")
        for ax in sheet.panels[-len(PANELS) :]:
            ax.set_xlabel("trials T")
        for ax in sheet.panels[:: len(PANELS)]:
            ax.set_ylabel("regret")
        roomy = sheet.panels[len(PANELS) - 1]
        low, high = roomy.get_ylim()
        roomy.set_ylim(low / 5, high)  # for the legend
        roomy.legend(frameon=False, fontsize=7, loc="lower left")
    caption = (
        "How to read: lower is better; the optimum lies at a random place, and which parameters matter is random too. "
        "Every grey dot is a grid with exactly T points, one per way to split T into ascending levels. The dotted line "
        "is no strategy: it takes the best of all grids for each instance after seeing all results, in any order."
    )
    return Drawing("low-dimension-regret", title, caption, sheet.figure)


def draw_line(ax: Axes, case: pd.DataFrame, column: str, style: StrategyStyle, label: str) -> None:
    """Geometric mean with its interval, per budget."""
    logs = case.pivot(index="instance", columns="trials", values=column)
    mean, half = logs.mean().to_numpy(), np.array([half_width(logs[budget]) for budget in logs])
    ax.plot(logs.columns, 10**mean, **{**style.line(), "markersize": 4}, label=label, zorder=4)
    ax.fill_between(logs.columns, 10 ** (mean - half), 10 ** (mean + half), color=style.colour, alpha=0.12, linewidth=0)


def crossing_map(rows: pd.DataFrame, name: str, called: str) -> Drawing:
    """P(strategy `name` beats the balanced grid) over k and d; a row per family, a column per budget."""
    families = list(rows["family"].unique())
    title = f"Where {called} beats the balanced grid, and where not"
    subtitle = (
        f"Share of n = {rows['instance'].nunique()} instances (%) in which {called} has the smaller regret; "
        "k of d parameters matter"
    )
    cases = [(family, budget) for family in families for budget in SHOWN_BUDGETS]
    budgets = ", ".join(map(str, (budget for budget in BUDGETS if budget not in SHOWN_BUDGETS)))
    notes = [f"Budgets {budgets} lie between; all are in the stored tables."]
    with theme():
        sheet = page(len(cases), title, subtitle, notes, [], (3.3, 2.9), (0.7, 0.5))
        for ax, (family, budget) in zip(sheet.panels, cases, strict=True):
            cell = rows[(rows["family"] == family) & (rows["trials"] == budget)]
            draw_map(ax, (cell[name] < cell["grid"]).groupby([cell["k"], cell["dim"]]).mean().unstack())
            title_panel(ax, f"{family}, {budget} trials")
        for ax in sheet.panels[-len(SHOWN_BUDGETS) :]:
            ax.set_xlabel("parameters d")
        for ax in sheet.panels[:: len(SHOWN_BUDGETS)]:
            ax.set_ylabel("relevant parameters k")
    caption = (
        f"How to read: a cell stands for a number of parameters d and of relevant ones k. Orange: {called} beats the "
        "balanced grid in more than half of the instances; blue: the grid does. The black line is the crossing, the "
        "dashed one k = d/2. A full grid is at its best on the diagonal, where all parameters matter, and equally."
    )
    return Drawing(f"low-dimension-map-{name}", title, caption, sheet.figure)


def draw_map(ax: Axes, share: pd.DataFrame) -> None:
    """A cell per (k, d) with its share in per cent, and the border between more and less than half."""
    k, dims = share.index.to_numpy(), share.columns.to_numpy()
    values = share.to_numpy()
    x, y = np.append(dims, dims[-1] + 1) - 0.5, np.append(k, k[-1] + 1) - 0.5
    ax.pcolormesh(x, y, np.ma.masked_invalid(values), cmap="PuOr_r", norm=TwoSlopeNorm(0.5, 0.0, 1.0), zorder=1)
    ahead = values > 0.5
    for i, row in enumerate(k):
        for j, dim in enumerate(dims):
            if np.isnan(values[i, j]):
                continue
            dark = abs(values[i, j] - 0.5) > 0.33
            ax.text(
                dim, row, f"{100 * values[i, j]:.0f}", ha="center", va="center", fontsize=7,
                color="white" if dark else "black", zorder=3,
            )  # fmt: skip
            if i + 1 < len(k) and not np.isnan(values[i + 1, j]) and ahead[i, j] != ahead[i + 1, j]:
                ax.hlines(row + 0.5, dim - 0.5, dim + 0.5, color="black", linewidth=1.8, zorder=4)
            if j + 1 < len(dims) and not np.isnan(values[i, j + 1]) and ahead[i, j] != ahead[i, j + 1]:
                ax.vlines(dim + 0.5, row - 0.5, row + 0.5, color="black", linewidth=1.8, zorder=4)
    ends = np.array([dims[0] - 0.5, dims[-1] + 0.5])
    ax.plot(ends, ends / 2, color="black", linewidth=0.9, linestyle=(0, (3, 2)), zorder=2)
    ax.set(xlim=ends, ylim=(k[0] - 0.5, k[-1] + 0.5), xticks=dims, yticks=k)
    ax.grid(visible=False)
