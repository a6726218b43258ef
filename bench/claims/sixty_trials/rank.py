"""59 trials reach the top 5 % with 95 %: exactly, in simulation, and among the trials of a real training.

For independent draws from a continuous distribution the probability is 1 − 0.95^n whatever the distribution is: the
simulation checks the draws more than the formula. A training can add ties, which only help, and dependent trials, which
would be an error of ours; its few dozen blocks are reported and cannot decide. Estimator there: the run's trials in
their order form disjoint blocks of 59; a block succeeds when its best is at or below the 5 % threshold of all other
blocks of the run. As that threshold is itself estimated, even ideal draws succeed a little less often than 95 %: the
exact figure, 1 − C(M + 59 − j, 59) / C(M + 59, 59) for the j-th smallest of M other trials, stands beside.
"""

from collections.abc import Sequence
from math import ceil, comb

import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter
from scipy.stats import binomtest

from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.intervals import LEVEL, half_width, mean_effect
from bench.claims.sixty_trials.draws import (
    BLOCKS,
    PROBLEMS,
    SHADES,
    TOP,
    TRAINING,
    TRIALS,
    random_regrets,
    threshold,
    training,
)  # fmt: skip
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import style_of
from problems import synthetic

DIMS = (2, 5, 10)
INSTANCES = {"quick": 20, "full": 200}  # per problem and dimension
REFERENCE = 20_000  # draws that the 5 % threshold is read from
SETS = 400  # of trials per instance
SIZES = (1, 2, 5, 10, 20, 40, 59, 100, 150)
MARKERS = dict(zip(PROBLEMS, "osD", strict=True))
PROMISED = 0.95
MARGIN = 0.94  # the simulated probability must lie above: one point for the estimated threshold


def reach(trials: int) -> float:
    """P(the best of `trials` independent draws lies in the top 5 %)."""
    return float(1.0 - (1.0 - TOP) ** trials)


def expected_of_blocks(others: int) -> float:
    """P(a block's best is at or below the 5 % threshold of `others` further draws), for independent draws, no ties."""
    top = ceil(TOP * others - 1e-9)
    return 1.0 - comb(others + TRIALS - top, TRIALS) / comb(others + TRIALS, TRIALS)


def experiment(setting: Setting) -> Data:
    """`exact`; `simulated`: a row per instance and number of trials; `blocks`: a row per block of the training."""
    rows = []
    for name in PROBLEMS:
        for dim in DIMS:
            for instance in range(INSTANCES[setting.profile]):
                problem = synthetic.make(name, dim, instance, setting.rng)
                top = threshold(random_regrets(problem, (REFERENCE,), setting.rng))
                best = np.minimum.accumulate(random_regrets(problem, (SETS, SIZES[-1]), setting.rng), axis=1)
                rows += [
                    {"problem": name, "dim": dim, "instance": instance, "trials": size,
                     "share": float((best[:, size - 1] <= top).mean())}
                    for size in SIZES
                ]  # fmt: skip
    exact = [{"trials": trials, "probability": reach(trials)} for trials in range(1, SIZES[-1] + 1)]
    return {
        "exact": pd.DataFrame(exact),
        "simulated": pd.DataFrame(rows),
        "blocks": blocks(training(setting).trials),
    }


def blocks(trials: pd.DataFrame) -> pd.DataFrame:
    """One row per run and block of 59: whether its best lies in the top 5 % of the run's other blocks."""
    rows = []
    for seed, of_run in trials.sort_values("trial").groupby("seed"):
        values = of_run["value"].fillna(np.inf).to_numpy()[: BLOCKS * TRIALS].reshape(-1, TRIALS)
        for block, own in enumerate(values):
            others = np.delete(values, block, axis=0).ravel()
            hit = bool(own.min() <= threshold(others))
            rows.append({"seed": seed, "block": block, "hit": hit, "expected": expected_of_blocks(len(others))})
    return pd.DataFrame(rows)


def judge(data: Data) -> Finding:
    """The exact probability and the simulated ones decide; the training is reported."""
    exact = data["exact"].set_index("trials")["probability"]
    enough, short = float(exact[TRIALS]), PROMISED - float(exact[TRIALS - 1])
    effects = [
        Effect(f"P(best of {TRIALS} in the top 5 %)", enough, enough, enough, 1, "formula", PROMISED),
        Effect(f"what {TRIALS - 1} trials fall short of 95 %", short, short, short, 1, "formula", 0.0),
    ]
    rows = data["simulated"]
    for name, of_problem in rows[rows["trials"] == TRIALS].groupby("problem", sort=False):
        effects.append(
            mean_effect(
                f"simulated P(best of {TRIALS} in the top 5 %), {name}", of_problem["share"], "instances", MARGIN
            )
        )
    hits, count = int(data["blocks"]["hit"].sum()), len(data["blocks"])
    interval = binomtest(hits, count).proportion_ci(LEVEL, method="wilson")
    effects.append(
        Effect(f"share of blocks of {TRIALS} that reach the top 5 %, {TRAINING} (reported only)", hits / count,
               float(interval.low), float(interval.high), count, "blocks")
    )  # fmt: skip
    ideal = float(data["blocks"]["expected"].mean())
    effects.append(Effect("the same, expected of independent draws (reported only)", ideal, ideal, ideal, 1, "formula"))
    return Finding(effects)


def draw(data: Data) -> Sequence[Drawing]:
    """The exact curve with the simulated points on it."""
    exact, rows = data["exact"], data["simulated"]
    title = "How many random trials reach the top 5 % of all configurations?"
    each = rows.groupby(["problem", "trials"]).size().min()
    subtitle = f"Points: simulated, mean and 95 % interval over n = {each} instances per function in d = 2, 5, 10"
    with theme():
        sheet = page(1, title, subtitle, [], [], (6.2, 3.3))
        (ax,) = sheet.panels
        style = style_of("random")
        ax.plot(
            exact["trials"],
            exact["probability"],
            color=style.colour,
            linewidth=1.8,
            label="exact: 1 − 0.95^n",
            zorder=2,
        )
        for shift, (name, marker) in enumerate(MARKERS.items()):
            of = rows[rows["problem"] == name]
            wide = [of.loc[of["trials"] == size, "share"] for size in SIZES]
            ax.errorbar(
                [size + 1.3 * (shift - 1) for size in SIZES], [values.mean() for values in wide],
                [half_width(values) for values in wide], fmt=marker, markersize=4, linewidth=1, zorder=3,
                color=SHADES[name], label=name,
            )  # fmt: skip
        hits = data["blocks"]["hit"]
        interval = binomtest(int(hits.sum()), len(hits)).proportion_ci(LEVEL, method="wilson")
        ax.errorbar(
            [TRIALS + 4], [hits.mean()], [[hits.mean() - interval.low], [interval.high - hits.mean()]], fmt="*",
            markersize=9, color="#D55E00", linewidth=1.2, zorder=4, label=f"{TRAINING}, {len(hits)} blocks of {TRIALS}",
        )  # fmt: skip
        ax.axhline(PROMISED, color="black", linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
        ax.axvline(TRIALS, color="black", linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
        ax.text(TRIALS - 1.5, 0.04, f"n = {TRIALS}", rotation=90, fontsize=8.5, ha="right")
        ax.text(SIZES[-1], PROMISED - 0.015, "95 %", fontsize=8.5, ha="right", va="top")
        ax.set(xlabel="random trials n", ylabel="P(best of n in the top 5 %)", xlim=(-2, SIZES[-1] + 5), ylim=(0, 1.04))
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
        ax.legend(frameon=False, loc="lower right")
        title_panel(ax, "the same curve for every function and every dimension")
    caption = (
        "How to read: the curve holds for any function whatever, because it is about ranks: it says how soon one of n "
        "draws is among the best 5 % of all that could be drawn, and nothing about how good these are. Points of the "
        "three functions are shifted a little sideways so that they can be told apart."
    )
    return [Drawing("top-five-per-cent", title, caption, sheet.figure)]


PART = Part(
    name="rank",
    statement="The best of 59 random trials lies in the top 5 % with a probability of 95 %, and no fewer are enough.",
    supports="1 − 0.95^n exceeds 95 % first at n = 59, and simulated draws on three functions agree.",
    refutes="Another n is the first, or the best of 59 draws is in the top 5 % clearly less often on some function.",
    rule=(
        "Holds when 1 − 0.95^59 lies above 95 %, 1 − 0.95^58 below, and the 95 % intervals of the simulated "
        f"probability on sphere, rosenbrock and ackley (d = 2, 5, 10) lie above {MARGIN:.0%}, one point being left to "
        "the estimated threshold; does not hold when one lies at or below; else undecided. The training's blocks are "
        "reported and do not decide: a few dozen cannot."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "59 independent draws contain one of the best 5 % of all configurations with 95 %, in every search space "
            "and in any dimension. The next part asks what that is worth."
        ),
        "does not hold": "The arithmetic or the draws do not agree with the sentence: see which effect.",
        "undecided": "The simulated probabilities are not sharp enough; more instances would tell.",
    },
)
