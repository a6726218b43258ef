"""Who is best, over the price of a trial and the budget: one coloured square for each."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.patches import Patch, Rectangle

from bench.advice.ranking import rank
from bench.advice.record import Record
from bench.advice.situation import Situation
from bench.plots.page import Drawing, label_left, page, theme
from bench.plots.style import shown, style_of
from bench.seeding import rng_for
from problems.space import Floats

SECONDS = np.geomspace(1e-3, 1e3, 19)
TRIALS = (5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
RESAMPLES = 400
WHITER = (0.0, 0.7, 0.85)  # of strategies that share a colour, each next one
NOTHING = "#F0F0F0"  # where there is no evidence
WIDTH, LEGEND = 6.2, 1.6  # inches


def best_over(record: Record, situation: Situation) -> pd.DataFrame:
    """The pick for each price and budget, else as `situation`: columns `seconds`, `trials`, `pick`, `sure`, `problems`.

    `pick` is None where there is no evidence, `sure` whether it is seen to beat random search.
    """
    rows = []
    for trials, seconds in product(TRIALS, SECONDS):
        asked = replace(situation, trials=trials, seconds=float(seconds))
        ranking = rank(record, asked, rng_for("recommend", "map"), RESAMPLES)
        rows.append((float(seconds), trials, ranking.pick, ranking.pick in ranking.sure, len(ranking.problems)))
    return pd.DataFrame(rows, columns=["seconds", "trials", "pick", "sure", "problems"])


def colours_of(names: Sequence[str]) -> dict[str, tuple[float, float, float]]:
    """Everyone's own colour; a paler one where another of the same family came before."""
    colours: dict[str, tuple[float, float, float]] = {}
    families: list[str] = []
    for name in names:
        own = style_of(name).colour
        white = WHITER[min(families.count(own), len(WHITER) - 1)]
        families.append(own)
        red, green, blue = (part + white * (1 - part) for part in to_rgb(own))
        colours[name] = (red, green, blue)
    return colours


def draw_map(best: pd.DataFrame, situation: Situation) -> Drawing:
    """`best` are rows of `best_over`."""
    counts = best["pick"].value_counts()
    colours = colours_of(list(counts.index))
    kinds = [
        f"{situation.dims} parameters",
        f"{situation.categorical} of them choices" if situation.categorical else "no choices among them",
        "noise" if situation.noise else "no noise",
        f"{situation.workers} workers" if situation.workers > 1 else "one trial at a time",
    ]
    title = "Which strategy is best, for this price of a trial and this budget?"
    subtitle = (
        f"{', '.join(kinds)}; lowest mean regret after the time that random search takes for the budget, "
        f"the strategy's own thinking counted in; up to {best['problems'].max()} problems like this"
    )
    notes = ["Hatched: not seen to beat random search there (95 % bootstrap intervals over problems, Bonferroni)."]
    numbers = {name: number for number, name in enumerate(colours)}
    shape = len(TRIALS), len(SECONDS)
    picks = best["pick"].map(numbers).fillna(-1).to_numpy().reshape(shape)
    unsure = (picks >= 0) & ~best["sure"].to_numpy().reshape(shape)
    with theme():
        sheet = page(1, title, subtitle, notes, [], (WIDTH + LEGEND, 3.7), (0.8, 0.3))
        (ax,) = sheet.panels
        place = ax.get_position()
        ax.set_position((place.x0, place.y0, place.width * WIDTH / (WIDTH + LEGEND), place.height))
        palette = ListedColormap([to_rgb(NOTHING), *colours.values()])
        x, y = edges(SECONDS), np.arange(len(TRIALS) + 1) - 0.5
        ax.pcolormesh(
            x, y, picks + 1, cmap=palette, vmin=-0.5, vmax=len(colours) + 0.5, edgecolor="white", linewidth=0.4
        )
        for row, column in np.argwhere(unsure):
            ax.add_patch(
                Rectangle(
                    (x[column], y[row]), x[column + 1] - x[column], 1.0, fill=False, hatch="////", linewidth=0,
                    edgecolor="#FFFFFF",
                )
            )  # fmt: skip
        ax.set_xscale("log")
        ax.set_yticks(range(len(TRIALS)), [str(trials) for trials in TRIALS])
        ax.grid(visible=False)
        ax.set_xlabel("seconds per trial")
        label_left(ax, "budget (trials of random search)")
        handles = [Patch(color=colour, label=shown(name)) for name, colour in colours.items()]
        if (picks < 0).any():
            handles.append(Patch(color=NOTHING, label="no evidence"))
        ax.legend(
            handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0, frameon=False,
            title="most of the map first", title_fontsize=8.5, alignment="left",
        )  # fmt: skip
    caption = (
        "How to read: find the seconds that a trial takes, and how many there is time for. At the left trials cost so "
        "little that whoever thinks has few of them; at the right only the choice of trials counts. On both sides of a "
        "border the two are nearly equal."
    )
    return Drawing("advice", title, caption, sheet.figure)


def edges(centres: Floats) -> Floats:
    """The borders of squares around `centres` (n,), evenly spaced in the logarithm: (n + 1,)."""
    half = np.sqrt(centres[1] / centres[0])
    return np.append(centres / half, centres[-1] * half)
