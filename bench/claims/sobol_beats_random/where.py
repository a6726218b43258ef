"""Where does Sobol' pay? Few dimensions, powers of two, smooth functions: each is said, and each gets a verdict."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from bench.claims.claim import Data, Finding, Part
from bench.claims.intervals import half_width, mean_effect
from bench.claims.sobol_beats_random.designs import DIMS, RUGGED, SIZES, SMOOTH, experiment, with_advantage
from bench.claims.sobol_beats_random.functions import lines
from bench.plots.page import Drawing, page, theme
from problems.space import Floats

POWERS = (16, 32, 64, 128)  # those with a size at both sides
UP = math.log2(1.5)  # T = 1.5·2^k lies so many octaves above 2^k, and T = 0.75·2^k lies 1 − UP below


def few_dimensions(advantage: pd.DataFrame) -> pd.Series:
    """Per seed: the advantage in the fewest minus that in the most dimensions."""
    seeds = advantage.groupby(["seed", "dim"])["decades"].mean().unstack("dim")
    return seeds[DIMS[0]] - seeds[DIMS[-1]]


def powers_of_two(advantage: pd.DataFrame) -> pd.Series:
    """Per dimension and seed: the advantage at T = 2^k minus what the sizes at both sides would have at 2^k."""
    wide = advantage.groupby(["dim", "seed", "trials"])["decades"].mean().unstack("trials")
    peaks = [wide[t] - UP * wide[t * 3 // 4] - (1 - UP) * wide[t * 3 // 2] for t in POWERS]
    return pd.concat(peaks, axis=1).mean(axis=1)


def smoothness(advantage: pd.DataFrame) -> pd.Series:
    """Per dimension and seed: the advantage on smooth minus that on rugged functions."""
    kind = np.where(advantage["function"].isin(SMOOTH), "smooth", "rugged")
    seeds = advantage.groupby(["dim", "seed", kind])["decades"].mean().unstack()
    return seeds["smooth"] - seeds["rugged"]


def judge(contrast: Callable[[pd.DataFrame], pd.Series], what: str, data: Data) -> Finding:
    """The mean of `contrast` over seeds, in decades of regret."""
    return Finding([mean_effect(f"{what}, decades of regret", contrast(with_advantage(data["regrets"])), "seeds", 0.0)])


def draw_sizes(data: Data) -> Sequence[Drawing]:
    """How much lower Sobol's regret is, against T and by dimension."""
    advantage = with_advantage(data["regrets"])
    seeds = advantage["seed"].nunique()
    title = "How much lower is Sobol's regret than random's?"
    subtitle = (
        f"Mean of log10(random's regret / Sobol's) over eight functions; bands: 95 % over n = {seeds} pairs of point "
        "sets in each dimension"
    )
    with theme():
        sheet = page(1, title, subtitle, [], [], (5.4, 3.0), (0.85, 0.5))
        (ax,) = sheet.panels
        ax.axhline(0, color="black", linewidth=0.8, zorder=1)
        lines(ax, advantage, "decades")
        ax.set_ylabel("decades of regret")
        ax.legend(frameon=False, ncol=4, fontsize=8.5, loc="upper center", bbox_to_anchor=(0.5, 1.1))
    caption = (
        "How to read: 0 means equal, 0.1 that random's regret is 26 % larger, 0.3 that it is twice as large. Vertical "
        "lines mark powers of two, where a Sobol' sequence is most even; the dots between them are 1.5 times as many "
        "trials. If only powers of two paid, the lines would be saws."
    )
    return [Drawing("sobol-sizes", title, caption, sheet.figure)]


def draw_functions(data: Data) -> Sequence[Drawing]:
    """Function by dimension: the mean advantage as a map."""
    advantage = with_advantage(data["regrets"])
    names = [*SMOOTH, *RUGGED]
    # the sizes of one seed hang together: the unit is the seed
    seeds = advantage.groupby(["function", "dim", "seed"])["decades"].mean().unstack("seed")
    mean, half = seeds.mean(axis=1).unstack("dim").loc[names], seeds.apply(half_width, axis=1).unstack("dim").loc[names]
    title = "Where Sobol' pays"
    subtitle = (
        f"Mean of log10(random's regret / Sobol's) over T = {SIZES[0]} to {SIZES[-1]}; ± half a 95 % interval over "
        f"n = {advantage['seed'].nunique()} pairs of point sets"
    )
    values: Floats = mean.to_numpy(dtype=float)
    halves: Floats = half.to_numpy(dtype=float)
    reach = float(np.abs(values).max())
    with theme():
        sheet = page(1, title, subtitle, [], [], (4.6, 3.6), (1.35, 0.5))
        (ax,) = sheet.panels
        ax.imshow(values, cmap="PuOr", vmin=-reach, vmax=reach, aspect="auto")
        for (row, column), value in np.ndenumerate(values):
            seen = abs(value) > halves[row, column]
            ax.text(
                column, row, f"{value:+.2f} ± {halves[row, column]:.2f}", ha="center", va="center", fontsize=8.5,
                color="white" if abs(value) > 0.6 * reach else "black", fontweight="bold" if seen else "normal",
            )  # fmt: skip
        ax.axhline(len(SMOOTH) - 0.5, color="black", linewidth=1.2)
        ax.grid(visible=False)
        ax.set_xticks(range(len(mean.columns)), [f"d = {dim}" for dim in mean.columns])
        ax.set_yticks(range(len(names)), names)
    caption = (
        "How to read: positive (violet) is where Sobol' found lower values, negative (orange) where random points did; "
        "bold where zero lies outside the interval. Functions above the line are smooth, those below rugged."
    )
    return [Drawing("sobol-functions", title, caption, sheet.figure)]


RULE = "Holds when the 95 % interval over seeds lies above 0, does not hold when it lies at or below 0; else undecided."
UNDECIDED = "The difference is too small to be seen with this many pairs of point sets."

FEW_DIMENSIONS = Part(
    name="few-dimensions",
    statement="Sobol' gains more in two dimensions than in ten.",
    supports="The advantage in decades of regret is larger in 2 dimensions than in 10.",
    refutes="It is as large in 10 dimensions, or larger.",
    rule=f"Mean over functions and T of log10(random's regret / Sobol's), 2-D minus 10-D. {RULE}",
    experiment=experiment,
    judge=partial(judge, few_dimensions, "advantage in 2-D − in 10-D"),
    draw=draw_functions,
    take_away={
        "holds": "Sobol' points pay most where there are few parameters; with ten, little is left of the gain.",
        "does not hold": "The gain did not shrink with the dimension.",
        "undecided": UNDECIDED,
    },
)

POWERS_OF_TWO = Part(
    name="powers-of-two",
    statement="Sobol' gains more when the number of trials is a power of two.",
    supports="The advantage at T = 2^k is larger than at the sizes around it.",
    refutes="It is as large at the sizes around it, or larger.",
    rule=(
        f"Advantage at T = {', '.join(map(str, POWERS))} minus the value that a line in log T through its neighbours "
        f"0.75·T and 1.5·T has there; mean over functions, dimensions and T. {RULE}"
    ),
    experiment=experiment,
    judge=partial(judge, powers_of_two, "advantage at T = 2^k − between"),
    draw=draw_sizes,
    take_away={
        "holds": (
            "A Sobol' sequence is most even when it is complete, at powers of two: if 50 or 64 trials are the same to "
            "you, take 64. Any other number keeps most of the gain."
        ),
        "does not hold": "For the best value found, powers of two are nothing special: take any number of trials.",
        "undecided": (
            "Powers of two matter for integrals; for the best value found, no difference could be seen: take any "
            "number of trials."
        ),
    },
)

SMOOTH_FUNCTIONS = Part(
    name="smooth-functions",
    statement="Sobol' gains more on smooth functions than on rugged ones.",
    supports="The advantage in decades of regret is larger on smooth functions.",
    refutes="It is as large on rugged functions, or larger.",
    rule=(
        f"Mean of log10(random's regret / Sobol's) over {', '.join(SMOOTH)} minus that over {', '.join(RUGGED)}; over "
        f"all dimensions and T. {RULE}"
    ),
    experiment=experiment,
    judge=partial(judge, smoothness, "advantage on smooth − on rugged functions"),
    draw=lambda data: (),  # the map of functions stands in the first of these parts
    take_away={
        "holds": (
            "Evenness helps where near points have near values. On a function with many valleys, whether a point lands "
            "in a good one is luck, however evenly the points lie."
        ),
        "does not hold": "Rugged functions gained as much from even points as smooth ones.",
        "undecided": UNDECIDED,
    },
)
