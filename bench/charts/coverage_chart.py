"""What was run at all: one square per problem, dimension and strategy. Drawn when something is missing."""

from typing import Any

import pandas as pd

from bench.charts.chart import ON_COLOUR, SOFT, Chart, text
from bench.charts.grid import Panel, axes_of, grid
from bench.plots.coverage_figure import STATES, coverage_cells
from bench.plots.notes import spans
from bench.records import FINISHED

ROW = 24  # pixels
HOVER = "<b>%{customdata[0]}</b>, d = %{customdata[1]}<br>%{customdata[2]}<extra></extra>"


def coverage(runs: pd.DataFrame, skips: pd.DataFrame) -> Chart:
    """A matrix per problem: strategies down, dimensions across."""
    table = with_counts(coverage_cells(runs, skips), runs, skips)
    problems, strategies = (list(dict.fromkeys(table[name])) for name in ("problem", "strategy"))
    dims = sorted(table["dim"].unique().tolist())
    present = [state for state in STATES if state in set(table["state"])]
    x = {"tickvals": list(range(len(dims))), "ticktext": [str(dim) for dim in dims], "ticks": "", "showgrid": False}
    y = {
        "tickvals": list(range(len(strategies))), "ticktext": [text(name) for name in strategies], "ticks": "",
        "showgrid": False, "showline": False,
        "range": [len(strategies) - 0.5, -0.5],
    }  # fmt: skip
    data: list[dict[str, Any]] = [entry(state) for state in present]
    plots = []
    columns = columns_of(len(dims))
    for number, problem in enumerate(problems):
        own = table[table["problem"] == problem]
        plots.append(Panel(text(problem), x | {"showline": False}, y | {"showticklabels": number % columns == 0}))
        data.append(matrix(own, strategies, dims, axes_of(number)))
    height = ROW * len(strategies) + 10
    figure_layout = grid(plots, "dimension d", columns=columns, height=height, beside=0.03, alone=height)
    figure_layout["legend"]["title"] = {"text": ""}
    figure = {"data": data, "layout": figure_layout}
    n = spans(table.loc[table["n"] > 0, "n"], "run", "runs")
    caption = (
        f"A square is all the seeds of one strategy ({n}); green squares ended as planned. F: at least one run failed, "
        "and counts as worst; …: not every run is finished, and that cell is in no ranking; –: planned not to run, for "
        "the reason that its hover text gives."
    )
    return Chart("coverage", "What was run", caption, figure, table, "Trust")


def columns_of(dims: int) -> int:
    """Matrices side by side: fewer where they are wide."""
    return 4 if dims <= 4 else 3 if dims <= 8 else 2


def with_counts(cells: pd.DataFrame, runs: pd.DataFrame, skips: pd.DataFrame) -> pd.DataFrame:
    """`coverage_cells` with `n` planned runs, those that `failed` and are not `finished`, and why they were skipped."""
    cell = ["problem", "dim", "strategy"]
    facts = runs.assign(failed=runs["status"] == "failed", unfinished=~runs["status"].isin(FINISHED))
    counts = facts.groupby(cell).agg(n=("status", "size"), failed=("failed", "sum"), unfinished=("unfinished", "sum"))
    found = cells.merge(counts.reset_index(), on=cell, how="left").merge(
        skips[[*cell, "reason"]].drop_duplicates(cell), on=cell, how="left"
    )
    numbers = ["n", "failed", "unfinished"]
    return found.assign(**{name: found[name].fillna(0).astype(int) for name in numbers})


def matrix(cells: pd.DataFrame, strategies: list[str], dims: list[int], axes: tuple[str, str]) -> dict[str, Any]:
    """The squares of one problem."""
    order = list(STATES)
    of = {(row["strategy"], row["dim"]): row for row in cells.to_dict("records")}
    rows = [[of.get((name, dim)) for dim in dims] for name in strategies]
    colours = [colour for _, colour in STATES.values()]
    steps = [[(number + side) / len(colours), colour] for number, colour in enumerate(colours) for side in (0, 1)]
    return {
        "type": "heatmap", "xaxis": axes[0], "yaxis": axes[1], "colorscale": steps, "showscale": False,
        "zmin": -0.5, "zmax": len(order) - 0.5, "xgap": 2, "ygap": 2, "hoverongaps": False,
        "z": [[order.index(cell["state"]) if cell else None for cell in row] for row in rows],
        "text": [[STATES[cell["state"]][0] if cell else "" for cell in row] for row in rows],
        "texttemplate": "%{text}", "textfont": {"size": 12, "color": ON_COLOUR},
        "customdata": [
            [[text(name), dim, what(cell)] if cell else None for dim, cell in zip(dims, row, strict=True)]
            for name, row in zip(strategies, rows, strict=True)
        ],
        "hovertemplate": HOVER,
    }  # fmt: skip


def what(cell: dict[Any, Any]) -> str:
    """What became of a cell's runs, in a few words."""
    if cell["state"] == "skipped":
        return f"skipped: {text(str(cell['reason']), 120)}"
    words = [f"{cell[name]} {name}" for name in ("failed", "unfinished") if cell[name]]
    return ", ".join([f"n = {cell['n']} runs", *words]) if words else f"done: n = {cell['n']} runs"


def entry(state: str) -> dict[str, Any]:
    """The legend's entry of a state."""
    letter, colour = STATES[state]
    return {
        "type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": f"{letter} {state}".strip(),
        "marker": {"symbol": "square", "size": 12, "color": colour, "line": {"color": SOFT, "width": 0.5}},
        "hoverinfo": "skip", "showlegend": True,
    }  # fmt: skip
