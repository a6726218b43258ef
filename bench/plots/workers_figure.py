"""What workers side by side bring: the incumbent against simulated time, a line per number of workers."""

import pandas as pd
from matplotlib.ticker import LogLocator, NullLocator
from numpy.random import Generator

from bench.analysis.simulated_time import at_times, searcher_of
from bench.analysis.statistics import median_band
from bench.plots.lines import draw_bands, on_log_axis, spans_decades, tidy_axes
from bench.plots.notes import run_notes, spans
from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.regret_figures import BANDS, measure_of
from bench.plots.style import shown
from strategies.names import parts_of_name


def regret_by_time(runs: pd.DataFrame, curves: pd.DataFrame, rng: Generator) -> Drawing:
    """One problem: the measure against simulated time; a panel per strategy and dimension, a line per workers.

    Both frames hold this problem only; `curves` are those of `simulated_curves`.
    """
    problem = str(runs["problem"].iloc[0])
    measure = measure_of(curves)
    names = sorted(curves["strategy"].unique(), key=lambda name: (searcher_of(name), parts_of_name(name).workers))
    cells = [(name, dim) for dim in sorted(curves["dim"].unique()) for name in dict.fromkeys(map(searcher_of, names))]
    bands = median_band(at_times(curves, measure.column), measure.column, ["dim", "strategy"], "time", rng)
    bands = bands[bands["median"].notna()]
    log = spans_decades(bands["median"])
    bands, floor = on_log_axis(bands) if log else (bands, "")
    title = f"{shown(problem)}: what workers side by side bring"
    subtitle = (
        f"{measure.name[0].upper()}{measure.name[1:]} of the best trial that has ended by then; medians and 95 % "
        f"bootstrap bands over {spans(bands['n'], 'seed', 'seeds')}; lower is better"
    )
    notes = [floor, *run_notes(runs)] if floor else run_notes(runs)
    with theme():
        sheet = page(len(cells), title, subtitle, notes, names, (3.1, 2.3), legend="by workers")
        for ax, (searcher, dim) in zip(sheet.panels, cells, strict=True):
            own = [name for name in names if searcher_of(name) == searcher]
            of_dim = bands[bands["dim"] == dim]
            draw_bands(ax, of_dim[of_dim["strategy"].isin(own)], "time", own, log, like=of_dim)
            title_panel(ax, f"{shown(searcher)}, d = {dim}")
            tidy_axes(ax, log)
            ax.set_xscale("log")
            ax.xaxis.set_major_locator(LogLocator(numticks=6))
            ax.xaxis.set_minor_locator(NullLocator())
        label_outside(sheet, "simulated time (mean full trials)", measure.label)
    caption = (
        "How to read: every line spends the same number of trials, with more workers in less time: `@8w` are eight "
        "workers, of which each that is free asks at once. A line that ends as low as that of one worker has lost "
        "nothing by asking before others had ended; one that ends higher has. Trials take simulated time "
        "(their problem's `duration`; half-normal of mean 1 unless it says otherwise); proposing takes none: its "
        f"seconds are in a figure of their own. {BANDS}"
    )
    return Drawing(f"workers-{problem}", title, caption, sheet.figure)
