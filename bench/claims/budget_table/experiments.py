"""The methods of the table at four budgets, on a neural network and on test functions.

| method | what it is |
|---|---|
| learning rate | random search over the learning rate alone; the other nine hyperparameters keep their defaults |
| random | random search over all parameters |
| gp | Bayesian search, homemade, over all parameters |
| gp + stopping | the same, with the median stopping rule replayed on its learning curves: not a search of its own |

Test functions have neither a learning rate nor learning curves: there, random search and `gp` are compared. On the
network, the column of 250 compares at equal cost: all methods get as many full trainings as the stopped ones took.

Quick: four minutes on two cores, 4,700 trainings. Full: half an hour, 22,000 trainings. Runs on functions that
`bayesian-beats-random` has made are used again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
import pandas as pd

from bench.analysis.anytime import best_of
from bench.analysis.pooled import INSTANCE, chance_between, pools
from bench.analysis.regret import regret_curves
from bench.analysis.stopping_replay import median_stopping
from bench.claims.bayesian_beats_random.experiments import FUNCTIONS, Family
from bench.claims.claim import Data, Setting
from bench.experiment import Experiment
from problems.space import Floats

LEARNING_RATE, RANDOM, GP, STOPPED = "learning rate", "random", "gp", "gp + stopping"
METHODS = (LEARNING_RATE, RANDOM, GP, STOPPED)
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
TEN_LONG = replace(
    TEN, seeds={"quick": 4, "full": 12}, budgets={"quick": (LONG,), "full": (LONG,)}, pool={"quick": LONG, "full": LONG}
)
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
    """Every method against every other, and its expected best value, in every column; what stopping saved."""
    short, long, saved = on_network(setting)
    columns = {(NETWORK, budget): searches for budget, searches in short.items()}
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
    return {"chances": pd.DataFrame(chances), "levels": pd.DataFrame(levels), "saved": saved}


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


def on_network(setting: Setting) -> tuple[dict[int, Searches], Searches, pd.DataFrame]:
    """The short budgets, the long one, and what stopping saved.

    In one and in ten dimensions the same seed splits the data differently: such pairs are independent, and as good a
    unit, if a noisier one.
    """
    profile = setting.profile
    one = by_place(ONE.run(setting, RANDOM, ONE.pool[profile]), 1)
    ten = by_place(TEN.run(setting, RANDOM, TEN.pool[profile]), 10)
    short: dict[int, Searches] = {
        budget: {
            place: {
                LEARNING_RATE: Search(one[place], budget),
                RANDOM: Search(ten[place], budget),
                GP: Search(np.array([regret])),
            }
            for place, regret in best_values(TEN.run(setting, GP, budget))
        }
        for budget in SHORT
    }
    many = by_place(TEN_LONG.run(setting, RANDOM, LONG), 10)
    saved = savings(TEN_LONG.run(setting, GP, LONG))
    long: dict[Place, Mapping[str, Search]] = {}
    for row in saved.to_dict("records"):
        place, cost = (row["problem"], row["seed"]), int(row["spent"])
        long[place] = {
            LEARNING_RATE: Search(one[place], min(cost, len(one[place]))),
            RANDOM: Search(many[place], cost),
            GP: Search(np.array([row["unstopped"]])),
            STOPPED: Search(np.array([row["stopped"]])),
        }
    return short, long, saved


def savings(found: Experiment) -> pd.DataFrame:
    """One row per run whose stopping was replayed; a stopped trial is no incumbent.

    Columns: `problem`, `seed`, `trials`, `spent` and `whole` (the cost of all trials with and without stopping),
    `stopped` (best value with stopping), `unstopped` (best value of the first trials that cost no more than `spent`),
    `best` (of all trials), `killed` (the winner was stopped), `share` of trials that were stopped.
    """
    trials = median_stopping(found.trials)
    rows = []
    for (problem, seed), run in trials.sort_values("trial").groupby(["problem", "seed"]):
        spent, value = float(run["spent"].sum()), run["value"] - run["optimum"]
        affordable = run["cost"].cumsum() <= spent
        affordable.iloc[0] = True  # whatever it cost: without a trial there is no incumbent
        rows.append(
            {
                "problem": problem,
                "seed": seed,
                "trials": len(run),
                "spent": spent,
                "whole": float(run["cost"].sum()),
                "stopped": float(value[~run["stopped"]].min()),
                "unstopped": float(value[affordable].min()),
                "best": float(value.min()),
                "killed": bool(run["stopped"].to_numpy()[int(np.nanargmin(value))]),
                "share": float(run["stopped"].mean()),
            }
        )
    return pd.DataFrame(rows)
