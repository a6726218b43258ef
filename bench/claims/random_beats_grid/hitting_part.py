"""Section 4 as a part of the claim: what the probabilities of `hit_probability` say, and their figure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

from bench.claims.claim import Data, Effect, Finding, Part
from bench.claims.intervals import half_width, mean_effect
from bench.claims.random_beats_grid.hit_probability import TARGETS, experiment, random_probability
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import ORANGE, StrategyStyle, shown, style_of

DESIGNS = ("sobol", "halton", "lhs", "random", "grid")
LABELS = {"grid": "grid, balanced levels", "random": "random"}
STYLES = {"halton": StrategyStyle(ORANGE, "-", "d")}  # no strategy of that name: its colour is this figure's own
SMALLEST = 8  # with fewer trials nothing is hit, and nothing can differ
COMPARED = 128  # the power of two within T = 100..300, where the paper sees Sobol' ahead


def judge(data: Data) -> Finding:
    """Random minus the mean grid for each kind of target; our own grid, Sobol' and hypercubes are reported beside."""
    effects: list[Effect] = []
    exact = data["grids"].assign(
        advantage=lambda rows: random_probability(rows["trials"].to_numpy(dtype=float)) - rows["probability"]
    )
    for kind, dim in TARGETS:
        rows = of(exact, kind, dim)
        rows = rows[rows["trials"] >= SMALLEST]
        where = f"{kind}, {dim}-D"
        by_size = rows[rows["monotone"]].groupby(["batch", "trials"])["advantage"].mean()
        effects.append(
            mean_effect(f"random − mean of all grids, P(hit), {where}", by_size.groupby("batch").mean(), "batches", 0.0)
        )
        own = rows[rows["chosen"]].groupby("batch")["advantage"].mean()
        effects.append(mean_effect(f"random − balanced grid, P(hit), {where} (reported only)", own, "batches"))
    simulated = data["curves"].set_index(["strategy", "batch", "target", "dim", "trials"])["probability"]
    for name in ("sobol", "lhs"):
        ahead = (simulated[name] - simulated["random"]).xs(COMPARED, level="trials").groupby("batch").mean()
        effects.append(
            mean_effect(f"{name} − random at T = {COMPARED}, P(hit), all targets (reported only)", ahead, "batches")
        )
    known = float(random_probability(np.array([float(COMPARED)]))[0])
    error = simulated["random"].xs(COMPARED, level="trials").groupby("batch").mean() - known
    effects.append(mean_effect(f"check: simulated − exact random at T = {COMPARED}, P(hit)", error, "batches"))
    return Finding(effects)


def of(rows: pd.DataFrame, kind: str, dim: int) -> pd.DataFrame:
    """The rows about one kind of target."""
    return rows[(rows["target"] == kind) & (rows["dim"] == dim)]


def draw(data: Data) -> Sequence[Drawing]:
    """One panel per kind of target."""
    batches = data["curves"]["batch"].nunique()
    title = "How probable is it that T trials hit a target of 1 % of the volume?"
    subtitle = (
        f"Targets at uniform places on the torus; bands are 95 % intervals over n = {batches} batches of point sets"
    )
    with theme():
        sheet = page(len(TARGETS), title, subtitle, [], [], (3.5, 2.6), (0.8, 0.6))
        for ax, (kind, dim) in zip(sheet.panels, TARGETS, strict=True):
            grids = of(data["grids"], kind, dim)
            dots = grids[grids["monotone"]].groupby(["trials", "levels"])["probability"].mean().reset_index()
            ax.plot(
                dots["trials"], dots["probability"], ".", color="#999999", markersize=4, zorder=2,
                label="grid, any resolution (exact)",
            )  # fmt: skip
            curves = of(data["curves"], kind, dim)
            for name in DESIGNS:
                wide = curves[curves["strategy"] == name].pivot(index="batch", columns="trials", values="probability")
                half = np.array([half_width(wide[size]) for size in wide])
                style, mean = STYLES.get(name, style_of(name)), wide.mean()
                line = {**style.line(), "markersize": 4}
                ax.plot(wide.columns, mean, **line, markevery=4, zorder=3, label=LABELS.get(name, shown(name)))
                ax.fill_between(wide.columns, mean - half, mean + half, color=style.colour, alpha=0.15, linewidth=0)
            trials = np.arange(1.0, 513.0)
            ax.plot(trials, random_probability(trials), color="black", linewidth=0.7, zorder=5, label="random, exact")
            ax.set_xscale("log", base=2)
            ax.set(xlim=(1, 512), ylim=(-0.02, 1.03), xticks=[1, 4, 16, 64, 256])
            ax.set_xticklabels(["1", "4", "16", "64", "256"])
            ax.yaxis.set_major_formatter(PercentFormatter(1.0))
            title_panel(ax, f"{'cube' if kind == 'cube' else 'hyper-rectangle'} in {dim} dimensions")
        for ax in sheet.panels[2:]:
            ax.set_xlabel("trials T")
        for ax in sheet.panels[::2]:
            ax.set_ylabel("probability of a hit")
        sheet.panels[0].legend(frameon=False, fontsize=7.5, loc="upper left")
    caption = (
        "How to read: higher is better. A grey dot is a grid with exactly T points, one for every way to split T into "
        "ascending levels, from all points along one parameter to equal levels; the dashed line is the grid that the "
        "strategy `grid` makes of a budget T. The thin black line is 1 − 0.99^T, on which random search must lie."
    )
    return [Drawing("hit-probability", title, caption, sheet.figure)]


PART = Part(
    name="hit-probability",
    statement=(
        "T random trials hit a target of 1 % of the volume more often than the grids of T points do on average, over "
        "all ways to split T into levels (Section 4)."
    ),
    supports="Random search hits more often than the mean grid, for cubes and hyper-rectangles, in 3 and 5 dimensions.",
    refutes="For one of the four kinds of target, the mean grid hits as often as random search, or more often.",
    rule=(
        f"Both probabilities are exact given a target's sides; averaged over T from {SMALLEST} to 512 and all monotone "
        "resolutions. Holds when the 95 % interval of random − grid lies above 0 for all four kinds of target; does "
        "not hold when one lies at or below 0; else undecided. The balanced grid is reported and does not decide. "
        "The rule was written after a look at other draws of the same designs; these draws are fresh."
    ),
    version=2,  # 1 were the draws that the rule was written after
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "A grid whose resolution was not chosen for the target misses what random trials find, most of all when "
            "the target is long in some directions and thin in others. Look at the balanced grid too: for a cube, "
            "whose sides are equal, equal levels are just right, and from some T on that grid hits more often "
            "than random search does. One rarely knows that the target is a cube."
        ),
        "does not hold": "For at least one kind of target, grids are on average no worse than random search.",
        "undecided": "The targets drawn differ too much to tell grids and random search apart.",
    },
)
