"""What a search was told about its winner, against the winner's error on test cases: the runs that two claims share.

| column | meaning |
|---|---|
| `told`, `test` | error of the incumbent as told, and on the test part |
| `usual` | mean test − told over all of random search's trials on the same instance |
| `gap` | (test − told) − usual |

For mlp-digits told and test error are of the same network on disjoint cases: over instances, `usual` is 0 on average,
and to subtract it takes the luck of the split out and leaves the gap unbiased. For the others the told error is
cross-validated on models that saw two thirds of the cases, hence pessimistic; `usual` is mostly that.
"""

from collections.abc import Mapping

import pandas as pd

from bench.analysis.regret import simple_regret
from bench.claims.claim import Effect, Setting
from bench.claims.fitted import DIM, PROBLEMS
from bench.claims.intervals import mean_effect
from bench.claims.runs import run

STRATEGIES = ("random", "gp")
TRIALS = 32
FIRST = 4  # the early trial that the last is compared with
SEEDS: Mapping[str, int] = {"quick": 5, "full": 40}


def winner_gaps(setting: Setting) -> pd.DataFrame:
    """Run both searches on all problems; columns `problem`, `strategy`, `seed`, `trial` and those above."""
    trials = run(
        setting, "winners", problems=list(PROBLEMS), dims=[DIM], strategies=list(STRATEGIES), trials=TRIALS,
        seeds=SEEDS[setting.profile],
    ).trials  # fmt: skip
    return gaps(trials)


def gaps(trials: pd.DataFrame) -> pd.DataFrame:
    """The columns above, from an experiment's trials; rows before a first success are left out."""
    curves = simple_regret(trials).assign(difference=trials["test_value"] - trials["value"])
    random = curves[curves["strategy"] == "random"]
    usual = random.groupby(["problem", "seed"])["difference"].mean().rename("usual").reset_index()
    curves = curves.merge(usual, on=["problem", "seed"])
    table = curves[["problem", "strategy", "seed", "trial", "usual"]].assign(
        told=curves["incumbent_value"], test=curves["incumbent_test"]
    )
    return table.assign(gap=table["test"] - table["told"] - table["usual"]).dropna(ignore_index=True)


def winner_effects(table: pd.DataFrame) -> list[Effect]:
    """The gap after all trials, for every strategy and problem; reported only."""
    last = table[table["trial"] == table["trial"].max()]
    return [
        mean_effect(f"told error of the winner of {strategy}, too low by, {problem}", rows["gap"], "seeds")
        for (strategy, problem), rows in last.groupby(["strategy", "problem"])
    ]
