"""Figure 7: which hyperparameters matter, data set by data set.

The random trials of one data set are split 50 times; a Gaussian process with one length scale per hyperparameter is
fitted to four fifths of them, and says how relevant each is (1/length scale). The paper's kernel is a squared
exponential, ours Matérn-5/2, and our values are warped: shape and order compare, digits do not. The paper leaves to the
eye what is relevant; here it is more than half an equal share of the relevance. Sobol' indices of the same fits stand
beside. Intervals are over trials that might have been drawn instead (delete-d jackknife), not over refits.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter
from scipy.stats import norm

from bench.analysis.importance import RELEVANT, half_an_equal_share, refits, relevant, standard_errors, summarised
from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.intervals import LEVEL
from bench.claims.random_beats_grid.neural_networks import random_trials
from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.style import BLUE, VERMILION
from bench.records import RunKey
from bench.run import make_problem
from problems.space import Floats

FIRST = "learning_rate"
MOST = 4.5  # relevant hyperparameters: between the paper's four, and five
APART = 0.1  # of the relevance: a difference between data sets that is worth speaking of
REFITS = 50


def experiment(setting: Setting) -> Data:
    """Fifty refits per data set; of the spaces that were searched the smallest, as the paper's figure has it."""
    trials = random_trials(setting)
    smallest = trials[trials["dim"] == trials.groupby("data_set")["dim"].transform("min")]
    tables = []
    for data_set, rows in smallest.groupby("data_set", sort=False):
        space = make_problem(RunKey(rows["problem"].iloc[0], int(rows["dim"].iloc[0]), 0, "random", 0, 1)).space
        fits = refits(space, rows, setting.rng, REFITS)
        tables.append(fits.assign(data_set=data_set, trials=len(rows)))
    return {"refits": pd.concat(tables, ignore_index=True)}


def estimated(name: str, estimates: Floats, trials: int, threshold: float | None = None) -> Effect:
    """The mean of `estimates` (R,) from subsets of the trials, with the interval of their `standard_errors`."""
    value = float(np.mean(estimates))
    half = float(norm.ppf((1 + LEVEL) / 2) * standard_errors(estimates))
    return Effect(name, value, value - half, value + half, trials, "trials", threshold)


def wide(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """A row per refit, a column per parameter."""
    return rows.pivot(index="refit", columns="parameter", values=measure)


def judge(data: Data) -> Finding:
    """How many matter, whether the learning rate does, and whether it is the same ones everywhere."""
    table = data["refits"]
    decide: list[Effect] = []
    beside: list[Effect] = []
    for data_set, rows in table.groupby("data_set", sort=False):
        shares, totals, trials = wide(rows, "share"), wide(rows, "total"), int(rows["trials"].iloc[0])
        least = half_an_equal_share(shares.shape[1])
        counts = np.array([relevant(row, least) for row in shares.to_numpy()], dtype=float)
        by_total = np.array([relevant(row, RELEVANT) for row in totals.to_numpy()], dtype=float)
        decide.append(estimated(f"{data_set}: {MOST} − relevant hyperparameters", MOST - counts, trials, 0.0))
        if FIRST in shares:
            share = shares[FIRST].to_numpy()
            decide.append(estimated(f"{data_set}: the learning rate's share of the relevance − the least that counts "
                                    f"({least:.1%})", share - least, trials, 0.0))  # fmt: skip
            said = f"{data_set}: total effect of the learning rate (reported only)"
            beside.append(estimated(said, totals[FIRST].to_numpy(), trials))
        beside += [
            estimated(f"{data_set}: hyperparameters with a total effect above {RELEVANT:.0%} (reported only)",
                      by_total, trials),
            estimated(f"{data_set}: R² on trials that a fit did not see (reported only)",
                      rows.groupby("refit")["explained"].first().to_numpy(), trials),
        ]  # fmt: skip
    return Finding([*decide, largest_difference(table), *beside])


def largest_difference(table: pd.DataFrame) -> Effect:
    """The largest difference of a hyperparameter's share between two data sets, with a simultaneous 95 % interval.

    Bonferroni's, over all hyperparameters and pairs of data sets. Of the hyperparameters that both have.
    """
    rows = pd.concat(
        summarised(fits, ["share"]).assign(data_set=data_set)
        for data_set, fits in table.groupby("data_set", sort=False)
    )
    mean, error = (rows.pivot(index="data_set", columns="parameter", values=name) for name in ("mean", "error"))
    gaps: list[tuple[float, float]] = []
    for one, other in combinations(mean.index, 2):
        gap = (mean.loc[one] - mean.loc[other]).abs()
        spread = np.hypot(error.loc[one], error.loc[other])
        gaps += [(g, s) for g, s in zip(gap, spread, strict=True) if np.isfinite(g)]
    if not gaps:
        raise ValueError("a difference between data sets needs at least two that share a hyperparameter")
    gap, spread = np.array(gaps).T
    half = norm.ppf(1 - (1 - LEVEL) / 2 / len(gap)) * spread
    name = "the largest difference of a hyperparameter's share between two data sets"
    low, high = float(np.max(gap - half)), float(np.max(gap + half))
    return Effect(name, float(gap.max()), low, high, int(table["trials"].min()), "trials", APART)


def draw(data: Data) -> Sequence[Drawing]:
    """A panel per data set: relevance over the refits, and total effects beside it."""
    table = data["refits"]
    data_sets = list(table["data_set"].unique())
    order = list(table.groupby("parameter")["share"].mean().sort_values().index)
    title = "Which hyperparameters matter, and for which data set?"
    subtitle = (
        f"{table['refit'].nunique()} Gaussian processes per data set, each fitted to four fifths of "
        f"n = {table['trials'].min()} random trials"
    )
    with theme():
        sheet = page(len(data_sets), title, subtitle, [], [], (3.0, 0.29 * len(order) + 0.3), (1.6, 1.6))
        for ax, data_set in zip(sheet.panels, data_sets, strict=True):
            rows = table[table["data_set"] == data_set]
            draw_data_set(ax, rows, [name for name in order if name in set(rows["parameter"])])
            title_panel(ax, str(data_set))
        label_outside(sheet, "share of the relevance, part of the variance")
        handles = [Patch(facecolor=BLUE, alpha=0.35, edgecolor=BLUE), Line2D([], [], marker="D", color=VERMILION)]
        sheet.panels[0].legend(
            handles, ["relevance: share of Σ 1/ℓ", "total effect: part of variance"], frameon=False, fontsize=7.5,
            loc="lower right",
        )  # fmt: skip
    caption = (
        "How to read: a box holds the middle half of the refits, its whiskers all but outliers: the further right, the "
        "faster the validation error changes along the hyperparameter (ARD). A diamond is the part of the variance "
        "that it has a hand in, with a 95 % interval over trials. Right of the dotted line it counts as relevant."
    )
    return [Drawing("relevance", title, caption, sheet.figure)]


def draw_data_set(ax: Axes, rows: pd.DataFrame, order: Sequence[str]) -> None:
    """One data set, the hyperparameters in `order` from below."""
    shares, places = wide(rows, "share")[list(order)], np.arange(len(order))
    ax.boxplot(
        shares.to_numpy(), positions=places + 0.14, widths=0.34, orientation="horizontal", patch_artist=True,
        manage_ticks=False, boxprops={"facecolor": BLUE, "alpha": 0.35, "edgecolor": BLUE},
        medianprops={"color": BLUE}, whiskerprops={"color": BLUE}, capprops={"color": BLUE},
        flierprops={"marker": ".", "markersize": 3, "markeredgecolor": BLUE},
    )  # fmt: skip
    totals = summarised(rows, ["total"]).set_index("parameter").loc[list(order)]
    ax.errorbar(
        totals["mean"], places - 0.2, xerr=totals["mean"] - totals["low"], fmt="D", color=VERMILION, markersize=3.5,
        linewidth=1.1,
    )  # fmt: skip
    ax.axvline(half_an_equal_share(len(order)), color="#666666", linewidth=0.9, linestyle=":")
    ax.set_yticks(places, order)
    ax.set_xlim(-0.03, 1.03)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))


PART = Part(
    name="relevance",
    statement=(
        "On each data set one to four hyperparameters are relevant, the learning rate always among them, and which "
        "others are differs between data sets (Figure 7)."
    ),
    supports=(
        "On every data set at most four hyperparameters have more than half an equal share of the relevance, the "
        "learning rate does, and some share differs by more than 0.1 between two data sets."
    ),
    refutes=(
        "On some data set five or more are relevant, or the learning rate is not; or no share differs by more than 0.1."
    ),
    rule=(
        "Relevance is 1/length scale of a Gaussian process fitted to random trials, as a share of the sum, mean over "
        "50 refits to random four fifths of the trials; relevant is a share above 1/(2 d). Holds when on every data "
        "set the 95 % intervals (delete-d jackknife over trials) of 4.5 − the number of relevant ones and of the "
        "learning rate's share − 1/(2 d) lie above 0, and the simultaneous interval of the largest difference between "
        "data sets above 0.1. Does not hold when one of these lies at or below; else undecided."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "Few hyperparameters matter, and which they are is not known before: that is why a grid, which must choose "
            "where to put its few levels, wastes most of its trials, and random search does not."
        ),
        "does not hold": (
            "Here the paper's picture is not confirmed in all its parts: read in the effects which one fails, the "
            "small number of relevant hyperparameters, the learning rate among them, or the difference between data "
            "sets."
        ),
        "undecided": (
            "The picture is the paper's, but these trials leave open whether the number of relevant hyperparameters, "
            "the learning rate's place, or the difference between data sets is as it says."
        ),
    },
)
