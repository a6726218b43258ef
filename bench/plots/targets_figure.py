"""How many targets were reached by when: COCO's ECDF and Moré and Wild's data profiles, side by side."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator, PercentFormatter
from numpy.random import Generator

from bench.analysis.ranks import final_order
from bench.analysis.regret import known_targets
from bench.analysis.targets import TARGETS, first_hits, profile_bands, profile_costs
from bench.plots.lines import plain_number
from bench.plots.notes import run_notes, spans
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import shown, style_of

TOLERANCE = 0.1


class Profile(NamedTuple):
    """A panel: what it counts, the labels of its axes, `profile_bands`."""

    heading: str
    x_label: str
    y_label: str
    bands: pd.DataFrame


def profiles(curves: pd.DataFrame, rng: Generator) -> list[Profile]:
    """Fixed targets where an optimum is known, and all but a tenth of the best gain for every problem."""
    known = known_targets(curves)
    panels = []
    if len(known):
        hits = first_hits(known)
        bands = profile_bands(hits.assign(cost=hits["evaluations"] / hits["dim"]), rng)
        panels.append(Profile("Fixed targets (ECDF)", "trials / d", "targets reached", bands))
    bands = profile_bands(profile_costs(curves, TOLERANCE), rng)
    panels.append(Profile("90 % of the best gain (data profile)", "trials / (d + 1)", "runs that reached it", bands))
    return panels


def targets_reached(
    runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, panels: Sequence[Profile]
) -> Drawing:
    """What share of targets was reached by when, a panel for each of `profiles`."""
    names = final_order(ranked, curves["strategy"])
    known = known_targets(curves)
    title = "What share was reached by when"
    runs_of = spans([n for *_, each in panels for n in each["n"]], "run", "runs")
    subtitle = (
        f"Mean over {runs_of} per strategy, with 95 % bootstrap bands over seeds; higher and further left is better"
    )
    with theme():
        sheet = page(len(panels), title, subtitle, notes(runs, curves, known), names, (3.9, 3.1), (0.85, 0.85))
        for ax, (heading, x_label, y_label, each) in zip(sheet.panels, panels, strict=True):
            draw_steps(ax, each, names)
            title_panel(ax, heading)
            ax.set(xlabel=x_label, ylabel=y_label)
    low, high = (plain_number(float(target)) for target in (TARGETS.min(), TARGETS.max()))
    fixed = (
        f"How to read: left, the share of {len(TARGETS)} targets of regret ({high} to {low}, even in log) that a "
        "strategy's runs had reached; a run in high dimension ends further left. Right, the share of runs that gained "
    )
    alone = "How to read: the share of runs that gained "
    caption = (
        f"{fixed if len(known) else alone}all but a tenth of what the best run of any strategy gained on the same "
        "instance, from the median first trial on; another set of strategies may change that. Trials are divided by "
        "d or d + 1, so that dimensions can share one axis."
    )
    return Drawing("targets", title, caption, sheet.figure)


def notes(runs: pd.DataFrame, curves: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    """What is missing from the left panel and why, and the notes on runs."""
    stated = set(known["problem"].unique())
    unknown = [name for name in curves["problem"].unique() if name not in stated]
    if not unknown:
        return run_notes(runs)
    where = "Without fixed targets" if len(known) else "No fixed targets"
    return [f"{where}, for no optimum is known: {', '.join(map(shown, unknown))}.", *run_notes(runs)]


def draw_steps(ax: Axes, bands: pd.DataFrame, names: list[str]) -> None:
    """Rising steps of shares with their bands, the first of `names` on top."""
    if bands.empty:
        ax.text(0.5, 0.5, "nothing was reached", transform=ax.transAxes, ha="center", color="#666666")
        return
    ax.set_xscale("log")
    for depth, name in enumerate(names):
        rows = bands[bands["strategy"] == name]
        style, step = style_of(name), max(1, len(rows) // 6)
        line = style.line() | {"drawstyle": "steps-post", "markevery": (depth % step, step)}
        ax.plot(rows["cost"], rows["median"], **line, zorder=4 - depth / 100, label=shown(name))
        band: dict[str, Any] = {"color": style.colour, "alpha": 0.09, "linewidth": 0, "step": "post", "zorder": 2}
        ax.fill_between(rows["cost"], rows["low"], rows["high"], **band)
    ax.set_ylim(0, min(1.0, 1.1 * bands["high"].max()) + 0.01)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
