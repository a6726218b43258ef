"""Everything that a report says of an experiment, computed once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.comparisons import can_be_tested, compare_pairs, values_for_tests
from bench.analysis.competitors import by_pair
from bench.analysis.equal_time import Timed, timed
from bench.analysis.honest import honest_runs, honest_scores, of_one_problem
from bench.analysis.leaders import leaders
from bench.analysis.overall import overall
from bench.analysis.ranks import CELL, rank_bands, ranks
from bench.analysis.regret import has_an_optimum, known_optimum, regret_curves
from bench.analysis.running_times import running_times
from bench.analysis.savings import savings
from bench.analysis.scores import BASELINE
from bench.analysis.simulated_time import has_workers, simulated_curves, speed_ups
from bench.analysis.summary import at_the_end, final, summarise
from bench.experiment import Experiment
from bench.forked import side_by_side
from bench.plots.regret_figures import bands_by_dim, bands_by_trial
from bench.plots.style import shown
from bench.plots.targets_figure import Profile, profiles

BOOTSTRAP_SEED = 0  # the same data give the same intervals


@dataclass(frozen=True)
class Measures:
    """Tables of an experiment.

    `summary`: `summarise` with the columns of `overall`; `pairs`: `compare_pairs`; `times`: `running_times`;
    `values`: `values_for_tests`; `in_time`: `simulated_curves`, and `workers`: `speed_ups`, without rows where nothing
    had workers; `savings`: of strategies with a pruner; `honest`: `honest_scores`; `leaders`: at parts of the budget;
    `ends`: `at_the_end` of `curves`, `last_ranks`: the rows of `ranked` at the end of each cell; `timed`: runs at any
    time and price; `rank_band`, `profiles`, `by_dim`, `by_trial` (of each problem with a regret): what figures and
    charts draw alike; `untested`: why no test over problems was made, empty where one was; `missing`: what else is not
    shown, and why, in sentences.
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
    ends: pd.DataFrame
    last_ranks: pd.DataFrame
    timed: Timed
    rank_band: pd.DataFrame
    profiles: list[Profile]
    by_dim: Mapping[str, pd.DataFrame]
    by_trial: Mapping[str, pd.DataFrame]
    untested: str
    missing: list[str]


def measure(experiment: Experiment, beside: Sequence[Callable[[], object]] = ()) -> Measures:
    """The tables of `experiment`, as far as it has come; a strategy with a pruner is a competitor of its own.

    What is `beside` is done while nothing else can be: all other tables are made of the first two.
    """
    runs, trials = by_pair(experiment.runs), by_pair(experiment.trials)
    for_overall, for_pairs, for_times, for_honest = np.random.default_rng(BOOTSTRAP_SEED).spawn(4)
    (for_leaders,) = np.random.default_rng(BOOTSTRAP_SEED).spawn(1)  # draws as for_overall: one interval per number
    tasks: list[Callable[[], Any]] = [*beside, partial(curves_and_ranks, runs, trials)]
    curves, ranked = side_by_side(tasks, len(trials))[-1]
    ends, last_ranks = at_the_end(curves), final(ranked, CELL)
    values = values_for_tests(ends)
    in_time = simulated_curves(runs, trials if has_workers(runs) else trials.head(0))
    problems = with_a_regret(runs, curves)
    drawable = bool(len(ranked) and problems)
    for_ranks, for_profiles, for_dims, *for_problems = np.random.default_rng([BOOTSTRAP_SEED, 2]).spawn(
        3 + len(problems)
    )
    streams = dict(zip(problems, for_problems, strict=True))
    independent: dict[str, Callable[[], Any]] = {
        "summary": lambda: summarise(runs, trials, ends, last_ranks),
        "times": lambda: running_times(curves, known_optimum(runs, trials)[1], for_times),
        "pairs": lambda: compare_pairs(ends, values, for_pairs),
        "leaders": lambda: leaders(curves, ranked, for_leaders),
        "rank_band": lambda: rank_bands(ranked, for_ranks) if drawable else ranked,
        "profiles": lambda: profiles(curves, for_profiles) if drawable else [],
        "by_dim": lambda: bands_by_dim(runs[runs["problem"].isin(problems)], ends, for_dims),
        **{f"of {problem}": partial(trial_bands, curves, problem, stream) for problem, stream in streams.items()},
        "honest": lambda: honest_scores(honest_runs(trials, curves, by_pair(experiment.retrainings)), for_honest),
        "savings": lambda: savings(curves, np.random.default_rng(BOOTSTRAP_SEED)),
        "missing": lambda: what_is_missing(curves),
        "overall": lambda: overall(runs, trials, curves, last_ranks, for_overall),
        "timed": lambda: timed(runs, trials, curves),  # the last: the largest, so it is made where it is used
    }
    found = dict(zip(independent, side_by_side(list(independent.values()), len(trials)), strict=True))
    wide = found["summary"].drop(columns=["mean_rank", "score"]).merge(found["overall"], on="strategy", how="left")
    wide = wide.merge(of_one_problem(found["honest"]), on="strategy", how="left")
    return Measures(
        curves=curves,
        ranked=ranked,
        summary=wide,
        pairs=found["pairs"],
        times=found["times"],
        values=values,
        in_time=in_time,
        workers=speed_ups(in_time),
        savings=found["savings"],
        honest=found["honest"],
        leaders=found["leaders"],
        ends=ends,
        last_ranks=last_ranks,
        timed=found["timed"],
        rank_band=found["rank_band"],
        profiles=found["profiles"],
        by_dim=found["by_dim"],
        by_trial={problem: found[f"of {problem}"] for problem in problems},
        untested=can_be_tested(values),
        missing=found["missing"],
    )


def curves_and_ranks(runs: pd.DataFrame, trials: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every run's regret, and the ranks by it."""
    curves = regret_curves(runs, trials)
    return curves, ranks(runs, curves)


def with_a_regret(runs: pd.DataFrame, curves: pd.DataFrame) -> list[str]:
    """The problems of `runs` of which there is a regret, in the plan's order."""
    found = curves.loc[curves["regret"].notna(), "problem"].unique()
    return [str(problem) for problem in runs.loc[runs["problem"].isin(found), "problem"].unique()]


def trial_bands(curves: pd.DataFrame, problem: str, rng: Generator) -> pd.DataFrame:
    """`bands_by_trial` of one of the problems."""
    return bands_by_trial(curves[curves["problem"] == problem], rng)


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
