"""Who beats whom, how often, and where a test agrees: one square per pair of strategies."""

from itertools import product
from typing import Any, TypeAlias

import pandas as pd

from bench.analysis.comparisons import DIFFERS
from bench.analysis.ranks import final_order
from bench.charts.chart import ON_COLOUR, Chart, axis, layout, text
from bench.plots.notes import run_notes, spans
from bench.plots.wins_figure import MOST_WITH_INTERVALS, both_ways, square

ROW = 44  # pixels
COLUMN = 58  # pixels, in which its words have room
COLOURS = [[0, "#5b9fd0"], [0.25, "#a6cbe6"], [0.5, "#f7f7f7"], [0.75, "#f6bfa6"], [1, "#e5775f"]]  # for dark words
HOVER = (
    "<b>%{customdata[0]}</b> against <b>%{customdata[1]}</b><br>ends lower in %{z:.1%} of %{customdata[2]} pairs"
    "%{customdata[3]}<extra></extra>"
)

Cell: TypeAlias = dict[Any, Any]  # a row of `both_ways`


def win_matrix(runs: pd.DataFrame, pairs: pd.DataFrame, ranked: pd.DataFrame, untested: str) -> Chart:
    """`pairs` are the rows of `compare_pairs`; `untested` says why no test was made, empty where one was."""
    table = both_ways(pairs)
    names = final_order(ranked, table["row"])
    small = len(names) > MOST_WITH_INTERVALS
    of = {(row["row"], row["column"]): row for row in table.to_dict("records")}
    frames = [framed(i, j) for i, j in product(range(len(names)), repeat=2) if differs(of.get((names[i], names[j])))]
    ticks = {"tickvals": list(range(len(names))), "ticktext": [text(name) for name in names], "ticks": ""}
    bare = {"showgrid": False, "showline": False, **ticks}
    cells = [[of.get((row, column)) for column in names] for row in names]
    figure = {
        "data": [
            {
                "type": "heatmap", "zmin": 0, "zmax": 1, "colorscale": COLOURS, "showscale": False,
                "z": [[round(cell["won"], 4) if cell else None for cell in row] for row in cells],
                "text": [[words(cell, small) if cell else "" for cell in row] for row in cells],
                "texttemplate": "%{text}", "textfont": {"size": 11, "color": ON_COLOUR},
                "customdata": [[beside(cell) if cell else None for cell in row] for row in cells],
                "hovertemplate": HOVER, "hoverongaps": False, "xgap": 2, "ygap": 2,
            }
        ],
        "layout": layout(
            60 + ROW * len(names),
            xaxis=axis("", side="top", range=[-0.5, len(names) - 0.5], **bare),
            yaxis=axis("", range=[len(names) - 0.5, -0.5], **bare),
            shapes=frames,
            meta={"least": 130 + COLUMN * len(names), "strategies": names, "row": ROW, "column": COLUMN},
            margin={"l": 20, "r": 16, "t": 30, "b": 10},
        ),
    }  # fmt: skip
    test = f"by Wilcoxon's test over problems with Holm's correction, p < {DIFFERS:.2g}"
    tested = untested or (f"Framed: they differ {test}." if frames else f"No pair differs {test}.")
    caption = (
        "Share of pairs of runs (same problem, dimension, instance and seed; "
        f"{spans(table['pairs'], 'pair', 'pairs')} per square) in which the row's strategy ends lower than the "
        "column's, ties ½, with its 95 % bootstrap interval; red: the row wins, 50 % is a coin. "
        f"{tested}"
    )
    return Chart(
        "wins", "How often does one beat the other?", " ".join([caption, *run_notes(runs)]), figure, table, "Pairs"
    )


def differs(cell: Cell | None) -> bool:
    """Whether the test tells the two apart."""
    return cell is not None and cell["p_holm"] < DIFFERS


def words(cell: Cell, small: bool) -> str:
    """What a square says."""
    return square(cell["won"], cell["low"], cell["high"], small).replace("\n", "<br>")


def beside(cell: Cell) -> list[Any]:
    """What a hover text says: both names, the number of pairs, and as far as they are known interval and p."""
    interval = f"<br>95 %: {100 * cell['low']:.0f} to {100 * cell['high']:.0f} %" if cell["low"] == cell["low"] else ""
    p = f"<br>p = {cell['p_holm']:.2g} (Holm)" if cell["p_holm"] == cell["p_holm"] else ""
    return [text(cell["row"]), text(cell["column"]), cell["pairs"], interval + p]


def framed(row: int, column: int) -> dict[str, Any]:
    """A frame around a square."""
    return {
        "type": "rect", "x0": column - 0.47, "x1": column + 0.47, "y0": row - 0.47, "y1": row + 0.47,
        "line": {"color": ON_COLOUR, "width": 2},
    }  # fmt: skip
