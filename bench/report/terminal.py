"""The summary as a table for the terminal."""

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from bench.report.wording import between, number, seconds, share

CAPTION = (
    "Best mean rank first. rank: mean over problems, dimensions and seeds at the end of the budget, 1 is best. "
    "score: median over problems and dimensions of regret, where random search is 1 and the optimum 0. "
    "beats random: share of runs on the same instance. Below each: 95 % bootstrap interval. "
    "failed: shares of runs and of trials. time: of ask and tell, per trial. n: finished runs."
)
PRUNED = " pruned: share of trials that were stopped early; strategies are compared at equal cost, in full trials."


def with_interval(row: Mapping[Hashable, Any], name: str, word: Callable[[float], str]) -> str:
    """The measure `name` of `row` as `word` puts it, and its interval in a second line where there is one."""
    value, low, high = (float(row.get(f"{name}{end}", math.nan)) for end in ("", "_low", "_high"))
    return word(value) if math.isnan(low) else f"{word(value)}\n[dim]{between(low, high, word)}[/dim]"


def summary_table(summary: pd.DataFrame) -> Table:
    """One row per strategy, in the order of `summarise`; fits 80 columns, so versions are left to the report."""
    pruned = bool((summary["pruned_trials"] > 0).any())
    caption = CAPTION + PRUNED * pruned
    table = Table(
        title="Strategies", box=SIMPLE_HEAD, padding=0, show_edge=False, caption=caption, caption_justify="left"
    )
    table.add_column("strategy", overflow="fold")  # the only one that gives way
    pruned_heading = ["trials\npruned"] if pruned else []
    for heading in ("rank", "score", "beats\nrandom", "runs\nfailed", "trials\nfailed", *pruned_heading, "time", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in summary.to_dict("records"):
        table.add_row(
            escape(str(row["strategy"])),
            with_interval(row, "mean_rank", number),
            with_interval(row, "score", number),
            with_interval(row, "won", share),
            share(row["failed_runs"]),
            share(row["failed_trials"]),
            *([share(row["pruned_trials"])] if pruned else []),
            seconds(row["ask_s"]),
            str(row["n_runs"]),
        )
    return table
