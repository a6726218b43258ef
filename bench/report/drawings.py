"""Every figure of an experiment, each still to be drawn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd

from bench.plots.coverage_figure import coverage, is_complete
from bench.plots.critical_difference_figure import critical_difference_diagram
from bench.plots.held_out_figure import held_out
from bench.plots.honest_figure import optimism
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

Draw: TypeAlias = Callable[[], Drawing]


def drawings(runs: pd.DataFrame, trials: pd.DataFrame, skips: pd.DataFrame, measures: Measures) -> Iterator[Draw]:
    """The figures that these frames allow: the overview first, then problem by problem, then what is missing.

    `measures` are those of `runs` and `trials`. Each has a stream of its own, and can be drawn without the others.
    """
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    curves, ends, ranked = measures.curves, measures.ends, measures.last_ranks  # the last two do where order is all
    problems = list(measures.by_trial)

    def about(draw: Callable[..., Drawing], frames: Sequence[pd.DataFrame], *names: str) -> Draw:
        """`draw` of what the frames say of these problems."""
        (own,) = rng.spawn(1)
        return lambda: draw(*(of(frame, *names) for frame in frames), own)

    def by_trial(problem: str) -> Drawing:
        of_runs, of_ends, of_ranked = (of(frame, problem) for frame in (runs, ends, ranked))
        return regret_by_trial(of_runs, of_ends, of_ranked, measures.by_trial[problem])

    if len(ranked) and problems:
        yield within("Curves", lambda: rank_by_trial(runs, ranked, measures.rank_band))
        if len(measures.pairs):
            yield within("Pairs", lambda: win_matrix(runs, measures.pairs, ranked, measures.untested))
        if not measures.untested and len(measures.values.columns) > 2:
            yield within("Pairs", lambda: critical_difference_diagram(measures.values))
        yield within("Profiles", lambda: targets_reached(runs, ends, ranked, measures.profiles))
    if problems:
        yield within("Scaling", lambda: regret_by_dim(of(runs, *problems), ends, ranked, measures.by_dim))
    for problem in problems:
        yield within("By problem", partial(by_trial, problem))
    for problem in curves.loc[curves["regret"].notna() & curves["incumbent_test"].notna(), "problem"].unique():
        yield within("Trust", about(held_out, (runs, ends, ranked), problem))
    if len(measures.honest):
        yield within("Trust", lambda: optimism(runs, measures.honest, ranked))
    for problem in trials.loc[trials["pruner"] != NO_PRUNER, "problem"].unique():
        if problem in problems:
            yield within("By problem", about(regret_with_pruners, (runs, curves, ranked), problem))
            if have_lengths(of(trials, problem)):
                yield within("Time", about(trial_lengths, (runs, trials, ranked), problem))
    for problem in measures.in_time["problem"].unique():
        yield within("Time", about(regret_by_time, (runs, measures.in_time), problem))
    if len(trials):
        yield within("Time", lambda: optimiser_seconds(trials, ranked))
    if not is_complete(runs, skips):
        yield within("Trust", lambda: coverage(runs, skips))


def within(section: str, draw: Draw) -> Draw:
    """`draw`, with the section of the page that it belongs to."""
    return lambda: replace(draw(), section=section)


def of(frame: pd.DataFrame, *problems: str) -> pd.DataFrame:
    """The rows of `frame` about `problems`."""
    return frame[frame["problem"].isin(problems)]
