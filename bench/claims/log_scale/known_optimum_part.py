"""What the exact losses of `known_optimum` say, in two parts: where the log scale is right, and where it is wrong."""

from collections.abc import Sequence

import pandas as pd

from bench.claims.claim import Data, Effect, Finding, Part
from bench.claims.log_scale.known_optimum import SCALES, experiment, trials_needed
from bench.plots.page import Drawing, Page, page, theme, title_panel
from bench.plots.style import style_of

FEW = 10  # trials
WIDTHS = {"log": (2.0, 3.0, 5.0), "linear": (1.0, 2.0, 3.0, 5.0)}  # that decide, in decades; by the world's own scale
STRATEGY = {"log": "random", "linear": "random-linear"}
WORLD = {"log": "a world on a log scale", "linear": "a world on a linear scale"}


def exact(name: str, value: float, threshold: float | None = None) -> Effect:
    """A number that was computed, not estimated."""
    return Effect(name, value, value, value, 1, "exact computation", threshold)


def of(data: Data, prior: str, metric: str) -> pd.DataFrame:
    """Losses in one world: rows (width, trials), columns the searched scales."""
    losses = data["losses"]
    rows = losses[(losses["prior"] == prior) & (losses["metric"] == metric)]
    return rows.pivot(index=["width", "trials"], columns="scale", values="loss")


def effects(data: Data, own: str, reported: Sequence[float] = ()) -> list[Effect]:
    """Loss of the other scale minus that of the world's own; beside it, how many trials the other one needs."""
    (other,) = set(SCALES) - {own}
    losses, found = of(data, own, own), list[Effect]()
    after = losses.xs(FEW, level="trials")
    for width in (*reported, *WIDTHS[own]):
        threshold = None if width in reported else 0.0
        gap = float(after[other][width] - after[own][width])
        found.append(exact(f"{other} − {own}, loss after {FEW} trials, {width:g} decades", gap, threshold))
    for width in (*reported, *WIDTHS[own]):
        needed = trials_needed(losses[other].xs(width, level="width"), float(after[own][width]))
        found.append(exact(f"{other} trials that are worth {FEW} {own} ones, {width:g} decades", needed))
    return found


def judge_log(data: Data) -> Finding:
    """Where best value and loss live on a log scale."""
    return Finding(effects(data, "log", reported=(1.0,)))


def judge_linear(data: Data) -> Finding:
    """Where both live on a linear scale; beside it, the best value linear and the loss in decades."""
    mixed = of(data, "linear", "log").xs(FEW, level="trials")
    between = [
        exact(f"log − linear, loss in decades, {width:g} decades", mixed["log"][width] - mixed["linear"][width])
        for width in WIDTHS["linear"]
    ]
    return Finding([*effects(data, "linear"), *between])


def draw_log(data: Data) -> Sequence[Drawing]:
    """Loss against trials, one panel per width."""
    title = "What random search loses on a linear scale, by the width of the range"
    subtitle = (
        "One parameter on [10^−w, 1], its best value log-uniform. Loss: squared distance from the best value in "
        "decades, at most 1. Exact expectations, no sampling"
    )
    losses = of(data, "log", "log")
    widths = (1.0, 2.0, 3.0, 5.0)
    with theme():
        sheet = page(len(widths), title, subtitle, [], [], (3.2, 2.3), (0.85, 0.6))
        for ax, width in zip(sheet.panels, widths, strict=True):
            for scale in SCALES:
                curve = losses[scale].xs(width, level="width")
                ax.plot(curve.index, curve, **style_of(STRATEGY[scale]).line(), label=f"{scale} scale")
            ax.set(xscale="log", yscale="log", xlim=(0.9, 11_000), ylim=(1e-8, 1.5))
            title_panel(ax, f"w = {width:g} {'decade' if width == 1 else 'decades'}")
        label_edges(sheet, "trials", "expected loss of the best trial")
        sheet.panels[0].legend(frameon=False, loc="lower left")
    caption = (
        "How to read: lower is better. The horizontal distance between the lines says how many times more trials the "
        "linear scale needs for the same loss. Over one decade that is less than twice as many; over five, where a "
        "linear scale puts nine of ten trials into the topmost decade, thousands of trials are not worth ten."
    )
    return [Drawing("loss-by-trials", title, caption, sheet.figure)]


def draw_linear(data: Data) -> Sequence[Drawing]:
    """Loss against width after a few trials, one panel per world."""
    title = "Which scale is right depends on where good values may lie"
    subtitle = f"Expected loss of the best of {FEW} random trials against the width of the range. Exact, no sampling"
    with theme():
        sheet = page(2, title, subtitle, [], [], (3.2, 2.6), (0.85, 0.6))
        for ax, own in zip(sheet.panels, SCALES, strict=True):
            after = of(data, own, own).xs(FEW, level="trials")
            for scale in SCALES:
                ax.plot(after.index, after[scale], **style_of(STRATEGY[scale]).line(), label=f"{scale} scale")
            ax.set(yscale="log", xlim=(0, 6.1), xlabel="width of the range in decades")
            title_panel(ax, WORLD[own])
        lowest = min(ax.get_ylim()[0] for ax in sheet.panels)
        for ax in sheet.panels:
            ax.set_ylim(lowest, 1.0)
        sheet.panels[0].set_ylabel(f"expected loss after {FEW} trials")
        sheet.panels[0].legend(frameon=False, loc="lower right")
    caption = (
        "How to read: lower is better. Left, every decade is as likely to hold the best value and the loss counts "
        "decades: the log scale wins from the width where the lines part. Right, the control: the same on a linear "
        "scale, where the best value is nearly always in the topmost decade, and the linear scale wins."
    )
    return [Drawing("loss-by-width", title, caption, sheet.figure)]


def label_edges(sheet: Page, x_label: str, y_label: str) -> None:
    """Labels at the outer edges of two by two panels."""
    for ax in sheet.panels[2:]:
        ax.set_xlabel(x_label)
    for ax in sheet.panels[::2]:
        ax.set_ylabel(y_label)


LOG_PART = Part(
    name="log-uniform-optimum",
    statement=(
        "Where every decade is as likely to hold the best value, ten random trials get closer to it on a log scale "
        "than on a linear scale of the same range, once the range spans two decades or more."
    ),
    supports="The log scale's expected loss after ten trials is the smaller one for 2, 3 and 5 decades.",
    refutes="For one of these widths the linear scale's loss is as small, or smaller.",
    rule=(
        "Expected losses are computed exactly. Holds when linear − log lies above 0 for 2, 3 and 5 decades; does not "
        "hold when it does not for one of them. One decade is reported and does not decide: nobody promises anything "
        "there."
    ),
    experiment=experiment,
    judge=judge_log,
    draw=draw_log,
    take_away={
        "holds": (
            "If you do not know the right order of magnitude, give every decade the same share of your trials. A "
            "linear scale spends nine of ten trials on the topmost decade. Within one decade little is lost."
        ),
        "does not hold": "For some width the linear scale was no worse, even where every decade is equally likely.",
        "undecided": "The losses could not be told apart.",
    },
)

LINEAR_PART = Part(
    name="uniform-optimum",
    statement=(
        "The control: where the best value is uniform on the linear scale and losses grow with linear distance, the "
        "linear scale is the better one. A log scale is knowledge about where to look, not a trick that always pays."
    ),
    supports="The linear scale's expected loss after ten trials is the smaller one for 1, 2, 3 and 5 decades.",
    refutes="For one of these widths the log scale wins or ties although everything is placed against it.",
    rule=(
        "Expected losses are computed exactly. Holds when log − linear lies above 0 for 1, 2, 3 and 5 decades; does "
        "not hold when it does not for one of them. A first form of this control placed the best value on the linear "
        "scale and left the loss in decades. Over one decade the log scale then won by 0.0008, since values that are "
        "hard to hit lie low: half a control. It is reported and does not decide."
    ),
    version=2,  # 1 had the loss in decades
    experiment=experiment,
    judge=judge_linear,
    draw=draw_linear,
    take_away={
        "holds": (
            "A scale says where you expect good values. Log is right for what multiplies and whose order of magnitude "
            "is open: learning rates, penalties, C and gamma. For a share or a probability it would be wrong."
        ),
        "does not hold": "Even where everything lives on the linear scale, a log scale did not lose.",
        "undecided": "The losses could not be told apart.",
    },
)
