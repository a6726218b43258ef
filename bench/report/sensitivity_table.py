"""Sensitivity as a table for the terminal."""

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from bench.analysis.sensitivity.data import NOTHING
from bench.analysis.sensitivity.methods import MEASURES
from bench.report.wording import between, number
from bench.sensitivity.cells import Cell

CAPTION = (
    "What to tune first comes first. place: by {by}; those that cannot be told apart share one; "
    "–: cannot be told from (nothing), a parameter without effect. Below each: 95 % interval, over trials that might "
    "have been drawn."
)
OWN = "the total index of the function itself"


def sensitivity_table(cell: Cell) -> Table:
    """One row per parameter in tuning order, one column per measure; fits 80 columns."""
    voters = ", ".join(MEASURES[name].heading for name in cell.answers.voting)
    by = OWN if cell.direct else f"mean rank over {voters}"
    configs = sum(len(i.observed.sample.values) for i in cell.instances)
    count = len(cell.instances)
    table = Table(
        title=f"Sensitivity of {escape(cell.title)}: {configs} configs, {count} instance{'s' * (count > 1)}",
        box=SIMPLE_HEAD, padding=0, show_edge=False, caption=CAPTION.format(by=by), caption_justify="left",
    )  # fmt: skip
    table.add_column("parameter", overflow="fold")  # the only one that gives way
    table.add_column("place", justify="right", no_wrap=True)
    for name in cell.answers.measures:
        table.add_column(MEASURES[name].heading.replace(" ", "\n"), justify="right", no_wrap=True)
    numbers = cell.importances.set_index(["parameter", "measure"])
    for row in cell.order.itertuples():
        table.add_row(
            escape(str(row.parameter)), str(row.place) if row.seen else "–", *cells(numbers, str(row.parameter), cell)
        )
    table.add_row(NOTHING, "", *cells(numbers, NOTHING, cell), style="dim")
    return table


def cells(table: pd.DataFrame, parameter: str, cell: Cell) -> list[str]:
    """Each measure of a parameter, and its interval in a second line."""
    found = []
    for name in cell.answers.measures:
        numbers = table.loc[(parameter, name), ["value", "low", "high"]].to_numpy(dtype=float)
        value, low, high = np.maximum(numbers, 0.0).tolist()  # what estimation leaves below 0 is 0
        found.append(f"{number(value)}\n[dim]{between(low, high, number)}[/dim]")
    return found
