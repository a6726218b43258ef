"""What the winner of the search is worth on data that the search never saw."""

from typing import Any

import pandas as pd
from numpy.random import Generator

from bench.analysis.ranks import final_order
from bench.analysis.statistics import median_band
from bench.analysis.summary import at_the_end
from bench.charts.bands import Words, band_traces, position_axis
from bench.charts.chart import LOG, Chart, plain, text
from bench.charts.grid import Panel, axes_of, grid
from bench.charts.regret_chart import BANDS, LONGEST
from bench.plots.lines import on_log_axis, spans_decades
from bench.plots.notes import budget_of, run_notes, spans
from bench.plots.regret_figures import first_known

COLUMNS = ("incumbent_value", "incumbent_test")


def held_out(runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, rng: Generator) -> Chart:
    """One problem with test values: told and test value of the final incumbent against dimension, side by side."""
    problem = str(runs["problem"].iloc[0])
    label = first_known(curves["value_label"]) or "value"
    told, test = (text(words, LONGEST) for words in (label, label.replace("validation", "test")))
    names = final_order(ranked, curves["strategy"])
    last = at_the_end(curves)
    bands = pd.concat(
        [median_band(last, column, ["strategy", "dim"], "trial", rng).assign(measure=column) for column in COLUMNS],
        ignore_index=True,
    )
    log = spans_decades(bands["median"])
    drawn, floor = on_log_axis(bands) if log else (bands, "")
    headings = (f"{told} (told to the strategy)", f"{test} (told to no one)")
    data: list[dict[str, Any]] = []
    plots = []
    for number, (column, heading) in enumerate(zip(COLUMNS, headings, strict=True)):
        own = drawn[drawn["measure"] == column]
        y = {**(LOG if log else {}), **({"matches": "y"} if number else {})}
        plots.append(Panel(heading, position_axis(own, "dim"), y))
        data += band_traces(own, "dim", names, log, axes_of(number), number == 0, words=Words("d = %{x}"))
    caption = (
        f"The final incumbents after {budget_of(runs)}: by the value by which each run chose its own, and the same "
        "configs on data that was never told to anyone, on the same axis; who stands clearly higher there has fitted "
        f"its choice to the validation data. Lines are medians over {spans(bands['n'], 'seed', 'seeds')}, "
        f"{BANDS}."
    )
    y_title = text(label.replace("validation ", ""), LONGEST)
    return Chart(
        f"held-out-{problem}",
        f"{plain(problem)}: the final incumbent on validation and on test data",
        " ".join([caption, *filter(None, [floor]), *run_notes(runs)]),
        {"data": data, "layout": grid(plots, "dimension d (parameters)", y_title, columns=2, height=300)},
        bands[["measure", "dim", "strategy", "median", "low", "high", "n"]],
        "Trust",
    )
