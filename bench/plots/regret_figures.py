"""How good the incumbent is: trial by trial for one problem, and at the end against dimension for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
from numpy.random import Generator

from bench.analysis.ranks import final_order
from bench.analysis.statistics import median_band
from bench.analysis.summary import at_the_end
from bench.plots.lines import draw_bands, on_log_axis, spans_decades, tidy_axes
from bench.plots.notes import budget_axis, budget_of, run_notes, spans
from bench.plots.page import Drawing, label_left, label_outside, page, theme, title_panel
from bench.plots.style import LONGEST_LABEL, shown

BANDS = (
    "Lines are medians over seeds, bands are 95 % bootstrap intervals of them (with fewer than six seeds, simply from "
    "the best to the worst seed)."
)


@dataclass(frozen=True)
class Measure:
    """What a problem's curves show: regret, or the value itself where the optimum is only a bound."""

    column: str
    label: str
    name: str


ORIGINS: Mapping[str, str] = MappingProxyType(
    {
        "analytic": "analytic optimum",
        "certified": "certified optimum",
        "best seen": "best value seen here",
    }
)


def measure_of(curves: pd.DataFrame) -> Measure:
    """The measure of a problem from what its runs know of its optimum."""
    origin, label = (first_known(curves[name]) for name in ("optimum_origin", "value_label"))
    if origin == "bound":  # the distance to what nobody may reach says less than the value
        told = shown(label or "value", LONGEST_LABEL)
        return Measure("incumbent_true", told, told)
    against = ORIGINS.get(origin, shown(origin)) if origin else "optimum unknown"
    return Measure("regret", f"simple regret\nagainst {against}", "simple regret")


def first_known(column: pd.Series) -> str:
    """The first string of `column`; empty where there is none."""
    known = column.dropna()
    return str(known.iloc[0]) if len(known) else ""


def bands_by_trial(curves: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """What `regret_by_trial` draws of one problem's `curves`: `median_band` of its measure."""
    return median_band(curves, measure_of(curves).column, ["dim", "strategy"], "trial", rng)


def bands_by_dim(runs: pd.DataFrame, curves: pd.DataFrame, rng: Generator) -> dict[str, pd.DataFrame]:
    """What `regret_by_dim` draws of each problem of `runs`, by its name: `median_band` of its measure at the end."""
    last = at_the_end(curves)
    each = {str(problem): last[last["problem"] == problem] for problem in runs["problem"].unique()}
    return {
        problem: median_band(rows, measure_of(rows).column, ["strategy", "dim"], "trial", rng)
        for problem, rows in each.items()
    }


def regret_by_trial(runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, bands: pd.DataFrame) -> Drawing:
    """One problem: its measure against trial count, one panel per dimension.

    All frames hold this problem only; `curves` are those of `regret_curves`, `ranked` those of `ranks`, `bands` those
    of `bands_by_trial`.
    """
    problem = str(runs["problem"].iloc[0])
    measure = measure_of(curves)
    names = final_order(ranked, curves["strategy"])
    log = any(spans_decades(of_dim["median"]) for _, of_dim in bands.groupby("dim"))
    bands, floor = on_log_axis(bands) if log else (bands, "")
    dims = sorted(curves["dim"].unique())
    title = f"{shown(problem)}: {measure.name} of the best trial so far"
    subtitle = f"Medians and 95 % bootstrap bands over {spans(bands['n'], 'seed', 'seeds')}; lower is better"
    notes = [floor, *run_notes(runs)] if floor else run_notes(runs)
    with theme():
        sheet = page(len(dims), title, subtitle, notes, names, (2.75, 1.95) if len(dims) > 1 else (5.5, 3.6))
        for ax, dim in zip(sheet.panels, dims, strict=True):
            of_dim = bands[bands["dim"] == dim]
            draw_bands(ax, of_dim, "trial", names, log)
            title_panel(ax, f"d = {dim}")
            tidy_axes(ax, log)
        label_outside(sheet, budget_axis(runs), measure.label)
    caption = (
        f"How to read: each panel is one dimension d with its own vertical axis. {BANDS} "
        "A strategy is better where its line is lower, and sooner better where it falls earlier; where bands overlap, "
        f"{spans(bands['n'], 'seed', 'seeds')} cannot tell the strategies apart. Grid search is the thick dashed line."
    )
    return Drawing(f"regret-{problem}", title, caption, sheet.figure)


def regret_by_dim(
    runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, bands_of: Mapping[str, pd.DataFrame]
) -> Drawing:
    """All problems: the measure at the end of the budget against dimension, one panel per problem.

    `bands_of` are those of `bands_by_dim`.
    """
    names = final_order(ranked, curves["strategy"])
    last = at_the_end(curves)
    measures = {problem: measure_of(last[last["problem"] == problem]) for problem in runs["problem"].unique()}
    seeds = spans([n for bands in bands_of.values() for n in bands["n"]], "seed", "seeds")
    title = "What is left at the end of the budget, against dimension"
    subtitle = f"After {budget_of(runs)}; medians and 95 % bootstrap bands over {seeds}; lower is better"
    logs = {problem: spans_decades(bands["median"]) for problem, bands in bands_of.items()}
    floors = {problem: on_log_axis(bands_of[problem]) for problem, log in logs.items() if log}
    notes = [f"{shown(problem)}: {note}" for problem, (_, note) in floors.items() if note]
    with theme():
        sheet = page(len(measures), title, subtitle, [*notes, *run_notes(runs)], names, (3.5, 2.4), (0.95, 0.95))
        for ax, (problem, measure) in zip(sheet.panels, measures.items(), strict=True):
            bands = floors[problem][0] if logs[problem] else bands_of[problem]
            draw_bands(ax, bands, "dim", names, logs[problem])
            title_panel(ax, shown(problem))
            label_left(ax, measure.label)
            tidy_axes(ax, logs[problem])
        label_outside(sheet, "dimension (number of parameters)")
    caption = (
        f"How to read: one panel per problem with its own vertical axis. {BANDS} A line that rises steeply belongs to "
        "a strategy that suffers from dimension; grid search pays for every added parameter with fewer levels of all."
    )
    return Drawing("regret-by-dimension", title, caption, sheet.figure)
