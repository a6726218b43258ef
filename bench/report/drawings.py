"""Every figure of an experiment, one after the other, so that only one is in memory."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bench.analysis.significance import final_log_regrets
from bench.plots.coverage_figure import coverage, is_complete
from bench.plots.critical_difference_figure import critical_difference_diagram
from bench.plots.held_out_figure import held_out
from bench.plots.page import Drawing
from bench.plots.pruning_figure import regret_with_pruners, trial_lengths
from bench.plots.rank_figure import rank_by_trial
from bench.plots.regret_figures import regret_by_dim, regret_by_trial
from bench.plots.time_figure import optimiser_seconds
from strategies.pruners.registry import NO_PRUNER

BOOTSTRAP_SEED = 0  # the same data give the same bands
FEWEST_CELLS = 5  # problem × dimension: with fewer, a test over cells can see nothing


def draw_all(
    runs: pd.DataFrame, trials: pd.DataFrame, skips: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame
) -> Iterator[Drawing]:
    """The figures that these frames allow: the overview first, then problem by problem, then what is missing.

    `curves` and `ranked` are the `regret_curves` of `runs` and `trials`, and the `ranks` of those.
    """
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    shown = curves[curves["regret"].notna()]
    problems = list(dict.fromkeys(runs.loc[runs["problem"].isin(shown["problem"]), "problem"]))  # in the plan's order
    if len(ranked) and len(shown):
        yield rank_by_trial(runs, ranked)
        values = final_log_regrets(curves).dropna()  # of the cells that every strategy ran
        if len(values) >= FEWEST_CELLS and len(values.columns) > 2:
            yield critical_difference_diagram(values)
    if problems:
        yield regret_by_dim(of(runs, *problems), of(curves, *problems), of(ranked, *problems), rng)
    for problem in problems:
        yield regret_by_trial(of(runs, problem), of(curves, problem), of(ranked, problem), rng)
    for problem in dict.fromkeys(shown.loc[shown["incumbent_test"].notna(), "problem"]):
        yield held_out(of(runs, problem), of(curves, problem), of(ranked, problem), rng)
    for problem in dict.fromkeys(trials.loc[trials["pruner"] != NO_PRUNER, "problem"]):
        if problem in problems:
            yield regret_with_pruners(of(runs, problem), of(curves, problem), of(ranked, problem), rng)
            yield trial_lengths(of(runs, problem), of(trials, problem), of(ranked, problem), rng)
    if len(trials):
        yield optimiser_seconds(trials, ranked)
    if not is_complete(runs, skips):
        yield coverage(runs, skips)


def of(frame: pd.DataFrame, *problems: str) -> pd.DataFrame:
    """The rows of `frame` about `problems`."""
    return frame[frame["problem"].isin(problems)]
