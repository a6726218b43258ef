"""What early stopping saves: the incumbent against cost with and without it, and how far trials were taken."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.random import Generator

from bench.analysis.competitors import parts_of
from bench.analysis.ranks import final_order
from bench.analysis.statistics import median_band
from bench.plots.lines import draw_bands, on_log_axis, spans_decades, tidy_axes
from bench.plots.notes import budget_axis, run_notes, span, spans
from bench.plots.page import Drawing, label_outside, page, theme, title_panel
from bench.plots.regret_figures import BANDS, measure_of
from bench.plots.style import GREY, shown
from strategies.pruners.registry import NO_PRUNER

STEPS = np.arange(101)  # % of full fidelity


def strategies_with_pruners(runs: pd.DataFrame) -> list[str]:
    """The strategies that ran with a pruner, in the plan's order."""
    pairs = runs.loc[runs["pruner"] != NO_PRUNER, "strategy"]
    return list(dict.fromkeys(parts_of(label)[0] for label in pairs))


def regret_with_pruners(runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, rng: Generator) -> Drawing:
    """One problem: the measure against the budget spent; a panel per strategy and dimension, a line per pruner.

    All three frames hold this problem only, by pairs; `curves` are those of `regret_curves`, `ranked` those of `ranks`.
    """
    problem = str(runs["problem"].iloc[0])
    measure = measure_of(curves)
    names = final_order(ranked, curves["strategy"])
    strategies, dims = strategies_with_pruners(runs), sorted(curves["dim"].unique())
    cells = [(strategy, dim) for dim in dims for strategy in strategies]
    names = [name for name in names if parts_of(name)[0] in strategies]
    bands = median_band(curves[curves["strategy"].isin(names)], measure.column, ["dim", "strategy"], "trial", rng)
    log = spans_decades(bands["median"])
    bands, floor = on_log_axis(bands) if log else (bands, "")
    title = f"{shown(problem)}: what early stopping saves"
    subtitle = (
        f"{measure.name[0].upper()}{measure.name[1:]} of the best whole trial so far; medians and 95 % bootstrap bands "
        f"over {spans(bands['n'], 'seed', 'seeds')}; lower is better"
    )
    notes = [floor, *run_notes(runs)] if floor else run_notes(runs)
    with theme():
        sheet = page(len(cells), title, subtitle, notes, names, (3.1, 2.3))
        for ax, (strategy, dim) in zip(sheet.panels, cells, strict=True):
            own = [name for name in names if parts_of(name)[0] == strategy]
            of_dim = bands[bands["dim"] == dim]
            draw_bands(ax, of_dim[of_dim["strategy"].isin(own)], "trial", own, log, like=of_dim)
            mark_end(ax, of_dim[of_dim["strategy"] == strategy])
            title_panel(ax, f"{shown(strategy)}, d = {dim}")
            tidy_axes(ax, log)
        label_outside(sheet, budget_axis(runs), measure.label)
    caption = (
        "How to read: the axis is what a run has spent, in full trials; a trial that was stopped has cost its share. "
        "The full line is the strategy without a pruner. Where a dashed line falls earlier, stopping has paid for more "
        "trials; where it stays above, good trials were stopped as well. The dotted line is where the full line "
        "ends: what has crossed it earlier has saved the rest. Only trials taken to full fidelity count as "
        f"the best so far. Panels of one dimension share their vertical axis. {BANDS}"
    )
    return Drawing(f"early-stopping-{problem}", title, caption, sheet.figure)


def mark_end(ax: Axes, alone: pd.DataFrame) -> None:
    """A dotted line where the bands of a strategy without a pruner end: early stopping saves what lies right of it."""
    if len(alone) and np.isfinite(end := alone.sort_values("trial")["median"].iloc[-1]):
        ax.hlines(end, 0, 1, color=GREY, linestyle=":", linewidth=1, zorder=1, transform=ax.get_yaxis_transform())


def survival(trials: pd.DataFrame) -> pd.DataFrame:
    """Per pair and seed, the share of trials (in %) that were taken at least to `step` % of their full fidelity.

    Columns: `strategy`, `seed`, `step`, `share`. Failed trials are left out: no pruner stopped them.
    """
    key, parts = ["strategy", "seed"], []
    for values, costs in trials[trials["status"].isin(["ok", "pruned"])].groupby(key)["cost"]:
        taken = 100.0 * costs.to_numpy()[None, :] >= STEPS[:, None] - 1e-6  # (steps, trials)
        part = pd.DataFrame({"step": STEPS, "share": 100.0 * taken.mean(axis=1)})
        parts.append(pd.DataFrame(dict(zip(key, values, strict=True)), index=part.index).join(part))
    return pd.concat(parts, ignore_index=True)


def have_lengths(trials: pd.DataFrame) -> bool:
    """Whether any trial with a pruner came to an end."""
    ended = trials.loc[trials["status"].isin(["ok", "pruned"]), "strategy"].unique()
    return any(parts_of(name)[1] != NO_PRUNER for name in ended)


def trial_lengths(runs: pd.DataFrame, trials: pd.DataFrame, ranked: pd.DataFrame, rng: Generator) -> Drawing:
    """One problem: how far trials were taken; a panel per strategy, a line per pruner, all dimensions together."""
    problem = str(runs["problem"].iloc[0])
    strategies = strategies_with_pruners(runs)
    names = [
        name
        for name in final_order(ranked, trials["strategy"])
        if parts_of(name)[0] in strategies and parts_of(name)[1] != NO_PRUNER
    ]
    bands = median_band(survival(trials[trials["strategy"].isin(names)]), "share", ["strategy"], "step", rng)
    counts = trials.groupby("strategy").size().reindex(names)
    title = f"{shown(problem)}: how far trials are taken before they are stopped"
    subtitle = (
        f"All dimensions; medians and 95 % bootstrap bands over {spans(bands['n'], 'seed', 'seeds')}, "
        f"{span(counts)} trials per line"
    )
    with theme():
        sheet = page(len(strategies), title, subtitle, run_notes(runs), names, (3.1, 2.3))
        for ax, strategy in zip(sheet.panels, strategies, strict=True):
            own = [name for name in names if parts_of(name)[0] == strategy]
            draw_bands(ax, bands[bands["strategy"].isin(own)], "step", own, log=False)
            ax.set_ylim(-3, 103)
            title_panel(ax, shown(strategy))
            tidy_axes(ax, log=False)
        label_outside(sheet, "share of its full fidelity (%)", "trials that came so far (%)")
    caption = (
        "How to read: at 40 % on the horizontal axis, the line says how many trials were taken to 40 % of their full "
        "fidelity or further; a step down is where trials were stopped. The area above a line is what was saved. A "
        "strategy that learns proposes better trials as it goes, which all have to beat. Failed trials are left out."
    )
    return Drawing(f"trial-lengths-{problem}", title, caption, sheet.figure)
