"""Everything that a report says of an experiment, computed once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.analysis.comparisons import can_be_tested, compare_pairs, values_for_tests
from bench.analysis.competitors import by_pair
from bench.analysis.honest import honest_runs, honest_scores, of_one_problem
from bench.analysis.leaders import leaders
from bench.analysis.overall import overall
from bench.analysis.ranks import ranks
from bench.analysis.regret import has_an_optimum, known_optimum, regret_curves
from bench.analysis.running_times import running_times
from bench.analysis.savings import savings
from bench.analysis.scores import BASELINE
from bench.analysis.simulated_time import has_workers, simulated_curves, speed_ups
from bench.analysis.summary import at_the_end, summarise
from bench.experiment import Experiment
from bench.forked import side_by_side
from bench.plots.style import shown

BOOTSTRAP_SEED = 0  # the same data give the same intervals


@dataclass(frozen=True)
class Measures:
    """Tables of an experiment.

    `summary`: `summarise` with the columns of `overall`; `pairs`: `compare_pairs`; `times`: `running_times`;
    `values`: `values_for_tests`; `in_time`: `simulated_curves`, and `workers`: `speed_ups`, without rows where nothing
    had workers; `savings`: of strategies with a pruner; `honest`: `honest_scores`; `leaders`: at parts of the
    budget; `untested`: why no test over problems was made, empty where one was; `missing`: what else is not shown, and
    why, in sentences.
    """

    curves: pd.DataFrame
    ranked: pd.DataFrame
    summary: pd.DataFrame
    pairs: pd.DataFrame
    times: pd.DataFrame
    values: pd.DataFrame
    in_time: pd.DataFrame
    workers: pd.DataFrame
    savings: pd.DataFrame
    honest: pd.DataFrame
    leaders: pd.DataFrame
    untested: str
    missing: list[str]


def measure(experiment: Experiment) -> Measures:
    """The tables of `experiment`, as far as it has come; a strategy with a pruner is a competitor of its own."""
    runs, trials = by_pair(experiment.runs), by_pair(experiment.trials)
    for_overall, for_pairs, for_times, for_honest = np.random.default_rng(BOOTSTRAP_SEED).spawn(4)
    (for_leaders,) = np.random.default_rng(BOOTSTRAP_SEED).spawn(1)  # draws as for_overall: one interval per number
    curves = regret_curves(runs, trials)
    ranked = ranks(runs, curves)
    ends = at_the_end(curves)
    values = values_for_tests(ends)
    in_time = simulated_curves(runs, trials if has_workers(runs) else trials.head(0))
    independent: list[Callable[[], pd.DataFrame]] = [
        lambda: summarise(runs, trials, curves, ranked),
        lambda: running_times(curves, known_optimum(runs, trials)[1], for_times),
        lambda: compare_pairs(ends, values, for_pairs),
        lambda: leaders(curves, ranked, for_leaders),
        lambda: overall(runs, trials, curves, ranked, for_overall),
    ]
    summary, times, pairs, led, by_strategy = side_by_side(independent, len(trials))
    honest = honest_scores(honest_runs(trials, curves, by_pair(experiment.retrainings)), for_honest)
    wide = summary.drop(columns=["mean_rank", "score"]).merge(by_strategy, on="strategy", how="left")
    wide = wide.merge(of_one_problem(honest), on="strategy", how="left")
    return Measures(
        curves=curves,
        ranked=ranked,
        summary=wide,
        pairs=pairs,
        times=times,
        values=values,
        in_time=in_time,
        workers=speed_ups(in_time),
        savings=savings(curves, np.random.default_rng(BOOTSTRAP_SEED)),
        honest=honest,
        leaders=led,
        untested=can_be_tested(values),
        missing=what_is_missing(curves),
    )


def what_is_missing(curves: pd.DataFrame) -> list[str]:
    """What a report of `curves` does not show, and why."""
    sentences = []
    if BASELINE not in curves["strategy"].unique():
        sentences.append(
            "Random search is not among the strategies, so there is nothing to compare with: no score, no area, no "
            "sample efficiency, no running times; add it (--strategies random,…)."
        )
    known = has_an_optimum(curves)
    stated = set(known["problem"].unique())
    unknown = [shown(name) for name in curves["problem"].unique() if name not in stated]
    if unknown:
        sentences.append(
            f"No optimum or bound is known of {', '.join(unknown)}: the best value seen stands in for it, which moves "
            "with whoever took part, so score, ratio, area and tests leave it out; ranks and shares of wins do not."
        )
    if len(curves) and curves.groupby(["problem", "dim"])["seed"].nunique().max() < 2:
        sentences.append("There is one seed, and with it no interval: nothing says what another would have shown.")
    return sentences
