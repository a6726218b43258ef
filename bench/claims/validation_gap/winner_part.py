"""The gap to expect: the winner's validation error is too low, and the more so the longer the search was.

The runs are those of `winners`; five problems are put on one scale by the standard deviation of test − told over all of
random search's trials of the problem, and a seed's five problems are averaged. Quick: 5 seeds; full: 40, about 8
minutes on 2 cores.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.claims.claim import Data, Finding, Part, Setting
from bench.claims.fitted import PROBLEMS
from bench.claims.intervals import half_width, mean_effect
from bench.claims.winners import FIRST, STRATEGIES, TRIALS, winner_effects, winner_gaps
from bench.plots.page import Drawing, corner_legend, label_outside, page, theme, title_panel
from bench.plots.style import shown, style_of


def experiment(setting: Setting) -> Data:
    """The incumbents of both searches on all problems."""
    return {"winners": winner_gaps(setting)}


def scaled(table: pd.DataFrame) -> pd.DataFrame:
    """`gap` in standard deviations of its problem (over all trials of random search), averaged over the problems.

    Rows seeds, columns (strategy, trial); a trial counts where every problem has an incumbent.
    """
    unit = table[table["strategy"] == "random"].groupby("problem")["gap"].std()
    rows = table.assign(gap=table["gap"] / table["problem"].map(unit))
    rows = rows[rows["trial"].isin([FIRST, TRIALS])]
    every = rows["problem"].nunique()
    cells = rows.groupby(["seed", "strategy", "trial"])["gap"].agg(["mean", "size"])
    return cells["mean"].where(cells["size"] == every).unstack(["strategy", "trial"])


def judge(data: Data) -> Finding:
    """Level after all trials and growth since an early one, random search; gp and single problems are reported."""
    gap = scaled(data["winners"])
    effects = []
    for strategy in STRATEGIES:
        threshold = 0.0 if strategy == "random" else None
        last, first = (gap[strategy, trial].dropna() for trial in (TRIALS, FIRST))
        effects.append(
            mean_effect(f"{strategy}: test − told of the winner, {TRIALS} trials, in SDs", last, "seeds", threshold)
        )
        effects.append(
            mean_effect(
                f"{strategy}: growth from {FIRST} to {TRIALS} trials, in SDs",
                (last - first).dropna(),
                "seeds",
                threshold,
            )
        )
    return Finding([*effects, *winner_effects(data["winners"])])


def draw(data: Data) -> Sequence[Drawing]:
    """One panel per problem: the winner's gap against the trial, for both searches."""
    table = data["winners"]
    seeds = table["seed"].nunique()
    title = "How much lower than its test error is the error that a search was told of its winner?"
    subtitle = (
        "Test − told error of the best config so far, less what test − told usually is on the same split; "
        f"mean over n = {seeds} seeds, bands are 95 % intervals"
    )
    with theme():
        sheet = page(len(PROBLEMS), title, subtitle, [], [], (2.7, 2.2), (0.85, 0.65))
        for ax, problem in zip(sheet.panels, PROBLEMS, strict=True):
            for strategy in STRATEGIES:
                rows = table[(table["problem"] == problem) & (table["strategy"] == strategy)]
                wide = rows.pivot(index="seed", columns="trial", values="gap").dropna(axis=1)
                mean, half = wide.mean(), np.array([half_width(wide[trial]) for trial in wide])
                style = style_of(strategy)
                ax.plot(wide.columns, mean, **style.line(), markevery=6, zorder=3, label=shown(strategy))
                ax.fill_between(wide.columns, mean - half, mean + half, color=style.colour, alpha=0.12, linewidth=0)
            ax.axhline(0.0, color="black", linewidth=0.8)
            ax.set_xlim(1, TRIALS)
            title_panel(ax, problem)
        label_outside(sheet, "trial", "test − told error")
        corner_legend(sheet, {shown(name): style_of(name).line() for name in STRATEGIES}, "search")
    caption = (
        "How to read: 0 is an honest number; above it the told error flatters the winner. digits: share of wrong "
        "predictions; diabetes: 1 − R². Except for mlp-digits the told error is cross-validated, on models that saw "
        "two thirds of the cases: what that adds to every config is subtracted."
    )
    return [Drawing("winners", title, caption, sheet.figure)]


PART = Part(
    name="winner",
    statement=(
        "The validation error of a search's winner is lower than its test error, and the difference grows with the "
        "number of trials: that is the gap to expect."
    ),
    supports=f"Over five problems, the gap of random search's winner is positive after {TRIALS} trials, and has grown.",
    refutes=f"It is 0 or negative, or no larger after {TRIALS} trials than after {FIRST}.",
    rule=(
        "Test − told error of the incumbent, less the mean test − told of all of random search's trials on the same "
        "instance, in standard deviations of the problem, mean over five problems. Holds when the 95 % intervals over "
        f"seeds of its level after {TRIALS} trials and of its growth since trial {FIRST} lie above 0 for random "
        "search; does not hold when one lies at or below 0; else undecided. gp and single problems are reported only."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "The best validation error of a search is a little too good to be true, and a longer search makes it more "
            "so. Expect the test error to be higher; that alone is no sign of a mistake."
        ),
        "does not hold": (
            "Here the winner's validation error was no more flattering than that of any other config, or did not "
            "become so with more trials: choosing among so few configs costs little honesty."
        ),
        "undecided": "The winner's gap is smaller than what these seeds can show.",
    },
)
