"""P(ahead of random search) by budget, by dimension, and by what a trial costs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator, PercentFormatter

from bench.claims.shares import EVEN, wilson
from bench.plots.lines import plain_number
from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.style import shown, style_of

ORDER = ("gp", "optuna-tpe", "hyperopt-tpe")
SECONDS = {1e-3: "1 ms", 1e-2: "10 ms", 0.1: "0.1 s", 1.0: "1 s", 60.0: "1 min"}
FAMILIES = {"functions": "test functions", "trainings": "trainings"}


def panels_of(chances: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Heading and rows of a panel for each family and dimension, in the order of `FAMILIES`."""
    return [
        (f"{words}, d = {dim}", rows[rows["dim"] == dim])
        for family, words in FAMILIES.items()
        for rows in [chances[chances["family"] == family]]
        for dim in sorted(rows["dim"].unique())
    ]


def chance_lines(ax: Axes, rows: pd.DataFrame, along: str) -> None:
    """The mean chance with its interval over runs against `along`, one line per strategy."""
    places = sorted(rows[along].unique())
    for depth, name in enumerate(name for name in ORDER if name in set(rows["strategy"])):
        groups = rows[rows["strategy"] == name].groupby(along)["chance"]
        mean, n = groups.mean(), groups.size()
        shares = [wilson(float(mean[x]), int(n[x])) for x in mean.index]
        style = style_of(name)
        ax.plot(mean.index, mean, **{**style.line(), "markersize": 7}, zorder=4 - depth / 10, label=shown(name))
        low, high = np.array(shares).T
        ax.fill_between(mean.index, low, high, color=style.colour, alpha=0.12, linewidth=0)
    ax.axhline(EVEN, color="black", linewidth=0.8, zorder=1)
    ax.set_xscale("log")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks(places)
    ax.set_ylim(-0.02, 1.03)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def spread(rows: pd.DataFrame) -> str:
    """`"n = 24 runs"`: of one strategy at one place, over all panels alike or from the fewest to the most."""
    counts = rows.groupby(["family", "dim", "strategy", "budget", "cost"], dropna=False).size()
    low, high = int(counts.min()), int(counts.max())
    return f"n = {low} runs" if low == high else f"n = {low} to {high} runs"


def by_budget(chances: pd.DataFrame, name: str) -> Drawing:
    """At equal numbers of trials: the chance to be ahead, and how many trials random search would need."""
    rows = chances[chances["cost"].isna() & chances["family"].isin(FAMILIES)]
    panels = panels_of(rows)
    title = "Is Bayesian search ahead of random search with as many trials?"
    subtitle = (
        "Chance that a run's best value is lower than that of a random search on the same instance; bands are 95 % "
        f"intervals over {spread(rows)} at each point"
    )
    with theme():
        sheet = page(len(panels) + 1, title, subtitle, [], [], (2.9, 2.3), (0.8, 0.7))
        for ax, (heading, panel) in zip(sheet.panels, panels, strict=False):
            chance_lines(ax, panel, "budget")
            title_panel(ax, heading)
        needs_lines(sheet.panels[-1], rows)
        for ax in sheet.panels:
            budgets = sorted(rows["budget"].unique())
            ax.set_xticks(budgets, [str(budget) for budget in budgets])
        label_outside(sheet, "budget (trials)")
        sheet.panels[0].set_ylabel("ahead of random")
        sheet.panels[0].legend(frameon=False, fontsize=8, loc="lower right")
    caption = (
        "How to read: above the black line Bayesian search wins more often than it loses. The last panel says how many "
        "times as many trials random search would need for an even chance (median over runs; an arrow: more than "
        "half of the runs found what no draw of random search did, and the true factor is larger). "
        "`gp` decides the verdict, the Parzen estimators are shown where they are installed. Random search's luck is "
        "averaged out by drawing many searches from one long run on the same instance."
    )
    return Drawing(name, title, caption, sheet.figure)


def needs_lines(ax: Axes, rows: pd.DataFrame) -> None:
    """Median over runs of the trials that random search needs over the trials of the run."""
    largest = 1.0
    for name in (name for name in ORDER if name in set(rows["strategy"])):
        own = rows[rows["strategy"] == name]
        factor = (own["needs"] / own["budget"]).groupby(own["budget"]).median()
        known = factor[np.isfinite(factor)]
        style = style_of(name)
        largest = max(largest, float(known.max())) if len(known) else largest
        ax.plot(known.index, known, **{**style.line(), "markersize": 7})
        for budget in factor.index[~np.isfinite(factor)]:
            ax.annotate("↑", (budget, 0.92), xycoords=("data", "axes fraction"), color=style.colour, ha="center")
    ax.axhline(1.0, color="black", linewidth=0.8, zorder=1)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(0.5, largest * 3)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_locator(FixedLocator([0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{plain_number(value)}×"))
    title_panel(ax, "random needs … times as many")


def by_cost(chances: pd.DataFrame, budget: int, name: str) -> Drawing:
    """With time counted: the chance to be ahead against what a trial costs."""
    rows = chances[chances["cost"].notna() & (chances["budget"] == budget)]
    panels = panels_of(rows)
    title = "Is Bayesian search ahead of random search after the same time?"
    subtitle = (
        f"Random search gets the wall-clock time that the {budget} trials took, the optimiser's own included, in "
        f"trials; bands are 95 % intervals over {spread(rows)} at each point"
    )
    with theme():
        sheet = page(len(panels), title, subtitle, [], [], (2.9, 2.3), (0.8, 0.7))
        for ax, (heading, panel) in zip(sheet.panels, panels, strict=True):
            chance_lines(ax, panel, "cost")
            ax.set_xticks(list(SECONDS), list(SECONDS.values()))
            ax.set_xlim(min(SECONDS) / 1.4, max(SECONDS) * 1.4)
            title_panel(ax, heading)
            told = panel[(panel["strategy"] == ORDER[0]) & (panel["cost"] == panel["cost"].min())]
            ax.text(
                0.97, 0.05, f"random: {told['random_trials'].median():.0f} trials at {SECONDS[told['cost'].iloc[0]]}",
                transform=ax.transAxes, fontsize=8, color="#444444", ha="right",
            )  # fmt: skip
        label_outside(sheet, "time per trial")
        sheet.panels[0].set_ylabel("ahead of random")
        sheet.panels[0].legend(frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1.0, 0.1))
    caption = (
        "How to read: above the black line Bayesian search wins more often than it loses. At the left a trial costs "
        "less than the thought that chose it, and random search tries many more; from a second on nobody notices the "
        "thought. Optimiser times are those of this machine; real trainings, which last longer than a millisecond, "
        "are shown from one second on."
    )
    return Drawing(name, title, caption, sheet.figure)
