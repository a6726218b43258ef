"""One colour, dash and marker per strategy: the same in every figure, whichever strategies it shows.

Colours are those of Okabe & Ito (2008), which the common forms of colour blindness tell apart, and two of Tol's muted
scheme. One colour is one family of algorithms; within it, dash and marker differ, so that black and white works too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, TypeAlias
from zlib import crc32

from bench.analysis.competitors import parts_of
from bench.visible import visible
from problems.registry import RECORDED
from strategies.names import parts_of_name
from strategies.pruners.registry import NO_PRUNER

Dash: TypeAlias = str | tuple[float, tuple[float, ...]]

BLACK, GREY, ORANGE, SKY, GREEN = "#000000", "#636363", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE, WINE, OLIVE = "#0072B2", "#D55E00", "#CC79A7", "#882255", "#999933"

STAR = 7.5  # points; of the same size as the others, a star is too thin to see

SOLID: Dash = "-"
DASHED: Dash = (0, (4, 1.6))
DOTTED: Dash = (0, (1, 1.2))
DASH_DOTTED: Dash = (0, (5, 1.3, 1, 1.3))


@dataclass(frozen=True, slots=True)
class StrategyStyle:
    """How a strategy is drawn; `width` in points."""

    colour: str
    dash: Dash
    marker: str
    width: float = 1.6
    hollow: bool = False  # the marker

    def line(self) -> dict[str, Any]:
        """As arguments of `Axes.plot`."""
        return {
            "color": self.colour,
            "linestyle": self.dash,
            "linewidth": self.width,
            "marker": self.marker,
            "markersize": STAR if self.marker == "*" else 4.5,
            "markerfacecolor": "white" if self.hollow else self.colour,
            "markeredgecolor": self.colour if self.hollow else "white",
            "markeredgewidth": 1.0 if self.hollow else 0.5,
        }


STYLES: Mapping[str, StrategyStyle] = {
    "grid": StrategyStyle(BLACK, DASHED, "s", 2.4),  # the line that every other is compared with
    "optuna-grid": StrategyStyle(BLACK, DOTTED, "D", 2.0),
    "random": StrategyStyle(GREY, SOLID, "o"),
    "random-linear": StrategyStyle(GREY, DASH_DOTTED, "s"),
    "hyperopt-random": StrategyStyle(GREY, DASHED, "^"),
    "optuna-random": StrategyStyle(GREY, DOTTED, "v"),
    "sobol": StrategyStyle(SKY, SOLID, "P"),
    "sobol-repeated": StrategyStyle(SKY, DASH_DOTTED, "h"),
    "lhs": StrategyStyle(SKY, DASHED, "X"),
    "optuna-qmc": StrategyStyle(SKY, DOTTED, "p"),
    "gp": StrategyStyle(VERMILION, SOLID, "*"),
    "gp-logei": StrategyStyle(VERMILION, DASH_DOTTED, "h"),
    "gp-ei": StrategyStyle(VERMILION, DASHED, "<"),
    "gp-ucb": StrategyStyle(VERMILION, DOTTED, ">"),
    "gp-pi": StrategyStyle(VERMILION, DASH_DOTTED, "H"),
    "gp-linear": StrategyStyle(VERMILION, DASHED, "s"),
    "skopt-gp": StrategyStyle(ORANGE, SOLID, "^"),
    "skopt-forest": StrategyStyle(ORANGE, DASHED, "v"),
    "hyperopt-tpe": StrategyStyle(GREEN, SOLID, "D"),
    "hyperopt-anneal": StrategyStyle(GREEN, DASHED, "d"),
    "optuna-tpe": StrategyStyle(BLUE, SOLID, "v"),
    "optuna-tpe-independent": StrategyStyle(BLUE, DASHED, "^"),
    "optuna-gp": StrategyStyle(PURPLE, SOLID, "X"),
    "optuna-cmaes": StrategyStyle(WINE, SOLID, "p"),
    "cmaes": StrategyStyle(WINE, DASHED, "p"),
    "scipy-de": StrategyStyle(WINE, DOTTED, "d"),
    "smac": StrategyStyle(ORANGE, DOTTED, "H"),
    "botorch": StrategyStyle(OLIVE, SOLID, "P"),
    "ax": StrategyStyle(OLIVE, DASHED, "h"),
    "ray-optuna": StrategyStyle(BLUE, DASH_DOTTED, "<"),
    "ray-hyperopt": StrategyStyle(GREEN, DASH_DOTTED, "<"),
    "ray-bayesopt": StrategyStyle(OLIVE, DOTTED, "<"),
    "ray-nevergrad": StrategyStyle(WINE, DASHED, "<"),
    "ray-random": StrategyStyle(GREY, DASH_DOTTED, "<"),
    "ray-ax": StrategyStyle(OLIVE, DASH_DOTTED, "H"),
    "wandb-bayes": StrategyStyle(PURPLE, DASHED, ">"),
    "wandb-random": StrategyStyle(GREY, DASH_DOTTED, ">"),
    "wandb-grid": StrategyStyle(BLACK, DOTTED, ">"),
    "nevergrad": StrategyStyle(WINE, DASH_DOTTED, "^"),
}

# With a pruner, a strategy keeps its colour and marker; these dashes are no strategy's.
PRUNER_DASHES: Mapping[str, Dash] = {
    "asha": (0, (4.5, 1.2)),
    "hyperband": (0, (1.7, 1.0)),
    "median": (0, (4.5, 1.1, 1, 1.1, 1, 1.1)),
    "patience": (0, (2.6, 1.0, 0.9, 1.0, 0.9, 1.0)),
    "optuna-asha": (0, (6.5, 2.2)),
    "optuna-hyperband": (0, (1.7, 2.2)),
    "optuna-median": (0, (6.5, 1.5, 1.5, 1.5)),
    "optuna-patient": (0, (2.6, 2.2)),
    "optuna-wilcoxon": (0, (4.5, 2.2, 1, 2.2)),
    "ray-asha": (0, (6.5, 1.2)),
}
GIVEN_DASH: Dash = (0, (3, 0.8, 1, 0.8, 1, 0.8))  # of a strategy whose first trials were given
# Of a strategy with simulated workers: the more, the finer.
WORKERS_DASHES: tuple[Dash, ...] = ((0, (7, 0.8)), (0, (3.2, 0.8)), (0, (1.6, 0.8)), (0, (0.8, 0.8)))
OTHER_PRUNER_DASHES: tuple[Dash, ...] = ((0, (6, 2.5)), (0, (6, 1.2, 2.5, 1.2)), (0, (1, 2.2)), (0, (3.5, 1, 1.5, 1)))

LONGEST_LABEL = 60  # characters of what a problem calls its values

OTHER_COLOURS = ("#332288", "#AA4499", "#117733")
OTHER_DASHES = (DASH_DOTTED, SOLID, DASHED, DOTTED)
OTHER_MARKERS = ("h", "8", "d", "<", ">")


def pruner_dash(pruner: str) -> Dash:
    """The dash of a pruner's lines."""
    if pruner in PRUNER_DASHES:
        return PRUNER_DASHES[pruner]
    return OTHER_PRUNER_DASHES[crc32(pruner.encode()) % len(OTHER_PRUNER_DASHES)]


def workers_dash(workers: int) -> Dash:
    """The dash of a strategy with so many simulated workers: a finer one for eight times as many."""
    return WORKERS_DASHES[min((workers.bit_length() - 1) // 3, len(WORKERS_DASHES) - 1)]


def style_of(strategy: str) -> StrategyStyle:
    """The style of `strategy`; a name outside the table gets one that follows from the name alone.

    A strategy with a pruner, given trials, or workers has the strategy's colour and marker, hollow, and another dash.
    """
    alone, pruner = parts_of(strategy)
    if pruner != NO_PRUNER:
        return replace(style_of(alone), dash=pruner_dash(pruner), hollow=True)
    searcher, given, workers = parts_of_name(strategy)
    if given or workers > 1:
        dash = workers_dash(workers) if workers > 1 else GIVEN_DASH
        return replace(style_of(searcher), dash=dash, hollow=True)
    if strategy in STYLES:
        return STYLES[strategy]
    number = crc32(strategy.encode())
    colour = OTHER_COLOURS[number % len(OTHER_COLOURS)]
    dash = OTHER_DASHES[number // 7 % len(OTHER_DASHES)]
    return StrategyStyle(colour, dash, OTHER_MARKERS[number // 49 % len(OTHER_MARKERS)])


def shown(name: str, longest: int = 28) -> str:
    """`name` as text of a figure: short, printable, no mathematics, not hidden from the legend by an underscore.

    A recording is shown by its file's name alone.
    """
    name = visible(name).replace("\n", r"\n")
    if name.startswith(RECORDED):
        name = f"{RECORDED}{PurePath(name.removeprefix(RECORDED)).stem}"
    tail = 2 * longest // 3  # of a path or a command, the end tells more than the beginning
    short = name if len(name) <= longest else f"{name[: longest - tail - 1]}…{name[-tail:]}"
    return f" {short}".replace("$", r"\$") if short.startswith("_") else short.replace("$", r"\$")
