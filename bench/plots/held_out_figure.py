"""What the winner of the search is worth on data that the search never saw."""

import pandas as pd
from numpy.random import Generator

from bench.analysis.ranks import final_order
from bench.analysis.statistics import median_band
from bench.analysis.summary import at_the_end
from bench.plots.lines import draw_bands, on_log_axis, spans_decades, tidy_axes
from bench.plots.notes import budget_of, run_notes, spans
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.regret_figures import first_known
from bench.plots.style import LONGEST_LABEL, shown


def held_out(runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, rng: Generator) -> Drawing:
    """One problem with test values: told and test value of the final incumbent against dimension, side by side."""
    problem = str(runs["problem"].iloc[0])
    told = shown(first_known(curves["value_label"]) or "value", LONGEST_LABEL)
    names = final_order(ranked, curves["strategy"])
    last = at_the_end(curves)
    panels = [
        (f"{told} (told to the strategy)", "incumbent_value"),
        (f"{told.replace('validation', 'test')} (told to no one)", "incumbent_test"),
    ]
    bands = pd.concat(
        [
            median_band(last, column, ["strategy", "dim"], "trial", rng).assign(panel=panel)
            for panel, (_, column) in enumerate(panels)
        ]
    )
    log = spans_decades(bands["median"])
    bands, floor = on_log_axis(bands) if log else (bands, "")
    title = f"{shown(problem)}: the final incumbent on validation and on test data"
    seeds = spans(bands["n"], "seed", "seeds")
    subtitle = f"After {budget_of(runs)}; medians and 95 % bootstrap bands over {seeds}; both panels share one axis"
    notes = [floor, *run_notes(runs)] if floor else run_notes(runs)
    with theme():
        sheet = page(2, title, subtitle, notes, names, (3.8, 3.1))
        for panel, (ax, (label, _)) in enumerate(zip(sheet.panels, panels, strict=True)):
            draw_bands(ax, bands[bands["panel"] == panel], "dim", names, log, like=bands)
            title_panel(ax, label)
            ax.set_xlabel("dimension (number of parameters)")
            tidy_axes(ax, log)
        sheet.panels[0].set_ylabel(told.replace("validation ", ""))
    caption = (
        "How to read: left, the value by which each run chose its incumbent; right, the same configs on data that was "
        "never told to anyone, which is what they are worth. A strategy that stands clearly higher on the right than "
        "on the left has fitted its choice to the validation data. Lines are medians over seeds, bands 95 % intervals."
    )
    return Drawing(f"held-out-{problem}", title, caption, sheet.figure)
