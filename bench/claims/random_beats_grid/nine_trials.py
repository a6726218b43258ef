"""Figure 1: nine trials on f(x, y) = g(x) + h(y) ≈ g(x). How many values of each parameter does a strategy try?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.random import Generator

from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.designs import unit_space
from bench.claims.intervals import mean_effect
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import style_of
from problems.space import Config, Floats
from strategies.base import Exhausted
from strategies.registry import strategy_entry

TRIALS = 9
DIMS = range(2, 11)
STRATEGIES = ("grid", "random")
SEEDS = {"quick": 10, "full": 100}


def g(x: Floats) -> Floats:
    """The parameter that matters: one narrow peak, as in the paper's sketch (whose formula is not given)."""
    peak: Floats = np.exp(-(((x - 0.36) / 0.09) ** 2)) + 0.25 * np.exp(-(((x - 0.8) / 0.15) ** 2))
    return peak


def h(y: Floats) -> Floats:
    """The parameter that hardly matters."""
    hill: Floats = 0.12 * np.exp(-(((y - 0.6) / 0.3) ** 2))
    return hill


def proposals(name: str, dim: int, rng: Generator) -> list[Config]:
    """What a strategy proposes for a budget of nine trials; a grid may propose fewer."""
    strategy = strategy_entry(name).make(unit_space(dim), budget=TRIALS, rng=rng)
    configs = []
    for _ in range(TRIALS):
        try:
            configs.append(strategy.ask().config)
        except Exhausted:
            break
    return configs


def experiment(setting: Setting) -> Data:
    """Ask both strategies for nine trials in every dimension and count the distinct values per parameter."""
    counts, shown = [], []
    for dim in DIMS:
        for seed in range(SEEDS[setting.profile]):
            for name in STRATEGIES:
                table = pd.DataFrame(proposals(name, dim, setting.rng))
                distinct = table.nunique().rename_axis("parameter").rename("distinct").reset_index()
                counts.append(distinct.assign(dim=dim, seed=seed, strategy=name))
                if dim == 2 and seed == 0:
                    shown.append(table.set_axis(["x", "y"], axis=1).assign(strategy=name))
    return {"counts": pd.concat(counts, ignore_index=True), "proposals": pd.concat(shown, ignore_index=True)}


def judge(data: Data) -> Finding:
    """Distinct values per parameter: random's minus grid's, in every dimension; both counts of Figure 1."""
    means = data["counts"].groupby(["dim", "strategy", "seed"])["distinct"].mean().unstack("strategy")
    effects: list[Effect] = [
        mean_effect(f"{name}: distinct values per parameter, d = 2", means.xs(2, level="dim")[name], "seeds")
        for name in STRATEGIES
    ]
    for dim in means.index.unique("dim"):
        more = means.loc[dim, "random"] - means.loc[dim, "grid"]
        effects.append(mean_effect(f"random − grid, distinct values per parameter, d = {dim}", more, "seeds", 0.0))
    return Finding(effects)


def draw(data: Data) -> Sequence[Drawing]:
    """The paper's picture, and the counts against dimension."""
    return [nine_points(data["proposals"]), distinct_values(data["counts"])]


def nine_points(proposals: pd.DataFrame) -> Drawing:
    """Both designs over the function, with g along the top and h along the right of each."""
    title = "Nine trials of grid search and of random search"
    subtitle = "f(x, y) = g(x) + h(y) ≈ g(x): x matters, y hardly. The strategies' own proposals, one seed"
    along = np.linspace(0, 1, 201)
    with theme():
        sheet = page(2, title, subtitle, [], [], (3.1, 3.1), (0.8, 1.35))
        for ax, name in zip(sheet.panels, STRATEGIES, strict=True):
            rows, style = proposals[proposals["strategy"] == name], style_of(name)
            ax.pcolormesh(along, along, g(along)[None, :] + h(along)[:, None], cmap="Greens", alpha=0.55, zorder=0)
            ax.grid(visible=False)
            ax.plot(rows["x"], rows["y"], style.marker, color=style.colour, markersize=6, zorder=4)
            ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="x: the parameter that matters", ylabel="y: hardly matters")
            top, side = ax.inset_axes((0, 1.03, 1, 0.25)), ax.inset_axes((1.03, 0, 0.25, 1))
            marginal(top, along, rows["x"].to_numpy(), name, upright=True)
            marginal(side, along, rows["y"].to_numpy(), name, upright=False)
            tried = f"{name}: {rows['x'].nunique()} values of x, {rows['y'].nunique()} of y"
            title_panel(top, tried)
        width, height = sheet.figure.get_size_inches()
        sheet.figure.set_size_inches(width + 0.6, height)  # room for the right-hand marginal
        for ax in sheet.panels:
            x, y, w, tall = ax.get_position().bounds
            ax.set_position((x * width / (width + 0.6), y, w * width / (width + 0.6), tall * 0.8))
    caption = (
        "How to read: darker is better. The curve above each square is g, the curve at its right h; the marks on them "
        "are the values that the nine trials tried. The grid spends nine trials on three values of x and may miss the "
        "peak between them; random search tries nine. The paper gives no formula: g and h are ours, in its shape."
    )
    return Drawing("nine-trials", title, caption, sheet.figure)


def marginal(ax: Axes, along: Floats, tried: Floats, name: str, upright: bool) -> None:
    """A one-parameter function as a filled curve, with a mark at every value that was tried."""
    function, style = (g if upright else h), style_of(name)
    heights = function(along)
    if upright:
        ax.fill_between(along, 0, heights, color="#009E73", alpha=0.35, linewidth=0)
        ax.vlines(tried, 0, function(tried), color=style.colour, linewidth=0.8)
        ax.plot(tried, function(tried), style.marker, color=style.colour, markersize=4)
        ax.set(xlim=(0, 1), ylim=(0, 1.25))
    else:
        ax.fill_betweenx(along, 0, heights, color="#009E73", alpha=0.35, linewidth=0)
        ax.hlines(tried, 0, function(tried), color=style.colour, linewidth=0.8)
        ax.plot(function(tried), tried, style.marker, color=style.colour, markersize=4)
        ax.set(ylim=(0, 1), xlim=(0, 1.25))
    ax.text(0.88 if upright else 0.2, 0.9, "g(x)" if upright else "h(y)", transform=ax.transAxes, va="top", fontsize=9)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.grid(visible=False)


def distinct_values(counts: pd.DataFrame) -> Drawing:
    """Mean number of distinct values per parameter against dimension."""
    title = "Distinct values per parameter that nine trials try"
    seeds = counts["seed"].nunique()
    subtitle = f"Mean over the parameters, counted from the strategies' own proposals; n = {seeds} seeds"
    means = counts.groupby(["strategy", "dim"])["distinct"].mean()
    with theme():
        sheet = page(1, title, subtitle, [], [], (5.2, 3.0))
        (ax,) = sheet.panels
        for name in STRATEGIES:
            ax.plot(means[name].index, means[name].to_numpy(), **style_of(name).line(), label=name)
        ax.set(
            xlabel="dimension (number of parameters)", ylabel="distinct values per parameter", ylim=(0, TRIALS + 0.6)
        )
        ax.set_yticks(range(0, TRIALS + 1, 3))
        ax.legend(frameon=False, loc="center right")
    caption = (
        "How to read: with nine trials, random search tries nine values of every parameter, however many parameters "
        "there are; a full grid has to share its nine points out, and from four parameters on leaves some at one value."
    )
    return Drawing("distinct-values", title, caption, sheet.figure)


PART = Part(
    name="nine-trials",
    statement="Nine grid trials test three values of each of two parameters, nine random trials test nine (Figure 1).",
    supports="In every dimension from 2 to 10, nine random trials try more distinct values per parameter.",
    refutes="In some dimension, nine grid trials try as many distinct values per parameter, or more.",
    rule=(
        "Counted from the proposals of the strategies themselves. Holds when the 95 % interval of random − grid lies "
        "above 0 in every dimension; does not hold when one lies at or below 0; else undecided."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "A grid looks at few values of each parameter, and at fewer with each parameter that is added; random "
            "search looks at a new value of every parameter with every trial. If one parameter "
            "matters, that is what counts."
        ),
        "does not hold": "Here a grid tried as many values of each parameter as random search: the picture misleads.",
        "undecided": "The counts vary more between seeds than the strategies differ.",
    },
)
