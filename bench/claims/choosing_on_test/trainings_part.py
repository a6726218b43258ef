"""Real trainings: the optimism of `resampled`, for five problems. Beside it: searches that were told an error.

What a search is told (a validation or a cross-validated error) flatters its winner for the same reason; that is
reported from the runs of `winners`, for random search and for gp. Quick: 6 instances of 32 configs; full: 40 of 128,
about 25 minutes.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.claims.choosing_on_test.resampled import optimism_table
from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.fitted import PROBLEMS, fit
from bench.claims.intervals import half_width, mean_effect
from bench.claims.winners import winner_effects, winner_gaps
from bench.plots.page import Drawing, corner_legend, label_outside, page, theme, title_panel
from bench.plots.style import BLUE, GREEN, ORANGE, PURPLE, VERMILION, WINE

INSTANCES = {"quick": 6, "full": 40}
CONFIGS = {"quick": 32, "full": 128}
FEW, MANY = 4, 32  # trials
SMALL, LARGE = 25, 100  # test cases; every problem has them
COLOURS = {25: VERMILION, 50: ORANGE, 100: GREEN, 200: BLUE, 400: PURPLE, 800: WINE}


def experiment(setting: Setting) -> Data:
    """Fit random configs on several divisions of each table, and choose among them on test sets of every size."""
    tables = []
    for problem in PROBLEMS:
        for instance in range(INSTANCES[setting.profile]):
            fitted = fit(problem, instance, CONFIGS[setting.profile], setting.rng)
            tables.append(optimism_table(fitted, setting.rng).assign(problem=problem, instance=instance))
    return {"errors": pd.concat(tables, ignore_index=True), "winners": winner_gaps(setting)}


def optimism(errors: pd.DataFrame, problem: str, cases: int) -> pd.DataFrame:
    """Fresh minus reported error of one problem and test-set size: rows instances, columns trials."""
    rows = errors[(errors["problem"] == problem) & (errors["cases"] == cases)]
    rows = rows.assign(optimism=rows["fresh"] - rows["reported"])
    return rows.pivot(index="instance", columns="trials", values="optimism")


def judge(data: Data) -> Finding:
    """Optimism, its growth with trials and its fall with test cases, for each problem; searches are reported beside."""
    found: list[Effect] = []
    checks: list[Effect] = []
    for problem in PROBLEMS:
        large, small = (optimism(data["errors"], problem, cases) for cases in (LARGE, SMALL))
        many = large[MANY]
        found.append(mean_effect(f"optimism, {MANY} trials, {LARGE} cases, {problem}", many, "instances", 0.0))
        found.append(mean_effect(f"growth from {FEW} to {MANY} trials, {problem}", many - large[FEW], "instances", 0.0))
        found.append(
            mean_effect(f"more with {SMALL} cases than with {LARGE}, {problem}", small[MANY] - many, "instances", 0.0)
        )
        checks.append(mean_effect(f"check: optimism of one trial, {problem}", large[1], "instances"))
    return Finding([*found, *checks, *winner_effects(data["winners"])])


def draw(data: Data) -> Sequence[Drawing]:
    """One panel per problem: optimism against trials, one line per test-set size."""
    errors = data["errors"]
    instances, trials = errors["instance"].nunique(), int(errors["trials"].max())
    title = "By how much the test error flatters the config that it chose"
    subtitle = (
        "Error on fresh cases minus the test error by which the config was chosen; mean over "
        f"n = {instances} data splits, bands are 95 % intervals"
    )
    with theme():
        sheet = page(len(PROBLEMS), title, subtitle, [], [], (2.7, 2.2), (0.8, 0.6))
        for ax, problem in zip(sheet.panels, PROBLEMS, strict=True):
            for size in sorted(errors.loc[errors["problem"] == problem, "cases"].unique()):
                rows = optimism(errors, problem, size)
                mean, half = rows.mean(), np.array([half_width(rows[n]) for n in rows])
                ax.plot(mean.index, mean, color=COLOURS[size])
                ax.fill_between(mean.index, mean - half, mean + half, color=COLOURS[size], alpha=0.15, linewidth=0)
            ax.axhline(0.0, color="black", linewidth=0.7)
            ax.set_xscale("log", base=2)
            ticks = [2**i for i in range(11) if 2**i <= trials]
            ax.set_xticks(ticks, [str(tick) for tick in ticks])
            ax.set_xlim(1, trials)
            title_panel(ax, problem)
        label_outside(sheet, "configs tried", "optimism")
        used = sorted(errors["cases"].unique())
        corner_legend(sheet, {str(size): {"color": COLOURS[size]} for size in used}, "test cases")
    caption = (
        "How to read: 0 is an honest report. Each line is one size of the test set by which the config was chosen. "
        "digits: share of wrong predictions; diabetes: squared error in units of the targets' variance. One config "
        "tried is no choice, and the lines begin at 0."
    )
    return [Drawing("optimism", title, caption, sheet.figure)]


PART = Part(
    name="real-trainings",
    statement=(
        "On real trainings too, the test error of the config that was chosen by it is lower than its error on fresh "
        "cases, the more so the more configs were tried and the fewer test cases there are."
    ),
    supports="All three happen on each of five problems.",
    refutes="One of the three does not happen on one of the problems.",
    rule=(
        f"The config with the smallest error on {LARGE} test cases is chosen among {MANY} random ones and scored on "
        "held-out cases that had no part in the choice, which estimates its true error without bias. Holds when the "
        f"95 % intervals over instances of the optimism, of its growth from {FEW} to {MANY} trials, and of its excess "
        f"with {SMALL} cases over {LARGE} lie above 0 on all five problems; does not hold when one lies at or below 0; "
        "else undecided. What searches were told about their winners is reported and does not decide."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "A test set that chose the config has become a validation set: its error is no longer honest, and nobody "
            "can tell from the number itself. Keep cases that no choice has seen, and look at them once."
        ),
        "does not hold": (
            "On at least one problem the choice did not flatter: its configs differ so much that luck decides nothing, "
            "or the test set is large enough."
        ),
        "undecided": "On some problem the optimism is smaller than what these splits can show.",
    },
)
