"""Every figure of an experiment, one after the other, so that only one is in memory."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bench.plots.coverage_figure import coverage, is_complete
from bench.plots.critical_difference_figure import critical_difference_diagram
from bench.plots.held_out_figure import held_out
from bench.plots.page import Drawing
from bench.plots.pruning_figure import have_lengths, regret_with_pruners, trial_lengths
from bench.plots.rank_figure import rank_by_trial
from bench.plots.regret_figures import regret_by_dim, regret_by_trial
from bench.plots.targets_figure import targets_reached
from bench.plots.time_figure import optimiser_seconds
from bench.plots.wins_figure import win_matrix
from bench.plots.workers_figure import regret_by_time
from bench.report.measures import BOOTSTRAP_SEED, Measures
from strategies.pruners.registry import NO_PRUNER


def draw_all(runs: pd.DataFrame, trials: pd.DataFrame, skips: pd.DataFrame, measures: Measures) -> Iterator[Drawing]:
    """The figures that these frames allow: the overview first, then problem by problem, then what is missing.

    `measures` are those of `runs` and `trials`.
    """
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    curves, ranked = measures.curves, measures.ranked
    shown = curves[curves["regret"].notna()]
    problems = list(
        runs.loc[runs["problem"].isin(shown["problem"].unique()), "problem"].unique()
    )  # in the plan's order
    if len(ranked) and len(shown):
        yield rank_by_trial(runs, ranked, rng)
        if len(measures.pairs):
            yield win_matrix(runs, measures.pairs, ranked, measures.untested)
        if not measures.untested and len(measures.values.columns) > 2:
            yield critical_difference_diagram(measures.values)
        yield targets_reached(runs, curves, ranked, rng)
    if problems:
        yield regret_by_dim(of(runs, *problems), of(curves, *problems), of(ranked, *problems), rng)
    for problem in problems:
        yield regret_by_trial(of(runs, problem), of(curves, problem), of(ranked, problem), rng)
    for problem in shown.loc[shown["incumbent_test"].notna(), "problem"].unique():
        yield held_out(of(runs, problem), of(curves, problem), of(ranked, problem), rng)
    for problem in trials.loc[trials["pruner"] != NO_PRUNER, "problem"].unique():
        if problem in problems:
            yield regret_with_pruners(of(runs, problem), of(curves, problem), of(ranked, problem), rng)
            if have_lengths(of(trials, problem)):
                yield trial_lengths(of(runs, problem), of(trials, problem), of(ranked, problem), rng)
    for problem in measures.in_time["problem"].unique():
        yield regret_by_time(of(runs, problem), of(measures.in_time, problem), rng)
    if len(trials):
        yield optimiser_seconds(trials, ranked)
    if not is_complete(runs, skips):
        yield coverage(runs, skips)


def of(frame: pd.DataFrame, *problems: str) -> pd.DataFrame:
    """The rows of `frame` about `problems`."""
    return frame[frame["problem"].isin(problems)]
