"""What every interactive figure shares: `Chart`, its look, names as text. Plotly's JSON, DataFrames in.

Shown by the report's page and by the explorer; the figures for print are those of `bench.plots`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

import pandas as pd

from bench.plots.style import Dash, StrategyStyle, shown, style_of

FONT = 'system-ui, -apple-system, "Segoe UI", sans-serif'
INK, SOFT, GRID = "#1d1d1f", "#5b5b60", "#e6e6e6"  # the page puts its own in their place where it is dark
ON_COLOUR = "#111111"  # of words and frames on a coloured square, the same on a dark page
LOG: Mapping[str, Any] = MappingProxyType({"type": "log", "nticks": 3})  # more would label 1, 2, 3, 4 … over each other
BAND = 0.1  # opacity
NEUTRAL = "rgba(0,0,0,0)"  # the page's own background shows through

SYMBOLS: Mapping[str, str] = MappingProxyType(  # Matplotlib's marker -> Plotly's
    {
        "o": "circle", "s": "square", "D": "diamond", "d": "diamond-tall", "P": "cross", "X": "x", "p": "pentagon",
        "*": "star", "h": "hexagon", "H": "hexagon2", "8": "octagon",
        "^": "triangle-up", "v": "triangle-down", "<": "triangle-left", ">": "triangle-right",
    }
)  # fmt: skip
DASHES: Mapping[str, str] = MappingProxyType({"-": "solid"})


@dataclass(frozen=True)
class Chart:
    """An interactive figure with what must stand beside it.

    `name`: of its files, made safe by who writes them; `title` says what is compared, `caption` how to read it, with n
    and uncertainty, both plain text; `figure`: `data` and `layout` as Plotly takes them; `table`: the numbers it shows;
    `section`: the heading of a page that it belongs under.
    """

    name: str
    title: str
    caption: str
    figure: Mapping[str, Any]
    table: pd.DataFrame
    section: str = ""


def plain(name: str, longest: int = 28) -> str:
    """`name` in a title or a caption: short and printable."""
    return shown(name, longest).replace(r"\$", "$")


def text(name: str, longest: int = 28) -> str:
    """`name` within a figure, where Plotly would take what looks like a tag, a formula or a placeholder for one."""
    return escape(plain(name, longest), quote=False).replace("$", "&#36;").replace("%{", "&#37;{")


def dash(pattern: Dash, width: float) -> str:
    """Matplotlib's dash, in widths of the line, as Plotly's, in pixels."""
    if isinstance(pattern, str):
        return DASHES[pattern]
    return ",".join(f"{length * width:.1f}px" for length in pattern[1])


def line_of(strategy: str, style: StrategyStyle | None = None) -> dict[str, Any]:
    """Colour, dash, width and marker of a strategy's line, as parts of a scatter trace."""
    style = style or style_of(strategy)
    width = 1.25 * style.width
    symbol = SYMBOLS[style.marker]
    return {
        "line": {"color": style.colour, "width": width, "dash": dash(style.dash, width)},
        "marker": {
            "color": style.colour,
            "symbol": f"{symbol}-open" if style.hollow else symbol,
            "size": 9 if symbol == "star" else 7,
        },
    }


def see_through(colour: str, opacity: float = BAND) -> str:
    """`#rrggbb` as a colour that lets others through."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def axis_title(words: str) -> dict[str, Any]:
    """The title of an axis, as a part of it."""
    return {"title": {"text": words, "standoff": 8, "font": {"size": 13}}}


def axis(title: str = "", **more: Any) -> dict[str, Any]:
    """An axis with the common look; `more` as Plotly's `layout.xaxis` takes it."""
    common = axis_title(title) | {
        "tickfont": {"size": 11.5},
        "gridcolor": GRID,
        "zeroline": False,
        "linecolor": SOFT,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": SOFT,
        "automargin": True,
        "exponentformat": "power",
    }
    return common | more


def layout(height: int, **more: Any) -> dict[str, Any]:
    """The common layout, as wide as its place and `height` pixels high; `more` as Plotly's `layout` takes it."""
    common = {
        "height": height,
        "autosize": True,
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": NEUTRAL,
        "plot_bgcolor": NEUTRAL,
        "margin": {"l": 64, "r": 16, "t": 30, "b": 52},
        "hovermode": "closest",
        "hoverlabel": {"font": {"family": FONT, "size": 12}, "namelength": -1},
        "legend": {
            "title": {"text": "best mean rank first", "font": {"size": 12}},
            "tracegroupgap": 0,
            "itemsizing": "constant",
            "itemwidth": 42,  # a dash is seen to be one
        },
    }
    return common | more


def panel_title(words: str, x: float, y: float) -> dict[str, Any]:
    """The heading of a panel whose upper left corner is at `x`, `y` of the paper, as an annotation."""
    return {
        "text": f"<b>{words}</b>",
        "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 4,
        "showarrow": False, "font": {"size": 13, "color": INK},
    }  # fmt: skip


def panels(number: int, columns: int, gap: tuple[float, float] = (0.06, 0.12)) -> Sequence[tuple[Any, Any]]:
    """Domains of so many panels in rows of `columns`, from the upper left: [([x0, x1], [y0, y1]), …] of the paper."""
    rows = -(-number // columns)
    width = (1 - (columns - 1) * gap[0]) / columns
    height = (1 - (rows - 1) * gap[1]) / rows
    places = []
    for index in range(number):
        row, column = divmod(index, columns)
        left, top = column * (width + gap[0]), 1 - row * (height + gap[1])
        places.append(([round(left, 5), round(left + width, 5)], [round(max(top - height, 0), 5), round(top, 5)]))
    return places
