"""The look of strategies beside their names, in HTML."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.charts.chart import dash, plain
from bench.plots.style import style_of


@dataclass(frozen=True)
class Swatch:
    """A strategy's name, how it is shown, and its line as SVG strokes it."""

    strategy: str
    shown: str
    colour: str
    dash: str  # empty: solid
    width: float


def swatches(strategies: Iterable[str]) -> list[Swatch]:
    """One per strategy, as its lines are drawn in every figure."""
    styles = {name: style_of(name) for name in strategies}
    return [
        Swatch(name, plain(name), style.colour, "" if style.dash == "-" else dash(style.dash, style.width), style.width)
        for name, style in styles.items()
    ]
