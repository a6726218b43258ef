"""The same question on functions where we set how much the first parameter matters, and how good the defaults are.

f(x) = Σ_j w_j (x_j − c_j)² on [0, 1]^10, c uniform; w is such that the first term has the share `s` of the variance of
f and the nine others share the rest equally. A default lies between the best and a random value, δ_j = c_j + q (r_j −
c_j), r uniform: q = 0 is a perfect default, q = 1 a random one. Regret is in standard deviations of f over the cube.

| symbol | shape | meaning |
|---|---|---|
| `c`, `w` | (n, d) | places of the minima, weights |
| `x` | (n, T, d) | random search's trials |
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.intervals import half_width, mean_effect
from bench.plots.lines import plain_number
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import BLUE, GREEN, GREY, ORANGE, VERMILION
from problems.space import Floats

DIM, TRIALS = 10, 64
FUNCTIONS = {"quick": 1000, "full": 20_000}
SHARES = (0.25, 0.5, 0.8, 0.95)
QUALITIES = {0.0: GREEN, 0.25: BLUE, 0.5: ORANGE, 1.0: VERMILION}
DECIDING = (0.8, 0.5)  # the first parameter explains four fifths; defaults are half as far off as random values
FEW = slice(1, 9)  # 2 to 9 trials
SHOWN = (1, 2, 4, 8, 16, 32, 64)


def variance_of_square(c: Floats) -> Floats:
    """Var (x − c)² of a uniform x in [0, 1]; same shape."""
    second = ((1 - c) ** 3 + c**3) / 3
    variance: Floats = ((1 - c) ** 5 + c**5) / 5 - second**2
    return variance


def weights(c: Floats, share: float) -> Floats:
    """w (n, d): the first term has `share` of a variance of 1, the others the rest in equal parts."""
    parts = np.full(c.shape[1], (1 - share) / (c.shape[1] - 1))
    parts[0] = share
    found: Floats = np.sqrt(parts / variance_of_square(c))
    return found


def experiment(setting: Setting) -> Data:
    """Random search over all ten and over the first alone, on the same functions."""
    rng, n = setting.rng, FUNCTIONS[setting.profile]
    few, curves = [], []
    for share in SHARES:
        c = rng.random((n, DIM))
        w = weights(c, share)
        every = np.minimum.accumulate(
            np.einsum("ntj,nj->nt", (rng.random((n, TRIALS, DIM)) - c[:, None]) ** 2, w), axis=1
        )  # (n, T) regret: the minimum is 0
        first = np.minimum.accumulate(w[:, :1] * (rng.random((n, TRIALS)) - c[:, :1]) ** 2, axis=1)  # (n, T)
        away = rng.random((n, DIM)) - c
        for quality in QUALITIES:
            rest = (w * (quality * away) ** 2)[:, 1:].sum(axis=1, keepdims=True)  # (n, 1)
            gain = every - (first + rest)  # (n, T) paired: the same function
            where = {"share": share, "quality": quality}
            few.append(pd.DataFrame({**where, "function": np.arange(n), "gain": gain[:, FEW].mean(axis=1)}))
            for trial in SHOWN:
                column = gain[:, trial - 1]
                row = {**where, "trials": trial, "gain": column.mean(), "half": half_width(column), "n": n}
                curves.append(row)
    return {"few": pd.concat(few, ignore_index=True), "curves": pd.DataFrame(curves)}


def judge(data: Data) -> Finding:
    """Regret over 2 to 9 trials, all ten minus the first alone; one cell decides, the others say what it depends on."""
    effects: list[Effect] = []
    for share, quality in product(SHARES, QUALITIES):
        rows = of(data["few"], share, quality)
        decides = (share, quality) == DECIDING
        name = f"all ten − the first alone; it has {share:.0%} of the variance, defaults {says(quality)}"
        said = name if decides else f"{name} (reported only)"
        effects.append(mean_effect(said, rows["gain"], "functions", 0.0 if decides else None))
    return Finding(sorted(effects, key=lambda effect: effect.threshold is None))


def of(rows: pd.DataFrame, share: float, quality: float) -> pd.DataFrame:
    """The rows of one kind of function."""
    return rows[(rows["share"] == share) & (rows["quality"] == quality)]


def says(quality: float) -> str:
    """What a quality of defaults means, in words."""
    words = {0.0: "perfect", 1.0: "random"}
    return words.get(quality, f"{quality:g} times as far off as random ones")


def draw(data: Data) -> Sequence[Drawing]:
    """The gain against trials, one panel per share of variance, one line per quality of the defaults."""
    curves = data["curves"]
    title = "When does it pay to tune the one parameter that matters, alone?"
    subtitle = (
        f"Ten parameters, random search, n = {curves['n'].iloc[0]} functions; bands: 95 % intervals over functions"
    )
    limits = 1.1 * curves["gain"].min(), 1.1 * curves["gain"].max()
    with theme():
        sheet = page(len(SHARES), title, subtitle, [], [], (3.2, 2.7), (0.9, 0.45))
        for ax, share in zip(sheet.panels, SHARES, strict=True):
            ax.axvspan(2, 9, color="#F3F0E4", linewidth=0, zorder=0)
            ax.axhline(0, color=GREY, linewidth=0.9)
            for quality, colour in QUALITIES.items():
                rows = of(curves, share, quality)
                low, high = rows["gain"] - rows["half"], rows["gain"] + rows["half"]
                ax.plot(rows["trials"], rows["gain"], ".-", color=colour, linewidth=1.5, label=says(quality))
                ax.fill_between(rows["trials"], low, high, color=colour, alpha=0.2, linewidth=0)
            ax.set_xscale("log", base=2)
            ax.set(xlim=(1, TRIALS), xticks=SHOWN, ylim=limits)
            ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
            title_panel(ax, f"the first has {share:.0%} of the variance")
        for ax in sheet.panels[::2]:
            ax.set_ylabel("regret saved (std. dev. of f)")
        for ax in sheet.panels[2:]:
            ax.set_xlabel("trials")
        sheet.panels[-1].legend(frameon=False, fontsize=8, loc="upper right", title="defaults of the others")
    caption = (
        "How to read: above the grey line, tuning the first parameter alone (the others at their defaults) is better "
        "than tuning all ten with the same number of trials; the shaded trials are those that the advice is about. "
        "How long it pays is a matter of the defaults at least as much as of the parameter."
    )
    return [Drawing("known-functions", title, caption, sheet.figure)]


PART = Part(
    name="known-functions",
    statement="Where one of ten parameters has four fifths of the variance, tuning it alone pays at first.",
    supports=(
        "Over 2 to 9 random trials its regret is lower, with the others at defaults that are half as far from the best "
        "as random values are."
    ),
    refutes="Tuning all ten gives the same regret, or less.",
    rule=(
        "Sums of ten squares with a drawn minimum, regret in standard deviations of the function, mean over 2 to 9 "
        "trials of random search: all ten minus the first alone, on the same functions. Holds when the 95 % interval "
        "of the mean over functions lies above 0, does not hold when it lies at or below 0; else undecided."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "To tune the important parameter alone is right at first if the others stand at defaults that are better "
            "than chance. With more trials, or worse defaults, what they cost is more than what the search saves."
        ),
        "does not hold": (
            "Even a parameter with four fifths of the variance does not make up for defaults that are half as bad as "
            "random ones: what the others cost is more than what a few trials save."
        ),
        "undecided": "At this quality of the defaults, both ways are about as good.",
    },
)
