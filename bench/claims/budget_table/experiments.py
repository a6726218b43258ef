"""The methods of the table at four budgets, on a neural network and on test functions.

| method | what it is |
|---|---|
| learning rate | random search over the learning rate alone; the other nine hyperparameters keep their defaults |
| random | random search over all parameters |
| gp | Bayesian search, homemade, over all parameters |
| gp + stopping | the same, its trials stopped by the median rule: what is saved pays for more of them |

Test functions have neither a learning rate nor learning curves: there, random search and `gp` are compared. A budget
is counted in full trainings, so that every method of a column costs the same.

Quick: four minutes on two cores. Full: half an hour. Runs on functions that `bayesian-beats-random` has made are used
again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.anytime import best_of
from bench.analysis.pooled import INSTANCE, chance_between, pools
from bench.analysis.regret import regret_curves
from bench.claims.bayesian_beats_random.experiments import FUNCTIONS, Family
from bench.claims.claim import Data, Setting
from bench.experiment import Experiment
from problems.space import Floats

LEARNING_RATE, RANDOM, GP, STOPPED = "learning rate", "random", "gp", "gp + stopping"
METHODS = (LEARNING_RATE, RANDOM, GP, STOPPED)
PRUNER = "median"  # Optuna's default, and with it that of most tutorials
NETWORK, ON_FUNCTIONS = "mlp-digits", "functions"
SHORT, LONG = (8, 30, 100), 250
DIM = 5  # of the test functions

ONE = Family(
    name="learning-rate",
    problems=(NETWORK,),
    dims={"quick": (1,), "full": (1,)},
    seeds={"quick": 8, "full": 30},
    budgets={"quick": SHORT, "full": SHORT},
    pool={"quick": 100, "full": 100},
)
TEN = replace(ONE, name="ten-parameters", dims={"quick": (10,), "full": (10,)})
FEWER: Mapping[str, Any] = {
    "seeds": {"quick": 4, "full": 12},
    "budgets": {"quick": (LONG,), "full": (LONG,)},
    "pool": {"quick": LONG, "full": LONG},
}
ONE_LONG, TEN_LONG = replace(ONE, **FEWER), replace(TEN, **FEWER)
FIVE = replace(FUNCTIONS, name=f"functions-{DIM}d", dims={"quick": (DIM,), "full": (DIM,)})


@dataclass(frozen=True)
class Search:
    """A search as the best of `n` of the draws `values` (B,); a run of its own is its best value and n = 1."""

    values: Floats
    n: int = 1

    def expected(self) -> float:
        """The expected best value; a failed draw counts as the worst."""
        ordered = np.sort(np.where(np.isnan(self.values), np.nanmax(self.values), self.values))
        return float(best_of(self.n, len(ordered)) @ ordered)


Place = tuple[str, int]  # problem and seed
Searches = Mapping[Place, Mapping[str, Search]]  # the methods there


def experiment(setting: Setting) -> Data:
    """Every method against every other, and its expected best value, in every column; how much was stopped."""
    long, stopped = with_stopping(setting, of_length(setting, LONG, ONE_LONG, TEN_LONG))
    columns = {(NETWORK, budget): of_length(setting, budget, ONE, TEN) for budget in SHORT}
    columns[NETWORK, LONG] = long
    columns |= {(ON_FUNCTIONS, budget): searches for budget, searches in on_functions(setting).items()}
    chances, levels = [], []
    for (family, budget), searches in columns.items():
        for (problem, seed), methods in searches.items():
            where = {"family": family, "budget": budget, "problem": problem, "seed": seed}
            levels += [{**where, "method": name, "level": search.expected()} for name, search in methods.items()]
            for (name, ours), (other, theirs) in permutations(methods.items(), 2):
                chance = chance_between(ours.values, ours.n, theirs.values, theirs.n)
                chances.append({**where, "method": name, "other": other, "chance": chance})
    return {"chances": pd.DataFrame(chances), "levels": pd.DataFrame(levels), "stopped": stopped}


def best_values(experiment: Experiment) -> Iterator[tuple[Place, float]]:
    """The regret of each run at its end."""
    curves = regret_curves(experiment.runs, experiment.trials)
    for row in curves.groupby([*INSTANCE, "strategy"]).tail(1).to_dict("records"):
        yield (row["problem"], row["seed"]), float(row["regret"])


def by_place(experiment: Experiment, dim: int) -> dict[Place, Floats]:
    """Random search's draws in `dim` dimensions."""
    return {
        (str(problem), int(str(seed))): pool
        for (problem, of_dim, seed), pool in pools(experiment.trials).items()
        if of_dim == dim
    }


def on_functions(setting: Setting) -> dict[int, Searches]:
    """Random search and `gp` per budget."""
    drawn = by_place(FUNCTIONS.run(setting, RANDOM, FUNCTIONS.pool[setting.profile]), DIM)
    columns: dict[int, Searches] = {}
    for budget in (*SHORT, LONG):
        family = FUNCTIONS if budget in FUNCTIONS.budgets[setting.profile] else FIVE
        found = family.run(setting, GP, budget)
        own = replace(found, runs=of_dim(found.runs), trials=of_dim(found.trials))
        columns[budget] = {
            place: {RANDOM: Search(drawn[place], budget), GP: Search(np.array([regret]))}
            for place, regret in best_values(own)
        }
    return columns


def of_dim(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in `DIM` dimensions."""
    return rows[rows["dim"] == DIM]


def of_length(setting: Setting, budget: int, one: Family, ten: Family) -> Searches:
    """The methods without stopping on the network, each with `budget` trainings.

    In one and in ten dimensions the same seed splits the data differently: such pairs are independent, and as good a
    unit, if a noisier one.
    """
    alone = by_place(one.run(setting, RANDOM, one.pool[setting.profile]), 1)
    together = by_place(ten.run(setting, RANDOM, ten.pool[setting.profile]), 10)
    return {
        place: {
            LEARNING_RATE: Search(alone[place], budget),
            RANDOM: Search(together[place], budget),
            GP: Search(np.array([regret])),
        }
        for place, regret in best_values(ten.run(setting, GP, budget))
    }


def with_stopping(setting: Setting, others: Searches) -> tuple[Searches, pd.DataFrame]:
    """`others` and Bayesian search with early stopping; of each of its runs, `trials` begun and the share `stopped`."""
    found = TEN_LONG.run(setting, GP, LONG, PRUNER)
    regrets = dict(best_values(found))
    searches = {place: {**methods, STOPPED: Search(np.array([regrets[place]]))} for place, methods in others.items()}
    trials = found.trials.assign(stopped=found.trials["status"] == "pruned")
    return searches, trials.groupby(INSTANCE)["stopped"].agg(trials="size", stopped="mean").reset_index()
