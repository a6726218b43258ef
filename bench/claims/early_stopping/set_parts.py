"""Two parts on the same trainings: how much is saved, and whether the winner is among what was stopped.

Quick: 36 sets of 40 trainings of mlp-digits, a minute on two cores. Full: 100 sets on each of three problems.
"""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from bench.claims.claim import Data, Effect, Finding, Part
from bench.claims.early_stopping.stopped_sets import PRUNERS, TRIALS, stopped_sets
from bench.claims.intervals import mean_effect
from bench.claims.shares import share_effect
from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.style import BLUE, GREEN, ORANGE, VERMILION

DECIDES = "asha"
MOST_COST = 0.5  # of all trainings to their end, that the claim allows the search with stopping
LEAST_KEPT = 0.9  # of the sets
STYLES = {"asha": (VERMILION, "o"), "hyperband": (BLUE, "s"), "median": (GREEN, "^"), "patience": (ORANGE, "D")}


def by_problem(data: Data) -> list[tuple[str, pd.DataFrame]]:
    """The sets of each problem, in their order."""
    return [(str(name), rows) for name, rows in data["sets"].groupby("problem", sort=False)]


def judge_saved(data: Data) -> Finding:
    """The share of the cost that the deciding pruner saves on each problem; the others are reported."""
    decide: list[Effect] = []
    beside: list[Effect] = []
    for problem, rows in by_problem(data):
        for name in PRUNERS:
            own = rows[rows["pruner"] == name]
            effects = decide if name == DECIDES else beside
            threshold = 1 - MOST_COST if name == DECIDES else None
            effects.append(mean_effect(f"{problem}, {name}: share of the cost saved", own["saved"], "sets", threshold))
            beside.append(mean_effect(f"{problem}, {name}: share of the trials stopped", own["stopped"], "sets"))
    return Finding([*decide, *beside])


def judge_kept(data: Data) -> Finding:
    """In which share of the sets the winner is kept, on each problem; what is lost in test error is reported."""
    decide: list[Effect] = []
    beside: list[Effect] = []
    for problem, rows in by_problem(data):
        for name in PRUNERS:
            own = rows[rows["pruner"] == name]
            effects = decide if name == DECIDES else beside
            threshold = LEAST_KEPT if name == DECIDES else None
            effects.append(share_effect(f"{problem}, {name}: P(the winner is kept)", own["kept"], "sets", threshold))
            beside.append(mean_effect(f"{problem}, {name}: test error lost by stopping", own["lost"], "sets"))
    return Finding([*decide, *beside])


def draw(data: Data) -> Sequence[Drawing]:
    """One panel per problem: what each pruner saves against how often it stops the winner."""
    problems = by_problem(data)
    sets = data["sets"]["seed"].nunique()
    title = "What early stopping saves, and how often it stops the winner"
    subtitle = (
        f"{TRIALS} random trainings, all taken to their end and shown to each pruner afterwards; "
        f"means and 95 % intervals over n = {sets} sets"
    )
    with theme():
        sheet = page(len(problems) + 1, title, subtitle, [], [], (3.1, 2.5), (0.85, 0.5))
        for ax, (problem, rows) in zip(sheet.panels, problems, strict=False):
            points(ax, rows)
            title_panel(ax, problem)
        free = sheet.panels[-1]
        label_outside(sheet, "share of the cost saved", "sets whose winner was stopped")
        free.set_axis_off()
        marks = [Line2D([], [], color=colour, marker=marker) for colour, marker in STYLES.values()]
        free.legend(marks, list(STYLES), title="pruner", frameon=False, alignment="left", loc="upper left")
    caption = (
        "How to read: further right is cheaper, further down is safer. The winner is the training with the lowest "
        "validation error of all; it was stopped where none with that error is among those that were left. What was "
        "left then is the second best or so: the table says by how much worse its test error is. The lines are what "
        f"the claim asks of {DECIDES}."
    )
    return [Drawing("saved-and-stopped", title, caption, sheet.figure)]


def points(ax: Axes, rows: pd.DataFrame) -> None:
    """A cross per pruner."""
    for name, (colour, marker) in STYLES.items():
        own = rows[rows["pruner"] == name]
        saved, kept = mean_effect("", own["saved"], "sets"), share_effect("", own["kept"], "sets")
        x, y = saved.value, 1 - kept.value
        ax.errorbar(
            x, y, xerr=[[x - saved.low], [saved.high - x]], yerr=[[y - (1 - kept.high)], [(1 - kept.low) - y]],
            color=colour, marker=marker, markersize=6, linewidth=1.3,
        )  # fmt: skip
    ax.axhline(1 - LEAST_KEPT, color="black", linewidth=0.8, linestyle="--")
    ax.axvline(1 - MOST_COST, color="black", linewidth=0.8, linestyle="--")
    ax.set(xlim=(0, 1), ylim=(-0.02, max(0.4, ax.get_ylim()[1])))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))


SAVES = Part(
    name="saves",
    statement="Successive halving goes through a set of trainings for less than half of the price of all to their end.",
    supports="On every problem, asha saves more than half of the epochs.",
    refutes="On some problem, it saves half of them or less.",
    rule=(
        f"{TRIALS} random configs are trained to their end; the curves are shown to the pruner in their order. Holds "
        "when the 95 % interval over sets of the share of the cost that asha (eta 3, first rung 1/9) saves lies above "
        f"{1 - MOST_COST:.0%} on every problem; does not hold when one lies at or below; else undecided. Hyperband, "
        "the median rule and patience are reported beside."
    ),
    experiment=stopped_sets,
    judge=judge_saved,
    draw=draw,
    take_away={
        "holds": (
            "Stopping what is not among the best third at a ninth and at a third of its training pays for twice as "
            "many trials or more. Gentler rules save less."
        ),
        "does not hold": (
            "On some problem less than half is saved: a first rung so early that few looks lie before it, or short "
            "trainings that are nearly over when they are first compared."
        ),
        "undecided": "About half is saved; these sets do not say on which side of it.",
    },
)
KEPT = Part(
    name="keeps-the-winner",
    statement="The best training is hardly ever among those that successive halving stops.",
    supports=f"On every problem, asha keeps the winner in more than {LEAST_KEPT:.0%} of the sets.",
    refutes=f"On some problem, it stops the winner in {1 - LEAST_KEPT:.0%} of the sets or more.",
    rule=(
        f"The same trainings. Holds when the 95 % interval (Wilson) of the share of sets in which a training with the "
        f"lowest final validation error of all {TRIALS} is not stopped by asha lies above {LEAST_KEPT:.0%} on every "
        "problem; does not hold when one lies at or below; else undecided. Reported beside: the other pruners, and the "
        "test error of the best that was left minus that of the winner."
    ),
    experiment=stopped_sets,
    judge=judge_kept,
    draw=lambda data: [],
    take_away={
        "holds": "The risk of stopping the winner is small: who is best in the end was among the best third early on.",
        "does not hold": (
            "Winners are stopped more often than is said: a slow start (a small learning rate, a long warm-up, many "
            "epochs) looks like a bad config. How much that costs is the difference in test error reported beside, "
            "and whether the trials that it pays for make up for it is the third part."
        ),
        "undecided": "The winner is kept in nearly all sets or in most of them; there are too few sets to say which.",
    },
)
