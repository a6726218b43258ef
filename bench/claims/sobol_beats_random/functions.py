"""Is Sobol' ahead on test functions, dimension by dimension?"""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from bench.claims.claim import Data, Effect, Finding, Part
from bench.claims.intervals import half_width, mean_effect
from bench.claims.shares import EVEN
from bench.claims.sobol_beats_random.designs import DIMS, RUGGED, SIZES, SMOOTH, experiment, with_advantage
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import BLUE, GREEN, GREY, ORANGE

DIM_COLOURS = dict(zip(DIMS, (BLUE, GREEN, ORANGE, GREY), strict=True))


def judge(data: Data) -> Finding:
    """P(Sobol' ahead) per dimension decides; by how much, in decades of regret, is reported."""
    advantage = with_advantage(data["regrets"])
    seeds = advantage.groupby(["dim", "seed"])[["ahead", "decades"]].mean()  # over functions and T
    effects: list[Effect] = [
        mean_effect(f"P(Sobol' ahead of random), d = {dim}", seeds.loc[dim, "ahead"], "seeds", EVEN)
        for dim in seeds.index.unique("dim")
    ]
    effects += [
        mean_effect(f"log10 of random's regret over Sobol's, d = {dim}", seeds.loc[dim, "decades"], "seeds")
        for dim in seeds.index.unique("dim")
    ]
    return Finding(effects)


def lines(ax: Axes, advantage: pd.DataFrame, column: str) -> None:
    """The mean of `column` over seeds and functions against T, one line with its band per dimension."""
    for dim, rows in advantage.groupby("dim"):
        wide = rows.groupby(["seed", "trials"])[column].mean().unstack("trials")  # (seeds, T)
        mean, half = wide.mean(), wide.apply(half_width)
        colour = DIM_COLOURS[int(str(dim))]
        ax.plot(mean.index, mean, "o-", color=colour, markersize=3.5, linewidth=1.5, label=f"d = {dim}")
        ax.fill_between(mean.index, mean - half, mean + half, color=colour, alpha=0.15, linewidth=0)
    ax.set_xscale("log", base=2)
    ticks = [size for size in SIZES if size.bit_count() == 1]
    ax.set_xticks(ticks, [str(size) for size in ticks])
    ax.set_xlabel("trials T")


def draw(data: Data) -> Sequence[Drawing]:
    """P(ahead) against T, on smooth and on rugged functions."""
    advantage = with_advantage(data["regrets"])
    seeds = advantage["seed"].nunique()
    title = "Is Sobol' ahead of random search?"
    subtitle = (
        "Share of pairs in which T scrambled Sobol' points found a lower value than T random points; bands are 95 % "
        f"intervals over n = {seeds} pairs of point sets in each dimension, each on four functions"
    )
    with theme():
        sheet = page(2, title, subtitle, [], [], (3.6, 2.7), (0.8, 0.5))
        for ax, names, heading in zip(sheet.panels, (SMOOTH, RUGGED), ("smooth", "rugged"), strict=True):
            ax.axhline(EVEN, color="black", linewidth=0.8, zorder=1)
            lines(ax, advantage[advantage["function"].isin(names)], "ahead")
            ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
            title_panel(ax, f"{heading} functions")
        low, high = (f(*(ax.get_ylim()[i] for ax in sheet.panels)) for i, f in ((0, min), (1, max)))
        for ax in sheet.panels:
            ax.set_ylim(low, high)
        sheet.panels[0].set_ylabel("Sobol' is ahead")
        sheet.panels[1].legend(frameon=False, ncol=2, fontsize=8.5)
    caption = (
        "How to read: above the black line Sobol' wins more than half of the pairs. 55 % means that somebody who "
        "always uses Sobol' instead of random points is ahead eleven times out of twenty: a small gain, and free. "
        f"Smooth: {', '.join(SMOOTH)}; rugged: {', '.join(RUGGED)}."
    )
    return [Drawing("sobol-ahead", title, caption, sheet.figure)]


PART = Part(
    name="functions",
    statement=(
        "On test functions, the best of T Sobol' points is lower than the best of T random points more often than not."
    ),
    supports="In 2, 3, 5 and 10 dimensions alike, Sobol' wins more than half of the pairs.",
    refutes="In one of the dimensions, random search wins half of the pairs or more.",
    rule=(
        f"P(ahead) is the mean over eight functions ({', '.join((*SMOOTH, *RUGGED))}) and T = {SIZES[0]} to "
        f"{SIZES[-1]}. Holds when its 95 % interval over pairs of point sets lies above ½ in every dimension; does not "
        "hold when one lies at or below ½; else undecided."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "Sobol' points win a little more often than random points, in every dimension that was tried, and they "
            "cost nothing: use them where you would have used random points. The gain is small; a method that "
            "learns from its trials gains far more."
        ),
        "does not hold": "In at least one dimension, random points were as good as Sobol' points on test functions.",
        "undecided": (
            "Sobol' points may win a little more often, but in some dimension the difference is too small to be seen "
            "with this many pairs of point sets: whoever uses random points there loses next to nothing."
        ),
    },
)
