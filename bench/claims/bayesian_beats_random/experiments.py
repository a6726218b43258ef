"""The runs, and what they say: how probably is each run ahead of random search on the same instance?

`gp` plans its first trials by its budget: every budget is a run of its own. The Parzen estimators do not look at their
budget, and a prefix of their longest run stands for every smaller one. Random search is one long run per instance,
whose draws stand for every number of trials (`bench.analysis.pooled`).

Quick: four minutes on two cores, half of it 4,300 trainings. Full: an hour, 86,000 trainings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.anytime import best_of
from bench.analysis.pooled import INSTANCE, chance_ahead, even_trials, pools
from bench.analysis.regret import regret_curves
from bench.analysis.significance import LEAST_REGRET
from bench.claims.claim import Profile, Setting
from bench.claims.runs import run
from bench.experiment import Experiment
from bench.records import pair_label
from problems.registry import problem_entry
from problems.space import Floats
from strategies.pruners.registry import NO_PRUNER
from strategies.registry import strategy_entry

PEERS = ("optuna-tpe", "hyperopt-tpe")  # reported where they are installed; `gp` decides
COSTS = (1e-3, 1e-2, 1e-1, 1.0, 60.0)  # seconds per trial, where time is counted


@dataclass(frozen=True)
class Family:
    """Problems that are run with the same settings."""

    name: str  # of its experiments
    problems: tuple[str, ...]
    dims: Mapping[Profile, tuple[int, ...]]
    seeds: Mapping[Profile, int]
    budgets: Mapping[Profile, tuple[int, ...]]  # ascending
    pool: Mapping[Profile, int]  # trials of random search
    peers: tuple[str, ...] = ()
    costs: tuple[float, ...] = ()  # those of `COSTS` for which the pool is large enough
    executor: str = "local"

    def settings(self, profile: Profile, strategy: str, trials: int, pruner: str = NO_PRUNER) -> dict[str, Any]:
        """Of the experiment in which `strategy`, paired with `pruner`, has the price of `trials` full trials."""
        return {
            "problems": list(self.problems),
            "dims": list(self.dims[profile]),
            "seeds": self.seeds[profile],
            "strategies": [strategy],
            "pruners": [pruner],
            "trials": trials,
            "executor": self.executor,
        }

    def run(self, setting: Setting, strategy: str, trials: int, pruner: str = NO_PRUNER) -> Experiment:
        """That experiment, run or read back."""
        name = f"{self.name}-{pair_label(strategy, pruner)}-{trials}".replace("+", "-")
        return run(setting, name, **self.settings(setting.profile, strategy, trials, pruner))

    @property
    def installed(self) -> bool:
        """Whether its problems can be made here."""
        return not any(problem_entry(name).needs.missing() for name in self.problems)


FUNCTIONS = Family(
    name="functions",
    problems=("ackley", "rosenbrock", "rastrigin", "levy", "styblinski-tang", "embedded-2"),
    dims={"quick": (2, 5, 10), "full": (2, 5, 10)},
    seeds={"quick": 4, "full": 30},
    budgets={"quick": (10, 20, 50, 100), "full": (10, 20, 50, 100)},
    pool={"quick": 3000, "full": 3000},
    peers=PEERS,
    costs=COSTS,
)
BBOB = Family(  # Rosenbrock and Rastrigin rotated, and a hundred peaks; reported where coco-experiment is installed
    name="bbob",
    problems=("bbob-f9", "bbob-f15", "bbob-f21"),
    dims={"quick": (2, 5, 10), "full": (2, 5, 10)},
    seeds={"quick": 3, "full": 30},
    budgets={"quick": (50,), "full": (10, 20, 50, 100)},
    pool={"quick": 1000, "full": 3000},
)
TRAININGS = Family(
    name="trainings",
    problems=("mlp-digits", "svm-digits", "elastic-net-diabetes"),
    dims={"quick": (2, 5), "full": (2, 5)},
    seeds={"quick": 4, "full": 30},
    budgets={"quick": (20, 50), "full": (10, 20, 50, 100)},
    pool={"quick": 60, "full": 200},
    peers=PEERS[:1],  # a second estimator would take the quick form beyond its minutes
    costs=COSTS[-2:],  # those that last long enough for random search to need no more trials than the pool has
)


def installed(peers: Sequence[str]) -> list[str]:
    """Those of `peers` whose packages are there."""
    return [name for name in peers if not strategy_entry(name).needs.missing()]


def chances(setting: Setting, family: Family, peers: Sequence[str] = ()) -> pd.DataFrame:
    """`against_random` for `gp` at every budget of the family and for `peers`; with the column `family`."""
    profile = setting.profile
    budgets = family.budgets[profile]
    random = family.run(setting, "random", family.pool[profile])
    tables = [
        against_random(family.run(setting, "gp", budget), random, [budget], family.costs) for budget in budgets
    ] + [
        against_random(family.run(setting, name, budgets[-1]), random, budgets, family.costs)
        for name in installed(peers)
    ]
    return pd.concat(tables, ignore_index=True).assign(family=family.name)


def against_random(
    experiment: Experiment, random: Experiment, budgets: Sequence[int], costs: Sequence[float]
) -> pd.DataFrame:
    """One row per run, budget and cost of a trial; cost NaN: the same number of trials, whatever time they take.

    Columns: `problem`, `dim`, `seed`, `strategy`, `budget`, `cost`, `random_trials` (that fit into the same time),
    `capped` (the pool has fewer: then it is the pool's size), `chance` of the run to be ahead of random search,
    `decades` (mean log10 of random's regret, minus that of the run), `needs` (trials of random search for an even
    chance against the run), and `optimiser_s` of the run.
    """
    by_run = experiment.trials.groupby([*INSTANCE, "strategy"])[["ask_s", "tell_s"]]
    spent = by_run.cumsum().sum(axis=1).rename("optimiser_s")
    thought = experiment.trials[[*INSTANCE, "strategy", "trial"]].assign(optimiser_s=spent)
    curves = regret_curves(experiment.runs, experiment.trials)
    ends = curves[curves["trial"].isin(budgets)].merge(thought, on=[*INSTANCE, "strategy", "trial"], how="left")
    random_s = float((random.trials["ask_s"] + random.trials["tell_s"]).mean())
    drawn = pools(random.trials)
    rows = []
    for end, cost in product(ends.to_dict("records"), [np.nan, *costs]):
        pool, budget = drawn[tuple(end[name] for name in INSTANCE)], int(end["trial"])
        fitting = budget if np.isnan(cost) else whole((end["optimiser_s"] + budget * cost) / (cost + random_s))
        n = min(max(fitting, 1), len(pool))
        rows.append(
            {
                **{name: end[name] for name in (*INSTANCE, "strategy", "optimiser_s")},
                "budget": budget,
                "cost": cost,
                "random_trials": n,
                "capped": fitting > len(pool),
                "chance": chance_ahead(end["regret"], pool, n),
                "decades": mean_log(pool, n) - float(np.log10(max(end["regret"], LEAST_REGRET))),
                "needs": even_trials(end["regret"], pool),
            }
        )
    return pd.DataFrame(rows)


def whole(trials: float) -> int:
    """Whole trials in `trials`; what lacks only rounding is whole."""
    return int(trials + 1e-9)


def mean_log(pool: Floats, n: int) -> float:
    """Expected log10 of the best of `n` draws of the regrets `pool` (B,); a failed one counts as the worst."""
    ordered = np.sort(np.where(np.isnan(pool), np.nanmax(pool), pool))
    return float(best_of(n, len(ordered)) @ np.log10(np.maximum(ordered, LEAST_REGRET)))
