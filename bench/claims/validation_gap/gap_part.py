"""Among configs that validate equally well: does the one with the wider train/validation gap do worse on test cases?

On penalised polynomials, whose test errors are exact, and on five real trainings, whose held-out cases are divided at
random into a validation and a test half, many times. Quick: 200 data sets, and 6 instances of 32 configs, a minute
on one core; full: 2000, and 40 of 128, about 25 minutes.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.ticker import NullFormatter, PercentFormatter
from numpy.random import Generator

from bench.claims.claim import Data, Effect, Finding, Part, Setting, Verdict
from bench.claims.fitted import PROBLEMS, Fitted, fit
from bench.claims.intervals import half_width, mean_effect
from bench.claims.validation_gap.matched_pairs import matched_pairs, summary, watched_choice
from bench.claims.validation_gap.polynomials import random_fits
from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.style import BLUE, VERMILION

DATA_SETS = {"quick": 200, "full": 2000}
INSTANCES = {"quick": 6, "full": 40}
CONFIGS = {"quick": 32, "full": 128}
POLYNOMIAL_CONFIGS = 64
DIVISIONS = 50
FAMILY = "polynomials"
CHOICE = ["problem", "instance", "plain", "watched"]  # test error of the config that each rule chooses
LEAST_SHARE = 0.1  # of the instances: so many must have pairs in a bin that is drawn


def polynomial_experiment(setting: Setting) -> Data:
    """Pairs and choices on data sets with known truth."""
    pairs, choices = [], []
    for instance in range(DATA_SETS[setting.profile]):
        fits = random_fits(POLYNOMIAL_CONFIGS, setting.rng)
        found = summary(matched_pairs(fits.train, fits.validation, fits.test))
        pairs.append(found.assign(problem=FAMILY, instance=instance))
        plain, watched = watched_choice(fits.train, fits.validation, fits.spread)
        choices.append((FAMILY, instance, fits.test[plain], fits.test[watched]))
    return {"pairs": pd.concat(pairs, ignore_index=True), "choices": pd.DataFrame(choices, columns=CHOICE)}


def training_experiment(setting: Setting) -> Data:
    """Pairs and choices on real trainings."""
    pairs, choices = [], []
    for problem in PROBLEMS:
        for instance in range(INSTANCES[setting.profile]):
            fitted = fit(problem, instance, CONFIGS[setting.profile], setting.rng)
            found, plain, watched = divided(fitted, setting.rng)
            pairs.append(summary(found).assign(problem=problem, instance=instance))
            choices.append((problem, instance, plain, watched))
    return {"pairs": pd.concat(pairs, ignore_index=True), "choices": pd.DataFrame(choices, columns=CHOICE)}


def divided(fitted: Fitted, rng: Generator) -> tuple[pd.DataFrame, float, float]:
    """Matched pairs of all divisions into halves, and the mean test errors of the plain and the watched choice."""
    pairs, errors = [], []
    half = fitted.held_out.shape[1] // 2
    for _ in range(DIVISIONS):
        order = rng.permutation(fitted.held_out.shape[1])
        held, test = fitted.held_out[:, order[:half]], fitted.held_out[:, order[half:]].mean(axis=1)
        validation, spread = held.mean(axis=1), held.std(axis=1, ddof=1) / np.sqrt(half)
        pairs.append(matched_pairs(fitted.train, validation, test))
        errors.append([test[chosen] for chosen in watched_choice(fitted.train, validation, spread)])
    plain, watched = np.mean(errors, axis=0).tolist()
    return pd.concat(pairs, ignore_index=True), plain, watched


def per_instance(pairs: pd.DataFrame, column: str) -> pd.Series:
    """Mean of `column` over all pairs of an instance: index (problem, instance)."""
    weighted = pairs.assign(total=pairs[column] * pairs["pairs"])
    sums = weighted.groupby(["problem", "instance"])[["total", "pairs"]].sum()
    return sums["total"] / sums["pairs"]


def judge(data: Data) -> Finding:
    """P(the wider gap does worse) − ½ for each problem; what watching the gap gains is reported beside."""
    lost, worse = (per_instance(data["pairs"], column) for column in ("lost", "worse"))
    decides: list[Effect] = []
    beside: list[Effect] = []
    for problem in lost.index.unique("problem"):
        counted = "data sets" if problem == FAMILY else "instances"
        decides.append(
            mean_effect(f"P(the wider gap does worse) − ½, {problem}", lost.loc[problem] - 0.5, counted, 0.0)
        )
        beside.append(mean_effect(f"test error, wider − narrower gap, {problem}", worse.loc[problem], counted))
        rows = data["choices"][data["choices"]["problem"] == problem]
        gain = rows["plain"] - rows["watched"]
        beside.append(mean_effect(f"test error saved by watching the gap, {problem}", gain, counted))
    return Finding([*decides, *beside])


def binned(pairs: pd.DataFrame) -> pd.DataFrame:
    """Per bin of one problem: mean `wider`, mean `lost` with `half` its interval, over instances that have pairs."""
    rows, fewest = [], max(3, LEAST_SHARE * pairs["instance"].nunique())
    for _, group in pairs.groupby("bin"):
        if len(group) >= fewest:
            rows.append((group["wider"].mean(), group["lost"].mean(), half_width(group["lost"])))
    return pd.DataFrame(rows, columns=["wider", "lost", "half"])


def draw(data: Data) -> Sequence[Drawing]:
    """One panel per problem: how often the wider gap does worse, against how much wider it is."""
    pairs = data["pairs"]
    problems = list(pairs["problem"].unique())
    synthetic = problems == [FAMILY]
    counted = "data sets" if synthetic else "instances"
    title = "Of two configs that validate equally well, does the wider gap do worse?"
    subtitle = (
        "Pairs of configs among the better half whose validation errors differ by at most 1 %; points are means over "
        f"n = {pairs['instance'].nunique()} {counted}, bars 95 % intervals"
    )
    lost = per_instance(pairs, "lost").groupby("problem").mean()
    size = (4.6, 2.8) if synthetic else (2.7, 2.2)
    with theme():
        sheet = page(len(problems), title, subtitle, [], [], size, (0.85, 0.65))
        for ax, problem in zip(sheet.panels, problems, strict=True):
            points = binned(pairs[pairs["problem"] == problem])
            colour = VERMILION if lost[problem] > 0.5 else BLUE
            ax.axhline(0.5, color="black", linewidth=0.8)
            ax.errorbar(
                points["wider"], points["lost"], yerr=points["half"], fmt="o-", color=colour, markersize=4,
                linewidth=1.4, capsize=2,
            )  # fmt: skip
            ax.set(xscale="log", ylim=(0, 1))
            ax.yaxis.set_major_formatter(PercentFormatter(1.0))
            ax.xaxis.set_minor_formatter(NullFormatter())
            title_panel(ax, f"{problem}: {lost[problem]:.0%}")
        label_outside(sheet, "difference of the gaps", "wider gap does worse")
    caption = (
        "How to read: above the line, at one half, the config with the wider gap between training and validation error "
        "mostly does worse on test cases, as the advice has it; below the line it mostly does better. Further to the "
        "right the two gaps differ more; the number beside a name is the share of all pairs, red above one half, blue "
        "below. Of two equal validation errors, the wider gap is the lower training error."
    )
    return [Drawing("matched-pairs" if synthetic else "matched-pairs-trainings", title, caption, sheet.figure)]


RULE = (
    "Among the better half of random configs by validation error, all pairs whose validation errors differ by at most "
    "1 %; the share in which the wider gap has the larger test error, ties ½, minus ½. "
)
TAKE_AWAY: Mapping[Verdict, str] = {
    "holds": (
        "A wide gap is a warning that the validation error alone does not give: of two configs that validate equally "
        "well, prefer the one that fits its training cases less."
    ),
    "does not hold": (
        "Choose by the validation error. A wide gap says that a model fits its training cases closely, not that it "
        "predicts badly: of two configs that validate equally well, the one with the wider gap is not the worse one "
        "everywhere. The gap tells what to try next (more regularisation, more data), not what to trust."
    ),
    "undecided": (
        "Whether the gap says more than the validation error depends on the problem, or is too little to see here. "
        "Choose by the validation error."
    ),
}

POLYNOMIALS = Part(
    name="polynomials",
    statement=(
        "Of two penalised polynomials that validate equally well, the one with the wider gap between training and "
        "validation error does worse on fresh cases."
    ),
    supports="In more than half of all pairs the wider gap has the larger test error.",
    refutes="In half of the pairs or fewer it has.",
    rule=RULE
    + "Holds when its 95 % interval over data sets lies above 0; does not hold when at or below; else undecided.",
    experiment=polynomial_experiment,
    judge=judge,
    draw=draw,
    take_away=TAKE_AWAY,
)

TRAININGS = Part(
    name="real-trainings",
    statement=(
        "Of two configs of a real model that validate equally well, the one with the wider gap between training and "
        "validation error does worse on the test cases."
    ),
    supports="In more than half of all pairs the wider gap has the larger test error, on each of five problems.",
    refutes="On one of the problems it has in half of the pairs or fewer.",
    rule=(
        RULE + "Holds when its 95 % interval over instances lies above 0 on all five problems; does not hold when one "
        "lies at or below 0; else undecided."
    ),
    experiment=training_experiment,
    judge=judge,
    draw=draw,
    take_away=TAKE_AWAY,
)
