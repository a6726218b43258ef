"""What a strategy itself costs: seconds of ask and tell per trial."""

import numpy as np
import pandas as pd

from bench.analysis.ranks import final_order
from bench.plots.lines import draw_bands, on_log_axis, tidy_axes
from bench.plots.notes import spans
from bench.plots.page import Drawing, page, theme, title_panel

QUARTILES = {"low": 0.25, "median": 0.5, "high": 0.75}


def quartiles(trials: pd.DataFrame, along: str) -> pd.DataFrame:
    """Quartiles of `optimiser_s` per strategy and position `along`, with `n`."""
    grouped = trials.groupby(["strategy", along])["optimiser_s"]
    bands = grouped.quantile(np.array([*QUARTILES.values()])).unstack().set_axis(list(QUARTILES), axis=1)
    return bands.assign(n=grouped.size()).reset_index()


def optimiser_seconds(trials: pd.DataFrame, ranked: pd.DataFrame) -> Drawing:
    """Seconds of ask + tell: at each trial over all runs, and the mean over a run's trials against dimension."""
    run = ["problem", "dim", "strategy", "seed"]
    timed = trials.assign(optimiser_s=trials["ask_s"] + trials["tell_s"])
    per_run = timed.groupby(run)["optimiser_s"].mean().reset_index()
    names = final_order(ranked, timed["strategy"])
    title = "Seconds that a strategy spends on a trial"
    subtitle = (
        "ask + tell, without the evaluation; medians and middle halves over runs "
        f"({spans(per_run.groupby('strategy').size(), 'run', 'runs')} per strategy)"
    )
    with theme():
        sheet = page(2, title, subtitle, [], names, (3.8, 3.1), (0.85, 0.85))
        left, right = sheet.panels
        for ax, frame, along, label, heading in (
            (left, timed, "trial", "trial", "Each trial, all dimensions"),
            (right, per_run, "dim", "dimension (number of parameters)", "Mean of a run's trials"),
        ):
            bands = on_log_axis(quartiles(frame, along))[0]
            draw_bands(ax, bands, along, names, log=True)
            title_panel(ax, heading)
            ax.set_xlabel(label)
            ax.set_ylabel("optimiser time per trial (seconds)")
            tidy_axes(ax, log=True)
    caption = (
        "How to read: lower is cheaper; the axes are logarithmic. Where one evaluation takes minutes, none of this "
        "matters; where it takes milliseconds, a strategy that thinks longer must win by that much. Times hold for the "
        "machine named below, with one thread per run. A jump in the left panel is the end of the random first trials."
    )
    return Drawing("optimiser-seconds", title, caption, sheet.figure)
