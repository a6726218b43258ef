"""What each choice of the homemade GP search is worth: every one switched off alone, on a fixed set of problems.

python scripts/ablate_gp.py [--instances N]    ten minutes an instance on two cores; writes docs/gp/ablation.md

The instances are not those of `compare_gp_peers.py`: choices were made here, and are judged there.
"""

import argparse
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.significance import LEAST_REGRET, paired_against
from bench.environment import environment
from bench.records import RunKey, Setting, Trial
from bench.run import make_problem, search
from bench.seeding import rng_for
from bench.threads import ONE_THREAD
from strategies.gp.model import Priors
from strategies.gp.settings import Settings
from strategies.gp_search import GPSearch

SHIPPED = "as shipped"
NEVER = 10**9
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    SHIPPED: {},
    "no output warping": {"settings": Settings(priors=Priors(warp=(-5.0, 1e-3)))},
    "EI instead of LogEI": {"acquisition": "ei"},
    "UCB instead of LogEI": {"acquisition": "ucb"},
    "no climbing: the best candidate": {"settings": Settings(climb_steps=0)},
    "no candidates near the best": {"settings": Settings(near=0)},
    "a tenth of the candidates": {"settings": Settings(candidates=40, near=15)},
    "flat prior on length scales": {"settings": Settings(priors=Priors(length_width=30.0))},
    "longer length scales (Hvarfner et al.)": {"settings": Settings(priors=Priors(length_centre=np.sqrt(2.0)))},
    "shorter length scales": {"settings": Settings(priors=Priors(length_centre=-0.5))},
    "no noise": {"settings": Settings(priors=Priors(noise=(np.log(1e-8), 1e-3)))},
    "no patience rule": {"settings": Settings(patience=NEVER)},
    "a fit at every trial, to the end": {"settings": Settings(refit_growth=0.0, fit_steps=100)},
    "a fit at every doubling": {"settings": Settings(refit_growth=1.0)},
}
TUNED = ("mlp-digits", "knn-digits", "elastic-net-diabetes")  # log, integer and categorical parameters; plateaus
PROBLEMS = [(f"bbob-f{number}", dim) for dim in (2, 5, 10) for number in range(1, 25)]
PROBLEMS += [(name, dim) for dim in (2, 5) for name in TUNED]
FIRST_INSTANCE = 100
TRIALS = 100


@dataclass
class Kept:
    """A sink that keeps the trials."""

    trials: list[Trial] = field(default_factory=list)

    def begin(self, setting: Setting) -> None:
        """Nothing to remember."""

    def add(self, trial: Trial) -> None:
        """Remember."""
        self.trials.append(trial)


def regret_and_time(variant: str, key: RunKey) -> dict[str, Any]:
    """One run of one variant: log10 of its final regret, and mean milliseconds of ask and tell."""
    problem, sink = make_problem(key), Kept()
    rng = rng_for("strategy", key.seed, key.problem, key.dim, key.strategy)
    search(GPSearch(problem.space, budget=key.budget, rng=rng, **VARIANTS[variant]), problem, key, [], sink)
    told = [trial.value for trial in sink.trials if trial.value is not None]
    regret = min(told) - (problem.optimum.value if problem.optimum else 0.0)
    seconds = sum(trial.ask_s + trial.tell_s for trial in sink.trials)
    return {
        "strategy": variant, "problem": key.problem, "dim": key.dim, "instance": key.instance,
        "log_regret": np.log10(max(regret, LEAST_REGRET)), "ms": 1e3 * seconds / key.budget,
    }  # fmt: skip


def measure(instances: int) -> pd.DataFrame:
    """Every variant on every cell."""
    jobs = [
        (variant, RunKey(name, dim, instance, "gp", instance, TRIALS))
        for instance in range(FIRST_INSTANCE, FIRST_INSTANCE + instances)
        for name, dim in PROBLEMS
        for variant in VARIANTS
    ]
    os.environ.update(ONE_THREAD)  # for the workers, whose numpy is not loaded yet
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return pd.DataFrame(pool.map(regret_and_time, *zip(*jobs, strict=True), chunksize=len(VARIANTS)))


def lines(results: pd.DataFrame) -> Iterator[str]:
    """The table as Markdown."""
    cell = ["problem", "dim", "instance"]
    rank = results["log_regret"].groupby([results[name] for name in cell]).rank()
    by_variant = results.assign(rank=rank).groupby("strategy")
    summary = by_variant.agg(rank=("rank", "mean"), ms=("ms", "mean"))
    values = results.pivot_table(index=["problem", "dim"], columns="strategy", values="log_regret")
    tests = paired_against(values, SHIPPED).set_index("peer")
    loss = (values.sub(values[SHIPPED], axis=0)).mean()
    yield "| variant | mean rank | decades over shipped | worse / better cells | p | p (Holm) | ms per trial |"
    yield "|---" * 7 + "|"
    for name in VARIANTS:
        start = f"| {name} | {summary.loc[name, 'rank']:.2f} "
        if name == SHIPPED:
            yield f"{start}| | | | | {summary.loc[name, 'ms']:.1f} |"
            continue
        row = tests.loc[name]
        yield (
            f"{start}| {loss[name]:+.2f} | {row['wins']:.0f} / {row['losses']:.0f} | {row['p']:.2g} "
            f"| {row['p_holm']:.2g} | {summary.loc[name, 'ms']:.1f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=int, default=3, help="of every problem")
    instances = parser.parse_args().instances
    results = measure(instances)
    where = environment()
    folder = Path(__file__).parents[1] / "docs" / "gp"
    folder.mkdir(parents=True, exist_ok=True)
    text = [
        "# What each choice of the GP search is worth",
        "",
        f"Written by `python scripts/ablate_gp.py --instances {instances}`; Python {where['python']}, "
        f"{where['processor']}, one thread per run.",
        "",
        f"Each choice off, one at a time: the 24 BBOB functions in d = 2, 5, 10 and {', '.join(TUNED)} in d = 2, 5; "
        f"instances: {instances}, {TRIALS} trials. Mean rank is among the {len(VARIANTS)} rows (lower is better); the "
        "regret is the mean of log10 over cells, positive when the variant is worse; Wilcoxon's test over the "
        f"{len(PROBLEMS)} cells (problem × dimension), Holm over rows.",
        "",
        *lines(results),
        "",
    ]
    (folder / "ablation.md").write_text("\n".join(text), encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
