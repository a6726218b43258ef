"""Every figure of an experiment, one after the other, so that only one is in memory."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bench.plots.coverage_figure import coverage, is_complete
from bench.plots.held_out_figure import held_out
from bench.plots.page import Drawing
from bench.plots.rank_figure import rank_by_trial
from bench.plots.regret_figures import regret_by_dim, regret_by_trial
from bench.plots.time_figure import optimiser_seconds

BOOTSTRAP_SEED = 0  # the same data give the same bands


def draw_all(
    runs: pd.DataFrame, trials: pd.DataFrame, skips: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame
) -> Iterator[Drawing]:
    """The figures that these frames allow (`regret_curves` and `ranks` of them): the overview first, then problem by problem, then what is missing."""
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    shown = curves[curves["regret"].notna()]
    if len(ranked) and len(shown):
        yield rank_by_trial(runs, ranked)
    problems = list(dict.fromkeys(shown["problem"]))
    if problems:
        yield regret_by_dim(*(of(frame, problems) for frame in (runs, curves, ranked)), rng)
    for problem in problems:
        yield regret_by_trial(*(of(frame, [problem]) for frame in (runs, curves, ranked)), rng)
    for problem in dict.fromkeys(shown.loc[shown["incumbent_test"].notna(), "problem"]):
        yield held_out(*(of(frame, [problem]) for frame in (runs, curves, ranked)), rng)
    if len(trials):
        yield optimiser_seconds(trials, ranked)
    if not is_complete(runs, skips):
        yield coverage(runs, skips)


def of(frame: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """The rows of `frame` about `problems`."""
    return frame[frame["problem"].isin(problems)]
