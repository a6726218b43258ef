"""What every figure shares: its page in inches, title, subtitle, notes, legend, and the `Drawing` that it becomes."""

import math
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import seaborn as sns
from matplotlib import rc_context, rcdefaults
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bench.plots.style import StrategyStyle, shown, style_of

GAP_Y, BOTTOM, LABEL_LEFT = 0.5, 0.58, 0.5  # inches
TITLE_LINE, NOTE_LINE = 0.20, 0.17
LEGEND_TITLE = 1.45  # as wide as the words over a legend
TITLE_CHARACTER, NOTE_CHARACTER = 0.108, 0.068  # mean widths

FONTS = {"axes.titlesize": 10, "axes.labelsize": 10, "xtick.labelsize": 8.5, "ytick.labelsize": 8.5, "font.size": 9}


@dataclass(frozen=True)
class Drawing:
    """A figure with what must stand beside it: `caption` says how to read it."""

    name: str  # of its files; [a-z0-9-]
    title: str
    caption: str
    figure: Figure
    section: str = ""  # of the report's page


@dataclass(frozen=True)
class Page:
    """A figure whose panels are filled one by one."""

    figure: Figure
    panels: Sequence[Axes]


@contextmanager
def as_it_comes() -> Iterator[None]:
    """Matplotlib's own settings, whatever a matplotlibrc or a package of this process set.

    The same trials must give the same bytes everywhere: cocopp, for one, sets the fonts of PDFs when it is imported.
    """
    with rc_context():
        rcdefaults()
        yield


@contextmanager
def theme() -> Iterator[None]:
    """The look of every figure, for as long as its artists are made."""
    style = sns.axes_style("ticks", {"axes.grid": True, "grid.color": "#E6E6E6"})
    with as_it_comes(), style, sns.plotting_context("paper", rc=FONTS):
        yield


def columns_of(panels: int) -> int:
    """Panels side by side: a square of them, at most four."""
    return min(4, math.ceil(math.sqrt(panels)))


def page(
    panels: int,
    title: str,
    subtitle: str,
    notes: Sequence[str],
    names: Sequence[str],
    size: tuple[float, float],
    beside: tuple[float, float] = (0.95, 0.55),
    legend: str = "best mean rank first",
    below: float = 0.0,
    styles: Callable[[str], StrategyStyle] = style_of,
) -> Page:
    """An empty figure of `panels` panels of `size` inches, with a legend of the strategies `names` in that order.

    `legend` says in which. `beside` is the room in inches to the left of the first panel of a row, and of the others;
    `below` more of it under the panels. `styles` gives the lines' looks.
    """
    left, gap = beside
    columns = columns_of(panels)
    rows = math.ceil(panels / columns)
    right = 0.82 + 0.075 * max((len(shown(name)) for name in names), default=-6)
    right = max(right, LEGEND_TITLE) if names else right
    width = left + columns * size[0] + (columns - 1) * gap + right
    heading = textwrap.wrap(title, int((width - 0.3) / TITLE_CHARACTER))
    beneath = textwrap.wrap(subtitle, int((width - 0.3) / NOTE_CHARACTER))
    footing = [line for note in notes for line in textwrap.wrap(note, int((width - 0.3) / NOTE_CHARACTER))]
    top = 0.5 + TITLE_LINE * len(heading) + NOTE_LINE * len(beneath)
    bottom = BOTTOM + below + NOTE_LINE * len(footing)
    height = top + rows * size[1] + (rows - 1) * GAP_Y + bottom
    figure = Figure(figsize=(width, height))

    def write(lines: Sequence[str], y: float, **style: Any) -> None:
        figure.text(0.12 / width, y / height, "\n".join(lines), ha="left", linespacing=1.15, **style)

    write(heading, height - 0.1, va="top", fontsize=13, fontweight="bold")
    write(beneath, height - 0.14 - TITLE_LINE * len(heading), va="top", fontsize=9, color="#444444")
    write(footing, 0.06, va="bottom", fontsize=8.5, color="#444444")
    axes = []
    for index in range(panels):
        row, column = divmod(index, columns)
        x = left + column * (size[0] + gap)
        y = height - top - (row + 1) * size[1] - row * GAP_Y
        ax = figure.add_axes((x / width, y / height, size[0] / width, size[1] / height))
        sns.despine(ax=ax)
        axes.append(ax)
    if names:
        figure.legend(
            [Line2D([], [], **styles(name).line()) for name in names],
            [shown(name) for name in names],
            loc="upper left",
            bbox_to_anchor=((width - right + 0.08) / width, (height - top) / height),
            borderaxespad=0,
            frameon=False,
            handlelength=3.2,
            title=legend,
            title_fontsize=8.5,
            alignment="left",
        )
    return Page(figure, axes)


def title_panel(ax: Axes, title: str) -> None:
    """Say what a panel shows; at a fixed height, for to look for a free one takes a third of all drawing time."""
    ax.set_title(title, loc="left", fontweight="bold", y=1.0, pad=5)


def label_outside(page: Page, x_label: str, y_label: str = "") -> None:
    """Axis labels at the lower and left edges of the grid of panels only."""
    columns = columns_of(len(page.panels))
    for index, ax in enumerate(page.panels):
        if index + columns >= len(page.panels):
            ax.set_xlabel(x_label)
        if y_label and index % columns == 0:
            label_left(ax, y_label)


def corner_legend(page: Page, lines: Mapping[str, Mapping[str, Any]], title: str) -> None:
    """A legend in the last place of the grid of panels, which must be free; `lines` are arguments of `Line2D`."""
    columns = columns_of(len(page.panels))
    column, row = page.panels[columns - 1].get_position(), page.panels[-1].get_position()
    page.figure.legend(
        [Line2D([], [], **style) for style in lines.values()], list(lines), title=title, frameon=False,
        alignment="left", loc="upper left", bbox_to_anchor=(column.x0, row.y1), borderaxespad=0,
    )  # fmt: skip


def label_left(ax: Axes, label: str) -> None:
    """A label of the vertical axis at a fixed distance, whatever its tick labels measure."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("label_left needs an axes that is part of a figure")
    inches = ax.get_position().width * figure.get_size_inches()[0]
    ax.set_ylabel(label)
    ax.yaxis.set_label_coords(-LABEL_LEFT / inches, 0.5)
