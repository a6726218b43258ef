"""Up to a batch 16 times as large the rule is to work; at 64 times as large it is to break."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

from bench.claims.claim import Data, Effect, Finding, Part
from bench.claims.intervals import half_width, mean_effect
from bench.claims.linear_scaling.errors import (
    BASE,
    LOG2_RATES,
    LOG2_SIZES,
    TRAINING,
    best_rates,
    experiment,
    grid,
    scaled,
    tuned,
)
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import BLACK, BLUE, GREY, VERMILION

MARGIN = 0.01  # of error, that may be lost
WITHIN, BEYOND = BASE + 4, LOG2_SIZES[-1]  # 16 and 64 times the base
RULES = {"linear": 1.0, "square root": 0.5, "unchanged": 0.0}
COLOURS = {"linear": VERMILION, "square root": BLUE, "unchanged": GREY, "tuned at each size": BLACK}


def times(size: int) -> str:
    """`"16 times"` the base."""
    return f"{2 ** (size - BASE)} times"


def lost(errors: pd.DataFrame, rule: str, size: int) -> pd.Series:
    """By how much the error at `size` is above that of the base with its best rate, split by split."""
    at = scaled(errors, RULES[rule])
    return at[size] - at[BASE]


def beside(errors: pd.DataFrame) -> list[Effect]:
    """Every rule at both sizes, and the rate tuned anew; reported only."""
    effects = []
    for size in (WITHIN, BEYOND):
        for rule in RULES:
            effects.append(
                mean_effect(f"error above the base's, {times(size)}, {rule}", lost(errors, rule, size), "splits")
            )
        anew = tuned(errors)
        effects.append(
            mean_effect(f"error above the base's, {times(size)}, tuned anew", anew[size] - anew[BASE], "splits")
        )
    return effects


def judge_within(data: Data) -> Finding:
    """At 16 times the batch, linear scaling costs less than the margin, and less than leaving the rate alone."""
    errors = data["errors"]
    linear, alone = (lost(errors, rule, WITHIN) for rule in ("linear", "unchanged"))
    return Finding(
        [
            mean_effect(f"{MARGIN:.0%} minus the error that linear scaling adds", MARGIN - linear, "splits", 0.0),
            mean_effect("error of the unchanged rate minus that of the scaled one", alone - linear, "splits", 0.0),
            *beside(errors),
        ]
    )


def judge_beyond(data: Data) -> Finding:
    """At 64 times the batch, linear scaling costs more than the margin."""
    linear = lost(data["errors"], "linear", BEYOND)
    return Finding([mean_effect(f"error that linear scaling adds, {times(BEYOND)}", linear, "splits", MARGIN)])


def draw(data: Data) -> Sequence[Drawing]:
    """Left, the error for every pair, with the rules as lines; right, what each rule leads to."""
    errors = data["errors"]
    mean = grid(errors).mean(axis=0)  # (sizes, rates)
    splits = errors["instance"].nunique()
    title = "Does the best learning rate grow with the batch size?"
    subtitle = (
        f"{TRAINING}: SGD with momentum 0.9, 20 epochs, warm-up; held-out error, mean over n = {splits} data splits "
        "(right: with 95 % intervals)"
    )
    anew, sizes = tuned(errors), np.array(LOG2_SIZES)
    with theme():
        sheet = page(2, title, subtitle, [], [], (4.0, 3.2), (0.85, 1.5))
        left, right = sheet.panels
        shades = left.pcolormesh(
            sizes, LOG2_RATES, np.log10(mean.T), cmap="Greys_r", shading="nearest", rasterized=True
        )
        best = best_rates(mean)
        for rule, exponent in RULES.items():
            left.plot(sizes, best[0] + exponent * (sizes - BASE), color=COLOURS[rule], linewidth=2)
        left.plot(sizes, best, "o", color="white", markeredgecolor="black", markersize=6)
        left.set(ylim=(LOG2_RATES[0] - 0.5, LOG2_RATES[-1] + 0.5), ylabel="learning rate")
        left.set_yticks(LOG2_RATES[::2], [f"2^{rate}" for rate in LOG2_RATES[::2]])
        left.grid(visible=False)
        title_panel(left, "Error of every pair; circles: the best")
        bar = sheet.figure.colorbar(shades, ax=left, fraction=0.05, pad=0.02)
        bar.set_ticks(np.log10([0.05, 0.1, 0.3, 0.9]).tolist(), labels=["5 %", "10 %", "30 %", "90 %"])
        shown = {rule: scaled(errors, exponent) for rule, exponent in RULES.items()} | {"tuned at each size": anew}
        for rule, table in shown.items():
            half = np.array([half_width(table[size]) for size in LOG2_SIZES])
            right.errorbar(sizes, table.mean(), yerr=half, color=COLOURS[rule], label=rule, marker="o", markersize=4)
        right.axhline(anew[BASE].mean() + MARGIN, color="black", linewidth=0.8, linestyle="--")
        right.set(yscale="log", ylabel="held-out error")
        worst = max(float(table.mean().max()) for table in shown.values())
        right.set_yticks([tick for tick in (0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 0.9) if tick < 2 * worst])
        right.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        right.minorticks_off()
        right.legend(frameon=False, title="the rate is", alignment="left", fontsize=8)
        title_panel(right, "What each rule leads to")
        for ax in (left, right):
            ax.set_xticks(sizes, [str(2**size) for size in sizes])
            ax.set_xlabel("batch size")
    caption = (
        "How to read: on the left, lighter is worse; a rule follows the circles as far as it is right. On the right, "
        f"lower is better; the dashed line is the error of the base, a batch of {2**BASE}, plus {MARGIN:.0%}. Every "
        "rule starts from the base's best rate, which was chosen on other data splits than it is judged on."
    )
    return [Drawing("batch-size-and-rate", title, caption, sheet.figure)]


WITHIN_PART = Part(
    name="up-to-16-times",
    statement="A batch 16 times as large, with a learning rate 16 times as high, does as well as the small one.",
    supports=f"It costs less than {MARGIN:.0%} of error, and less than leaving the rate as it was.",
    refutes=f"It costs {MARGIN:.0%} or more, or the unchanged rate does as well.",
    rule=(
        f"{TRAINING}, 20 epochs, momentum 0.9, warm-up over a tenth. The best rate for batches of {2**BASE} is taken "
        "from all data splits but the one that is judged. Holds when the 95 % intervals over splits of (1 % − the "
        "error that the scaled rate adds) and of (error of the unchanged rate − error of the scaled one), both for "
        f"batches of {2**WITHIN}, lie above 0; does not hold when one lies at or below; else undecided. The "
        "square root, and the rate tuned anew, are reported beside."
    ),
    experiment=experiment,
    judge=judge_within,
    draw=draw,
    take_away={
        "holds": "When you change the batch size within reason, change the learning rate with it, by the same factor.",
        "does not hold": (
            "For batches 16 times as large the linear rule is no substitute for tuning here: look at how the square "
            "root and the unchanged rate did, and at the error of the rate that was tuned anew."
        ),
        "undecided": "These splits do not say whether the rule holds at 16 times the batch: the differences are small.",
    },
)
BEYOND_PART = Part(
    name="breaks-beyond",
    statement="For very large batches the rule breaks: 64 times the batch with 64 times the rate does worse.",
    supports=f"It costs more than {MARGIN:.0%} of error.",
    refutes=f"It costs {MARGIN:.0%} or less.",
    rule=(
        f"The same trainings with batches of {2**BEYOND}, half of all cases or so: holds when the 95 % interval of the "
        f"error that the scaled rate adds lies above {MARGIN:.0%}; does not hold when it lies at or below; else "
        "undecided."
    ),
    experiment=experiment,
    judge=judge_beyond,
    draw=lambda data: [],
    take_away={
        "holds": (
            "The rule has an end: a rate 64 times as high is beyond what the loss surface bears, and few updates "
            "are left in as many epochs. Tune the rate anew, or train longer."
        ),
        "does not hold": "Even at 64 times the batch, linear scaling cost hardly anything here.",
        "undecided": "At 64 times the batch the rule costs about as much as the margin; these splits do not say more.",
    },
)
