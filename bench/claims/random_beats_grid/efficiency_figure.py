"""The paper's random-experiment efficiency curves, with a grid's score across them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter

from bench.claims.claim import Data
from bench.plots.page import Drawing, columns_of, page, theme, title_panel
from bench.plots.style import VERMILION, style_of

GRID, RANDOM = style_of("grid"), style_of("random")
BOX = "#B0B0B0"
TICKS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 0.9)
TITLES = {
    7: "Random experiments of S trials against one grid: seven hyperparameters",
    9: "Random experiments of S trials with preprocessing: nine hyperparameters",
}


def efficiency_figure(data: Data, dim: int) -> Drawing:
    """One panel per data set: box plots over S, the expected score, the grid's line, and where they meet."""
    grids = data["grids"]
    panels = list(grids["data_set"])
    first = data["matches"].iloc[0]
    subtitle = (
        f"One hidden layer, n = {first['pool']} random trials and {first['trials']} of the grid "
        f"(levels {grids['levels'].iloc[0]}, 7 hyperparameters) per data set. Scores as in Bergstra & Bengio 2012"
    )
    with theme():
        sheet = page(len(panels), TITLES[dim], subtitle, [], [], (3.5, 2.6), (0.85, 0.7))
        for ax, data_set in zip(sheet.panels, panels, strict=True):
            here = {
                name: table[(table["data_set"] == data_set) & (table["dim"] == dim)]
                for name, table in data.items() if name in ("experiments", "expected", "matches")
            }  # fmt: skip
            boxes(ax, here["experiments"])
            expected(ax, here["expected"])
            grid = grids[grids["data_set"] == data_set].iloc[0]
            grid_line(ax, grid, here["matches"])
            axes(ax, here["experiments"])
            title_panel(ax, str(data_set))
        for ax in sheet.panels[-columns_of(len(panels)) :]:  # those with no other panel below
            ax.set_xlabel("trials S per experiment")
        sheet.panels[0].legend(frameon=False, fontsize=8, loc="upper right")
    caption = (
        "How to read: lower is better. Each box holds the test errors of disjoint random experiments of S trials (half "
        "of them within the box, the whiskers at most 1.5 boxes further); from S = 128 on there are one or two. The "
        "grey curve is the mean over all experiments of S trials, with its 95 % interval; the dotted one the expected "
        "test error of the trial with the lowest validation error of S, without the paper's weights for how sure that "
        "choice is. The dashed line is the "
        "grid's test error, its band ± 1.96 standard deviations of its score: which of its points a validation set "
        "would choose, and the test set's size. The diamond is where random search is as good as the grid, its bar the "
        "95 % interval of the number of trials. All this supposes independent trials, as only random search makes them."
    )
    return Drawing(f"efficiency-{dim}", TITLES[dim], caption, sheet.figure)


def boxes(ax: Axes, experiments: pd.DataFrame) -> None:
    """Box plots of the scores over experiment size."""
    sizes = sorted(experiments["size"].unique())
    ax.boxplot(
        [experiments.loc[experiments["size"] == size, "mean"].to_numpy() for size in sizes],
        positions=np.log2(sizes).tolist(), widths=0.55, patch_artist=True, manage_ticks=False, zorder=2,
        boxprops={"facecolor": "#F4F4F4", "edgecolor": BOX, "linewidth": 0.9},
        medianprops={"color": RANDOM.colour, "linewidth": 1.2}, whiskerprops={"color": BOX, "linewidth": 0.8},
        capprops={"color": BOX, "linewidth": 0.8},
        flierprops={"marker": ".", "markersize": 3, "markeredgecolor": BOX},
    )  # fmt: skip


def expected(ax: Axes, curve: pd.DataFrame) -> None:
    """The expected score of S trials, with its band."""
    x = np.log2(curve["size"])
    ax.plot(x, curve["mean"], color=RANDOM.colour, linewidth=2.0, zorder=4, label="random, mean of all experiments")
    ax.fill_between(x, curve["low"], curve["high"], color=RANDOM.colour, alpha=0.25, linewidth=0, zorder=3)
    ax.plot(
        x, curve["unbiased"], color=VERMILION, linestyle=":", linewidth=1.6, zorder=4,
        label="random, by validation error alone",
    )  # fmt: skip


def grid_line(ax: Axes, grid: pd.Series, matches: pd.DataFrame) -> None:
    """The grid's score with its band, and the number of random trials that matches it."""
    half = 1.96 * np.sqrt(grid["variance"])
    ax.axhspan(grid["mean"] - half, grid["mean"] + half, color=GRID.colour, alpha=0.1, linewidth=0, zorder=1)
    ax.axhline(
        grid["mean"], color=GRID.colour, linestyle=GRID.dash, linewidth=1.4, zorder=3,
        label=f"grid of {grid['trials']} trials",
    )  # fmt: skip
    needs = matches["needs"]
    low, high = np.log2(needs.iloc[1:].quantile([0.025, 0.975]))
    at = np.log2(needs.iloc[0])
    ax.plot([low, high], [grid["mean"]] * 2, color=GRID.colour, linewidth=3, zorder=5, solid_capstyle="butt")
    ax.plot(
        [at], [grid["mean"]], "D", color="white", markersize=6.5, markeredgecolor=GRID.colour, markeredgewidth=1.3,
        zorder=6, label="where random matches the grid",
    )  # fmt: skip
    ax.annotate(
        f"S > {needs.iloc[0]:.0f}" if matches["censored"].iloc[0] else f"S = {needs.iloc[0]:.0f}",
        (at, grid["mean"]), (4, 5), textcoords="offset points", fontweight="bold", fontsize=9, zorder=7,
    )  # fmt: skip


def axes(ax: Axes, experiments: pd.DataFrame) -> None:
    """S in doublings, errors in per cent on a log scale."""
    sizes = sorted(experiments["size"].unique())
    ax.set(xlim=(-0.6, np.log2(sizes[-1]) + 0.6), xticks=np.log2(sizes).tolist(), yscale="log")
    ax.set_xticklabels([str(size) for size in sizes])
    ax.yaxis.set_major_locator(FixedLocator(TICKS))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.set_ylabel("test error")
