"""A comparison as a table for the terminal."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from bench.comparison.measures import Comparison
from bench.report.comparison_findings import times
from bench.report.wording import between, number, share

MOST_ROWS = 40  # beyond it, those that differ alone
CAPTION = (
    "won: share of pairs of runs in which new ends lower, ties half. ratio: regret of new over old, below 1 is better. "
    "Below both: 95 % interval. p: Wilcoxon's signed-rank test, Holm's correction; *: below 0.05. factor: change of "
    "regret that would have been found with 80 %. same: pairs with the same trials."
)


def comparison_table(found: Comparison, explained: bool = True) -> Table:
    """One row per problem and dimension; fits 80 columns. `explained`: with a caption."""
    cells = found.cells if len(found.cells) <= MOST_ROWS else found.settled
    left = len(found.cells) - len(cells)
    more = f" {left} rows that do not differ are in cells.csv." if left else ""
    caption = (CAPTION * explained + more).strip() or None
    table = Table(
        title=f"{escape(str(found.match))}: new against old", box=SIMPLE_HEAD, padding=0, show_edge=False,
        caption=caption, caption_justify="left",
    )  # fmt: skip
    table.add_column("problem", overflow="fold")  # the only one that gives way
    for heading in ("d", "n", "same", "won", "ratio", "p", "factor"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in cells.to_dict("records"):
        table.add_row(
            escape(str(row["problem"])),
            str(row["dim"]),
            str(row["n"]),
            str(row["same"]),
            f"{share(row['won'])}\n[dim]{between(row['won_low'], row['won_high'], share)}[/dim]",
            f"{times(row['ratio'])}\n[dim]{interval_of(row)}[/dim]",
            f"{number(row['p_holm'], 3)}{'*' if row['p_holm'] < 0.05 else ''}",
            times(row["factor"]),
        )
    return table


def interval_of(row: Mapping[Hashable, Any]) -> str:
    """Of the ratio; nothing where there are too few pairs for one."""
    low, high = row["ratio_low"], row["ratio_high"]
    return between(low, high, times) if low > 0 or high < math.inf else ""
