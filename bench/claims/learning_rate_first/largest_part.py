"""Is the learning rate the most important of ten hyperparameters? Beside it a function where we know the answer.

A real training in which something else were first would refute it; so would a control that finds the wrong parameter.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

from bench.claims.claim import Data, Finding, Part, Setting
from bench.claims.intervals import half_width, mean_effect
from bench.claims.random_importance import importance_by_instance
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import BLUE, GREY, VERMILION
from bench.records import RunKey
from bench.run import make_problem
from problems.embedded import EmbeddedProblem

TRAINING, DIM = "mlp-digits", 10
CONTROL = "embedded-1"  # one of ten parameters matters, another one in every instance
FIRST = "learning_rate"


def experiment(setting: Setting) -> Data:
    """Importance on the training and on the control, with the column `expected`: the parameter that should be first."""
    control = importance_by_instance(setting, CONTROL, DIM)
    known = {instance: relevant_of(instance) for instance in control["instance"].unique().tolist()}
    training = importance_by_instance(setting, TRAINING, DIM).assign(expected=FIRST)
    return {"importance": pd.concat([training, control.assign(expected=control["instance"].map(known))])}


def relevant_of(instance: int) -> str:
    """The one parameter of the control that matters."""
    problem = make_problem(RunKey(CONTROL, DIM, instance, "random", instance, 1))
    if not isinstance(problem, EmbeddedProblem):
        raise TypeError(f"{CONTROL} must be an EmbeddedProblem, got {type(problem).__name__}")
    (name,) = problem.relevant
    return name


def lead(rows: pd.DataFrame, measure: str) -> pd.Series:
    """Per instance: the expected parameter's `measure` minus the largest of all the others'."""
    ours = rows[rows["parameter"] == rows["expected"]].set_index("instance")[measure]
    others = rows[rows["parameter"] != rows["expected"]].groupby("instance")[measure].max()
    gap: pd.Series = ours - others
    return gap


def judge(data: Data) -> Finding:
    """The lead in total effect decides; the lead in relevance, the control and the fit are reported."""
    table = data["importance"]
    training, control = table[table["problem"] == TRAINING], table[table["problem"] == CONTROL]
    explained = training.groupby("instance")["explained"].first()
    return Finding(
        [
            mean_effect("total effect: learning rate − the largest other", lead(training, "total"), "instances", 0.0),
            mean_effect("relevance 1/ℓ, as shares: learning rate − the largest other (reported only)",
                        lead(training, "share"), "instances"),
            mean_effect("control embedded-1, total effect: the right parameter − the largest other (reported only)",
                        lead(control, "total"), "instances"),
            mean_effect("R² of the surrogate on trials that it did not see", explained, "instances"),
        ]
    )  # fmt: skip


def draw(data: Data) -> Sequence[Drawing]:
    """Relevance and total effect of the training's hyperparameters."""
    table = data["importance"]
    rows = table[table["problem"] == TRAINING]
    instances, trials = rows["instance"].nunique(), rows["trials"].iloc[0]
    title = "Which of ten hyperparameters matters most?"
    subtitle = (
        f"{TRAINING}: {trials} random trials per instance, one dot each; line: mean and 95 % interval over "
        f"n = {instances} instances"
    )
    order = list(rows.groupby("parameter")["total"].mean().sort_values().index)
    measures = {"total": "total effect on the validation error", "share": "relevance 1/length scale"}
    with theme():
        sheet = page(2, title, subtitle, [], [], (3.1, 3.1), (1.75, 0.35))
        for ax, (measure, says) in zip(sheet.panels, measures.items(), strict=True):
            for place, name in enumerate(order):
                values = rows.loc[rows["parameter"] == name, measure].to_numpy()
                colour = VERMILION if name == FIRST else BLUE
                ax.plot(values, np.full(len(values), place), "o", color=colour, markersize=3.5, alpha=0.45, linewidth=0)
                ax.errorbar(
                    values.mean(), place, xerr=half_width(values), fmt="|", color=colour, markersize=11, linewidth=1.6
                )
            ax.axvline(0, color=GREY, linewidth=0.7)
            ax.set_xlim(-0.04, 1.04)  # where shares can be; an interval of few instances may reach beyond
            ax.set_yticks(range(len(order)), order if ax is sheet.panels[0] else [""] * len(order))
            ax.set_xlabel("part of the variance" if measure == "total" else "share of the sum")
            ax.xaxis.set_major_formatter(PercentFormatter(1.0))
            title_panel(ax, says)
    caption = (
        "How to read: the further right, the more a hyperparameter decides over its whole range. Left: the part of the "
        "variance that it has a hand in (total Sobol' index of a Gaussian process fitted to the trials); right: how "
        "fast the values change along it in that process, as Bergstra & Bengio measured it in their Figure 7."
    )
    return [Drawing("ten-hyperparameters", title, caption, sheet.figure)]


PART = Part(
    name="largest-importance",
    statement="Of the ten hyperparameters of a neural network, the learning rate has the largest importance.",
    supports="Its total effect on the validation error is larger than that of every other hyperparameter.",
    refutes="The total effect of some other hyperparameter is as large, or larger.",
    rule=(
        "Per instance of mlp-digits (another split of the data): total Sobol' indices of a Gaussian process fitted to "
        "random trials; the learning rate's minus the largest of the nine others'. Holds when the 95 % interval of the "
        "mean over instances lies above 0, does not hold when it lies at or below 0; else undecided. Beside it the "
        "relevance by length scales, and embedded-1, where the right answer is known."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "If you set one hyperparameter of a network with care, set the learning rate: over its usual range it "
            "decides between learning, crawling and diverging. This is about whole ranges: close to a good config, "
            "others may matter more."
        ),
        "does not hold": (
            "Here the learning rate is not what matters most. It still has to be set, but another hyperparameter, "
            "over the range that was searched, does as much or more harm."
        ),
        "undecided": "The learning rate is near the top, but the instances do not agree on who is first.",
    },
)
