"""The same on real trainings, run as an experiment. The gain is small and trainings are dear: expect few verdicts.

The quick form trains 1,500 models (about 40 s on two cores), the full form 20,000 (about ten minutes).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import PercentFormatter

from bench.analysis.pooled import INSTANCE, chance_ahead, pools
from bench.analysis.regret import regret_curves
from bench.claims.claim import Data, Finding, Part, Setting
from bench.claims.intervals import mean_effect
from bench.claims.runs import run
from bench.claims.shares import EVEN, share_effect, wilson
from bench.plots.page import Drawing, page, theme
from bench.plots.style import style_of

SIZES = (8, 16, 32)  # T
EXPERIMENT: dict[str, Any] = {
    "problems": "knn-digits,elastic-net-diabetes,mlp-digits",
    "strategies": "random,sobol",
    "trials": str(SIZES[-1]),
}
FORMS: dict[str, dict[str, Any]] = {"quick": {"dims": "2", "seeds": 8}, "full": {"dims": "2,5", "seeds": 50}}


def experiment(setting: Setting) -> Data:
    """One row per training, dimension, seed and T: Sobol's error against the pool of random's draws on that data."""
    found = run(setting, "sobol-trainings", **EXPERIMENT, **FORMS[setting.profile])
    curves = regret_curves(found.runs, found.trials)
    told = curves[curves["trial"].isin(SIZES)].rename(columns={"incumbent_value": "error", "incumbent_test": "test"})
    cell = [*INSTANCE, "trial"]
    sobol, random = (told.loc[told["strategy"] == name, [*cell, "error", "test"]] for name in ("sobol", "random"))
    pairs = sobol.merge(random, on=cell, suffixes=("_sobol", "_random"), validate="one_to_one")
    drawn = pools(found.trials)  # of values above the optimum, which is 0: errors
    ahead = [
        chance_ahead(row["error_sobol"], drawn[tuple(row[name] for name in INSTANCE)], row["trial"])
        for row in pairs.to_dict("records")
    ]
    pairs = pairs.assign(ahead=ahead)
    return {"errors": pairs}


def judge(data: Data) -> Finding:
    """P(Sobol' ahead) decides, on the error that the search sees; what the incumbent's test error says is reported."""
    errors = data["errors"]
    run = [errors[name] for name in INSTANCE]
    won = (errors["test_sobol"] < errors["test_random"]) + 0.5 * (errors["test_sobol"] == errors["test_random"])
    decades = np.log10(errors["error_random"]) - np.log10(errors["error_sobol"])
    return Finding(
        [
            share_effect(
                "P(Sobol' ahead of random), validation error", errors["ahead"].groupby(run).mean(), "runs", EVEN
            ),
            share_effect("P(Sobol' ahead of random), test error", won.groupby(run).mean(), "runs"),
            mean_effect("log10 of random's validation error over Sobol's", decades.groupby(run).mean(), "runs"),
        ]
    )


def draw(data: Data) -> Sequence[Drawing]:
    """P(ahead) per training and T, with its interval."""
    errors = data["errors"]
    cells = errors[["problem", "dim"]].drop_duplicates().to_dict("records")
    title = "Is Sobol' ahead of random search on trainings?"
    subtitle = (
        "Chance that T Sobol' points found a lower validation error than T random points on the same data; "
        f"95 % intervals over n = {errors['seed'].nunique()} seeds each"
    )
    markers = dict(zip(SIZES, ("o", "s", "D"), strict=True))
    with theme():
        sheet = page(1, title, subtitle, [], [], (5.0, 0.6 + 0.5 * len(cells)), (1.9, 0.5))
        (ax,) = sheet.panels
        for place, cell in enumerate(cells):
            for offset, size in zip((-0.22, 0.0, 0.22), SIZES, strict=True):
                chosen = (
                    (errors["problem"] == cell["problem"]) & (errors["dim"] == cell["dim"]) & (errors["trial"] == size)
                )
                ahead = errors.loc[chosen, "ahead"]
                low, high = wilson(float(ahead.mean()), len(ahead))
                y, colour = place + offset, style_of("sobol").colour
                ax.plot([low, high], [y, y], color=colour, linewidth=1.4)
                ax.plot(
                    ahead.mean(), y, markers[size], color=colour, markeredgecolor="black", markersize=5,
                    label=f"T = {size}" if place == 0 else None,
                )  # fmt: skip
        ax.axvline(EVEN, color="black", linewidth=0.8, zorder=1)
        ax.xaxis.set_major_formatter(PercentFormatter(1.0))
        ax.set(xlim=(0, 1), ylim=(len(cells) - 0.5, -0.5), xlabel="Sobol' is ahead")
        ax.set_yticks(range(len(cells)), [f"{cell['problem']}, d = {cell['dim']}" for cell in cells])
        ax.legend(frameon=False, fontsize=8.5, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        width, height = sheet.figure.get_size_inches()
        sheet.figure.set_size_inches(width + 0.6, height)
        x, y0, w, tall = ax.get_position().bounds
        ax.set_position((x * width / (width + 0.6), y0, w * width / (width + 0.6), tall))
    caption = (
        "How to read: right of the black line Sobol' wins more than half of the time. An interval across the line "
        "means that these seeds cannot tell; on test functions, where runs are free, the gain is seen and is small."
    )
    return [Drawing("sobol-trainings", title, caption, sheet.figure)]


PART = Part(
    name="trainings",
    statement="On real trainings, the best of T Sobol' points is lower than the best of T random points more often.",
    supports="Over three trainings, Sobol' finds the lower validation error in more than half of the cases.",
    refutes="Random search finds the lower validation error in half of the cases or more.",
    rule=(
        "Nearest neighbours, an elastic net and a neural network; P(ahead) of each Sobol' run against random's draws "
        f"on the same data, mean over T = {', '.join(map(str, SIZES))}. Holds when the 95 % interval over runs lies "
        "above ½, does not hold when it lies at or below ½; else undecided."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": "Real trainings gain from Sobol' points too, a little, and at no price.",
        "does not hold": "On these trainings, Sobol' points gained nothing over random ones.",
        "undecided": (
            "On a real training you will not notice whether the points were Sobol's or random: the gain is smaller "
            "than what the luck of a few dozen runs can hide. Take Sobol' since it is free, and expect nothing."
        ),
    },
)
