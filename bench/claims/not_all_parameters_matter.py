"""Few parameters explain most of the variance: on real trainings, and on functions where we know the answer.

Quick: 6 instances of 20 random trials per parameter and problem, about 110 s on two cores. Full: 20 instances of 60
and one more training, about 35 minutes.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from bench.analysis.importance import smallest_set
from bench.claims.claim import Claim, Data, Effect, Finding, Part, Profile, Setting
from bench.claims.intervals import half_width, mean_effect
from bench.claims.random_importance import importance_by_instance
from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, VERMILION
from problems.space import Floats

MOST = 0.9  # of the summed total effects
TRAININGS: Mapping[Profile, Mapping[str, int]] = {
    "quick": {"mlp-digits": 10, "svm-digits": 7, "elastic-net-diabetes": 5},
    "full": {"mlp-digits": 10, "svm-digits": 7, "elastic-net-diabetes": 5, "boosting-diabetes": 8},
}
CONTROLS = {"embedded-2": 10, "sphere": 10}
FEW, ALL = "embedded-2", "sphere"  # two of ten parameters matter, and all ten
COLOURS = {
    "mlp-digits": BLUE,
    "svm-digits": GREEN,
    "elastic-net-diabetes": ORANGE,
    "boosting-diabetes": PURPLE,
    FEW: VERMILION,
    ALL: BLACK,
}


def trainings_experiment(setting: Setting) -> Data:
    """Importance on every real training, instance by instance."""
    return measured(setting, TRAININGS[setting.profile])


def controls_experiment(setting: Setting) -> Data:
    """The same on functions whose relevant parameters are known."""
    return measured(setting, CONTROLS)


def measured(setting: Setting, dims: Mapping[str, int]) -> Data:
    """The table `importance` of these problems."""
    tables = [importance_by_instance(setting, problem, dim) for problem, dim in dims.items()]
    return {"importance": pd.concat(tables, ignore_index=True)}


def totals(rows: pd.DataFrame) -> Floats:
    """Total effects (instances, d) of one problem, at least 0."""
    effects: Floats = rows.pivot(index="instance", columns="parameter", values="total").to_numpy(dtype=float)
    return np.maximum(effects, 0.0)


def of_the_stronger_half(effects: Floats) -> Floats:
    """The part (instances,) of the summed effects (instances, d) that the ⌊d/2⌋ largest hold."""
    half = effects.shape[1] // 2
    held: Floats = np.sort(effects, axis=1)[:, ::-1][:, :half].sum(axis=1) / effects.sum(axis=1)
    return held


def described(problem: str, rows: pd.DataFrame) -> list[Effect]:
    """How many parameters it takes, and how much of the values the surrogate explains; reported only."""
    dim = rows["dim"].iloc[0]
    fewest = [smallest_set(row, MOST) for row in totals(rows)]
    return [
        mean_effect(f"{problem}: parameters of {dim} that hold 90 % of the total effects", fewest, "instances"),
        mean_effect(
            f"{problem}: R² of the surrogate on trials that it did not see",
            rows.groupby("instance")["explained"].first(), "instances",
        ),
    ]  # fmt: skip


def judge_trainings(data: Data) -> Finding:
    """On every training: what the stronger half of the parameters holds, against 90 %."""
    effects: list[Effect] = []
    for problem, rows in data["importance"].groupby("problem", sort=False):
        held = of_the_stronger_half(totals(rows))
        half, dim = rows["dim"].iloc[0] // 2, rows["dim"].iloc[0]
        name = f"{problem}: part of the total effects that the {half} strongest of {dim} parameters hold"
        effects += [mean_effect(name, held, "instances", MOST), *described(str(problem), rows)]
    return Finding(effects)


def judge_controls(data: Data) -> Finding:
    """Yes where two of ten parameters matter, no where all do."""
    table = data["importance"]
    effects: list[Effect] = []
    for problem, says in ((FEW, 1.0), (ALL, -1.0)):
        rows = table[table["problem"] == problem]
        held = of_the_stronger_half(totals(rows))
        side = "that the stronger half holds − 90 %" if says > 0 else "90 % − what the stronger half holds"
        name = f"{problem}, {'two of ten matter' if says > 0 else 'all ten matter'}: {side}"
        effects += [mean_effect(name, says * (held - MOST), "instances", 0.0), *described(problem, rows)]
    return Finding(effects)


def draw_trainings(data: Data) -> Sequence[Drawing]:
    """How fast the effects add up, and which parameters they are of."""
    return [adding_up(data, "trainings"), by_parameter(data)]


def draw_controls(data: Data) -> Sequence[Drawing]:
    """How fast the effects add up."""
    return [adding_up(data, "controls")]


def adding_up(data: Data, name: str) -> Drawing:
    """The cumulated part of the total effects against the number of parameters, the strongest first."""
    table = data["importance"]
    instances, each = table["instance"].nunique(), table["trials"].iloc[0] // table["dim"].iloc[0]
    title = "How many hyperparameters explain the results?"
    subtitle = (
        f"Total Sobol' indices of a Gaussian process fitted to {each} random trials per hyperparameter; "
        f"mean and 95 % interval over n = {instances} instances"
    )
    with theme():
        sheet = page(1, title, subtitle, [], [], (5.4, 3.3))
        (ax,) = sheet.panels
        for problem, rows in table.groupby("problem", sort=False):
            draw_sum(ax, str(problem), totals(rows))
        ax.axhline(MOST, color="#666666", linewidth=0.9, linestyle=(0, (4, 2)))
        ax.text(0.985, MOST - 0.012, "90 %", transform=ax.get_yaxis_transform(), va="top", ha="right", color="#444444")
        ax.set(xlabel="number of hyperparameters, the strongest first", ylabel="part of the summed total effects")
        ax.set(ylim=(0, 1.03), xlim=(0, table["dim"].max() + 0.2))
        ax.set_xticks(range(0, table["dim"].max() + 1))
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
        ax.legend(frameon=False, loc="lower right")
    caption = (
        "How to read: a curve that rises steeply and then lies flat belongs to a problem where few parameters decide; "
        "if all mattered equally it would be a straight line to its end at d. The ring marks half of the parameters: "
        "above the dashed line, half of them hold more than 90 % of all effects."
    )
    return Drawing(f"adding-up-{name}", title, caption, sheet.figure)


def draw_sum(ax: Axes, problem: str, effects: Floats) -> None:
    """One problem's curve from (0, 0) on, with a ring at half of its parameters."""
    parts = np.cumsum(np.sort(effects, axis=1)[:, ::-1], axis=1) / effects.sum(axis=1, keepdims=True)
    curve = np.concatenate([np.zeros((len(parts), 1)), parts], axis=1)  # (instances, d + 1)
    mean, half = curve.mean(axis=0), np.array([half_width(column) for column in curve.T])
    along, dim, colour = np.arange(len(mean)), effects.shape[1], COLOURS.get(problem, BLACK)
    ax.plot(along, mean, ".-", color=colour, linewidth=1.6, markersize=6, label=f"{problem}, d = {dim}", zorder=3)
    ax.fill_between(along, mean - half, np.minimum(mean + half, 1.0), color=colour, alpha=0.15, linewidth=0)
    middle = dim // 2
    ax.plot(middle, mean[middle], "o", markersize=9, markerfacecolor="none", markeredgecolor=colour, zorder=4)


def by_parameter(data: Data) -> Drawing:
    """First and total index of every parameter, a panel per training."""
    table = data["importance"]
    instances = table["instance"].nunique()
    title = "Which hyperparameters explain the results of a training?"
    subtitle = f"Sobol' indices of the surrogate; mean and 95 % interval over n = {instances} instances"
    problems = list(table["problem"].unique())
    with theme():
        sheet = page(len(problems), title, subtitle, [], [], (2.7, 2.5), (1.75, 1.75))
        for ax, problem in zip(sheet.panels, problems, strict=True):
            rows = table[table["problem"] == problem]
            order = list(rows.groupby("parameter")["total"].mean().sort_values().index)
            draw_measure(ax, rows, order, "total", COLOURS[problem], 0.12)
            draw_measure(ax, rows, order, "first", "#999999", -0.16)
            ax.set_yticks(range(len(order)), order)
            ax.set_xlim(-0.05, 1.05)
            ax.xaxis.set_major_formatter(PercentFormatter(1.0))
            title_panel(ax, f"{problem}, d = {rows['dim'].iloc[0]}")
        label_outside(sheet, "part of the variance")
        sheet.panels[0].legend(frameon=False, loc="lower right")
    caption = (
        "How to read: the first effect is what a parameter explains alone, the total effect what it has a hand in; "
        "where they differ, it acts together with others. Every parameter varies over its whole range, logarithmically "
        "where that is its scale: a narrower range would make it matter less."
    )
    return Drawing("effects-by-parameter", title, caption, sheet.figure)


def draw_measure(ax: Axes, rows: pd.DataFrame, order: Sequence[str], measure: str, colour: str, shift: float) -> None:
    """Means and intervals of one measure, a row per parameter, `shift` above it."""
    wide = rows.pivot(index="instance", columns="parameter", values=measure)[order]
    half = [half_width(wide[name]) for name in order]
    places = np.arange(len(order)) + shift
    ax.errorbar(wide.mean(), places, xerr=half, fmt="o", color=colour, markersize=4, linewidth=1.2,
                label=f"{measure} effect")  # fmt: skip


RULE = (
    "Per instance, a Gaussian process is fitted to random trials, and the total Sobol' indices of its prediction are "
    "taken over the whole space. The half (rounded down) of the parameters with the largest indices hold a part of "
    "their sum; "
)

TRAINING_PART = Part(
    name="trainings",
    statement="On real trainings, half of the hyperparameters, or fewer, explain 90 % of what hyperparameters do.",
    supports="On every training, the stronger half of the hyperparameters holds more than 90 % of the total effects.",
    refutes="On some training, it holds 90 % or less.",
    rule=(
        RULE + "holds when the 95 % interval of its mean over instances lies above 0.9 on every training, does not "
        "hold when one lies at or below 0.9; else undecided."
    ),
    experiment=trainings_experiment,
    judge=judge_trainings,
    draw=draw_trainings,
    take_away={
        "holds": (
            "A few hyperparameters decide how good a training is, and the others hardly show, over the whole of their "
            "ranges. Which few differs between models: find out before you search, or use a search that tries a new "
            "value of every parameter with every trial. Near a good config the order may be another one."
        ),
        "does not hold": (
            "On at least one of these trainings the effects are spread over more than half of the hyperparameters. "
            "That few parameters matter is a habit of many problems, not a law: check before you leave one out."
        ),
        "undecided": "With so few instances, half of the hyperparameters may or may not hold 90 % of the effects.",
    },
)

CONTROL_PART = Part(
    name="controls",
    statement="The method finds that few parameters matter where this is so, and says no where all of them do.",
    supports=(
        "Half of the parameters hold more than 90 % of the effects on embedded-2, where two of ten matter, and less on "
        "the sphere, where all ten do."
    ),
    refutes="The method says no on embedded-2, or yes on the sphere.",
    rule=RULE + "holds when its 95 % interval lies above 0.9 on embedded-2 and below 0.9 on the sphere.",
    experiment=controls_experiment,
    judge=judge_controls,
    draw=draw_controls,
    take_away={
        "holds": "The measure can say no: what it says of the trainings is about them, and not about the measure.",
        "does not hold": "The measure answers alike whatever matters: its verdict on the trainings is worth nothing.",
        "undecided": "It is open whether the measure can tell apart what we know to differ.",
    },
)

CLAIM = Claim(
    name="not-all-parameters-matter",
    statement="Of the hyperparameters of a training only a few matter.",
    source=(
        "J. Bergstra & Y. Bengio: Random Search for Hyper-Parameter Optimization. Journal of Machine Learning Research "
        "13 (2012), 281–305, sections 1 and 2.5; F. Hutter, H. Hoos & K. Leyton-Brown: An Efficient Approach for "
        "Assessing Hyperparameter Importance. ICML 2014"
    ),
    parts=(TRAINING_PART, CONTROL_PART),
)
