"""Every interactive figure of an experiment, each still to be made."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd

from bench.charts.chart import Chart
from bench.charts.coverage_chart import coverage
from bench.charts.difference_chart import critical_difference_diagram
from bench.charts.equal_time_chart import by_price, by_seconds
from bench.charts.held_out_chart import held_out
from bench.charts.honest_chart import optimism
from bench.charts.profile_chart import targets_reached
from bench.charts.pruning_chart import regret_with_pruners, trial_lengths
from bench.charts.rank_chart import rank_by_trial
from bench.charts.regret_chart import regret_by_dim, regret_by_trial
from bench.charts.time_chart import optimiser_seconds
from bench.charts.wins_chart import win_matrix
from bench.charts.workers_chart import regret_by_time
from bench.plots.coverage_figure import is_complete
from bench.plots.pruning_figure import have_lengths
from bench.report.measures import BOOTSTRAP_SEED, Measures
from strategies.pruners.registry import NO_PRUNER

Make: TypeAlias = Callable[[], Chart]


def charts(runs: pd.DataFrame, trials: pd.DataFrame, skips: pd.DataFrame, measures: Measures) -> Iterator[Make]:
    """The charts that these frames allow, in the order of the page: the overview first, then problem by problem.

    `measures` are those of `runs` and `trials`, all by pairs. Each chart has a stream of its own, and can be made
    without the others.
    """
    # spawned in the order of bench.report.drawings: a chart has the bands of its figure for print, to the last digit
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    for_prices, for_seconds = np.random.default_rng([BOOTSTRAP_SEED, 1]).spawn(2)
    curves, ends, ranked = measures.curves, measures.ends, measures.last_ranks  # the last two do where order is all
    found = measures.timed
    problems = list(measures.by_trial)

    def about(make: Callable[..., Chart], frames: Sequence[pd.DataFrame], *names: str) -> Make:
        """`make` of what the frames say of these problems."""
        (own,) = rng.spawn(1)
        return lambda: make(*(of(frame, *names) for frame in frames), own)

    def by_trial(problem: str) -> Chart:
        of_runs, of_ends, of_ranked = (of(frame, problem) for frame in (runs, ends, ranked))
        return regret_by_trial(of_runs, of_ends, of_ranked, measures.by_trial[problem])

    if len(ranked) and problems:
        yield lambda: rank_by_trial(runs, ranked, measures.rank_band)
        if len(measures.pairs):
            yield lambda: win_matrix(runs, measures.pairs, ranked, measures.untested)
        if not measures.untested and len(measures.values.columns) > 2:
            yield lambda: critical_difference_diagram(measures.values)
        yield lambda: targets_reached(runs, ends, ranked, measures.profiles)
    if problems:
        yield lambda: regret_by_dim(of(runs, *problems), ends, ranked, measures.by_dim)
    for problem in problems:
        yield partial(by_trial, problem)
    if len(found.states):
        yield lambda: by_price(runs, found, ranked, for_prices)
        yield lambda: by_seconds(runs, found, ranked, for_seconds)
    if len(trials):
        yield lambda: optimiser_seconds(trials, ranked)
    for problem in curves.loc[curves["regret"].notna() & curves["incumbent_test"].notna(), "problem"].unique():
        yield about(held_out, (runs, ends, ranked), problem)
    if len(measures.honest):
        yield lambda: optimism(runs, measures.honest, ranked)
    for problem in trials.loc[trials["pruner"] != NO_PRUNER, "problem"].unique():
        if problem in problems:
            yield about(regret_with_pruners, (runs, curves, ranked), problem)
            if have_lengths(trials[trials["problem"] == problem]):
                yield about(trial_lengths, (runs, trials, ranked), problem)
    for problem in measures.in_time["problem"].unique():
        yield about(regret_by_time, (runs, measures.in_time), problem)
    if not is_complete(runs, skips):
        yield lambda: coverage(runs, skips)


def of(frame: pd.DataFrame, *problems: str) -> pd.DataFrame:
    """The rows of `frame` about `problems`."""
    return frame[frame["problem"].isin(problems)]
