"""Do strategies rank on a recorded problem as on the real one? The figures of docs/recorded.md.

python scripts/measure_recorded.py --seeds 3    a few minutes of one quiet core, most of them trainings

The same strategies, seeds and budgets on `mlp-digits` in five dimensions, instance 0, and on its recording. A
strategy's rank is its mean rank over seeds by the best told value so far. How far ranks agree that come from other
seeds of the real problem says how much agreement there can be.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from bench.experiment import Silent, carry_out, load_experiment
from bench.plan import Plan
from bench.records import RunKey
from bench.spec import ExperimentSpec
from problems.recorded.judging import errors_of
from problems.recorded.storage import read
from problems.recorded.surrogates import KINDS
from problems.registry import problem_entry

REAL, RECORDED, DIM = "mlp-digits", "recorded-mlp-digits", 5
STRATEGIES = ("random", "gp", "optuna-tpe", "hyperopt-tpe", "skopt-forest")
HALVES = 200  # random halves of the seeds


def trials_of(problem: str, seeds: int, budget: int, folder: Path, jobs: int) -> pd.DataFrame:
    """The trials of all strategies on instance 0 of `problem`; what is stored in `folder` is not run again."""
    spec = ExperimentSpec(problems=(problem,), dims=(DIM,), strategies=STRATEGIES, trials=str(budget), seeds=seeds)
    keys = (RunKey(problem, DIM, 0, name, seed, budget) for seed in range(seeds) for name in STRATEGIES)
    carry_out({"jobs": jobs}, Plan(spec, tuple(keys), ()), folder, Silent())
    return load_experiment(folder).trials


def best_so_far(trials: pd.DataFrame, budget: int) -> pd.DataFrame:
    """The best told value after so many trials: a row per seed, a column per strategy."""
    early = trials[trials["trial"] <= budget]
    return early.groupby(["seed", "strategy"])["value"].min().unstack()[list(STRATEGIES)]


def mean_ranks(best: pd.DataFrame) -> pd.Series:
    """Of each strategy, over the seeds; 1 is best."""
    return best.rank(axis=1).mean()


def agreement(one: pd.Series, other: pd.Series) -> float:
    """Spearman's correlation of two rankings."""
    return float(spearmanr(one, other).statistic)


def within(best: pd.DataFrame, rng: np.random.Generator) -> float:
    """The mean agreement of two random halves of the seeds."""
    found = []
    for _ in range(HALVES):
        order = rng.permutation(len(best))
        half = len(best) // 2
        found.append(agreement(*(mean_ranks(best.iloc[part]) for part in (order[:half], order[half : 2 * half]))))
    return float(np.mean(found))


def ordered_alike(real: pd.DataFrame, recorded: pd.DataFrame) -> str:
    """Of the pairs of strategies that differ clearly on the real problem, how many are ordered so on the recorded one.

    Clearly: one is better on three quarters of the seeds or more, ties counting half.
    """
    clear = alike = 0
    for one, other in combinations(STRATEGIES, 2):
        share = float((real[one] < real[other]).mean() + (real[one] == real[other]).mean() / 2)
        if max(share, 1.0 - share) >= 0.75:
            clear += 1
            ranks = mean_ranks(recorded)
            alike += (ranks[one] < ranks[other]) == (share > 0.5)
    return f"{alike} of {clear}"


def report(real: pd.DataFrame, recorded: pd.DataFrame, budgets: Sequence[int]) -> None:
    """Print what was found, as Markdown."""
    for budget in budgets:
        a, b = best_so_far(real, budget), best_so_far(recorded, budget)
        table = pd.DataFrame({
            "real, median best": a.median(), "recorded, median best": b.median(),
            "real, mean rank": mean_ranks(a), "recorded, mean rank": mean_ranks(b),
        }).sort_values("real, mean rank")  # fmt: skip
        print(f"\nAfter {budget} trials, {len(a)} seeds\n\n| strategy | {' | '.join(table.columns)} |")
        print("|---" * (len(table.columns) + 1) + "|")
        for row in table.itertuples():
            print(f"| {row[0]} | {row[1]:.4f} | {row[2]:.4f} | {row[3]:.2f} | {row[4]:.2f} |")
        print(
            f"\nRank correlation of the strategies, recorded with real: {agreement(mean_ranks(a), mean_ranks(b)):.2f}; "
            f"of halves of the seeds, real with real: {within(a, np.random.default_rng(0)):.2f}, "
            f"recorded with recorded: {within(b, np.random.default_rng(0)):.2f}. "
            f"Clear pairs of the real problem ordered alike: {ordered_alike(a, b)}."
        )


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--results", type=Path, default=Path("results") / "measure-recorded")
    asked = parser.parse_args()
    found, seconds = [], []
    for problem in (REAL, RECORDED):
        began = perf_counter()
        found.append(trials_of(problem, asked.seeds, asked.trials, asked.results / problem, asked.jobs))
        seconds.append(perf_counter() - began)
    spent = [trials["evaluate_s"].mean() for trials in found]
    recording = read(Path(problem_entry(RECORDED).options["file"]))
    raw = errors_of(recording, replace(KINDS["forest"], in_scores=False), np.random.default_rng(0))
    print(f"{recording.facts.problem}: {recording.facts.how}")
    for model, errors in {**recording.facts.errors, "forest of raw values": raw}.items():
        print(f"- {model}: {', '.join(f'{measure} {value:.3g}' for measure, value in errors.items())}")
    print(f"A trial takes {1e3 * spent[0]:.0f} ms on the real problem, {1e3 * spent[1]:.1f} ms on the recorded one.")
    report(*found, budgets=[asked.trials // 4, asked.trials // 2, asked.trials])
    print(f"\nThis took {seconds[0]:.0f} s and {seconds[1]:.0f} s; what was stored before took nothing.")


if __name__ == "__main__":
    main()
