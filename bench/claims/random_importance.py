"""Importance of a problem's parameters, instance by instance: random trials, and a surrogate of each instance's."""

import pandas as pd

from bench.analysis.importance import refits
from bench.claims.claim import Setting
from bench.claims.runs import run
from bench.records import RunKey
from bench.run import make_problem
from problems.space import SearchSpace

SEEDS = {"quick": 6, "full": 20}
TRIALS = {"quick": "20d", "full": "60d"}  # a process needs more where there are more parameters
REFITS = 5  # per instance, averaged
MEASURES = ["share", "first", "total", "explained"]


def importance_by_instance(setting: Setting, problem: str, dim: int) -> pd.DataFrame:
    """Columns `problem`, `dim`, `instance`, `trials`, `parameter`, and means over refits of the rest.

    These are `share`, `first`, `total` and `explained` (see `bench.analysis.importance.refits`).

    The runs are the experiment `importance-PROBLEM`: claims that ask for the same share them.
    """
    trials = random_trials(setting, problem, dim)
    space = space_of(problem, dim)
    tables = []
    for instance, rows in trials.groupby("instance"):
        fits = refits(space, rows, setting.rng, REFITS)
        means = fits.groupby("parameter", sort=False)[MEASURES].mean().reset_index()
        tables.append(means.assign(problem=problem, dim=dim, instance=instance, trials=len(rows)))
    return pd.concat(tables, ignore_index=True)


def random_trials(setting: Setting, problem: str, dim: int) -> pd.DataFrame:
    """Every random trial of every instance; see `Experiment.trials`."""
    experiment = run(
        setting, f"importance-{problem}", problems=problem, dims=str(dim), strategies="random",
        trials=TRIALS[setting.profile], seeds=SEEDS[setting.profile],
    )  # fmt: skip
    return experiment.trials


def space_of(problem: str, dim: int) -> SearchSpace:
    """The search space of `problem`, which is the same for every instance."""
    return make_problem(RunKey(problem, dim, 0, "random", 0, 1)).space
