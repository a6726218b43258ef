"""Figures 5 and 6 as a part of the claim: how many random trials are as good as a grid of about a hundred?"""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from bench.analysis.anytime import expected_best
from bench.analysis.efficiency import Losses, efficiency_curve, losses_of, matches, score
from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.random_beats_grid.efficiency_figure import efficiency_figure
from bench.claims.random_beats_grid.neural_networks import (
    GRID_TRIALS,
    RANDOM_TRIALS,
    SPACES,
    grid_trials,
    own_data_sets,
    random_trials,
)  # fmt: skip
from bench.plots.page import Drawing
from problems.torch_training.network_tasks import TASKS

REPLICATES = 1000  # of the bootstrap
CLAIMED = 8  # random trials of which the paper says that they match a grid of 100
BAND = (0.025, 0.975)


def experiment(setting: Setting) -> Data:
    """Run the trials and score them; the draws of the scoring come from the part's stream."""
    trials = pd.concat([random_trials(setting).assign(strategy="random"), grid_trials(setting).assign(strategy="grid")])
    return {"trials": trials.reset_index(drop=True), **scored(trials, setting.rng)}


def scored(trials: pd.DataFrame, rng: np.random.Generator, replicates: int = REPLICATES) -> Data:
    """What `judge` and `draw` need, by data set and space.

    `experiments`: disjoint random experiments (columns of `efficiency_curve`). `expected`: the expected score of `size`
    random trials with its 95 % interval, and `unbiased`, the expected test error of the one with the lowest validation
    error, without the paper's weights. `grids`: the grid's `trials`, distinct values per parameter (`levels`), score
    (`mean`, `variance`). `matches`: per replicate the random trials that the grid's score `needs`, and `claimed`, the
    expected score of 8 trials.
    """
    tables: dict[str, list[pd.DataFrame]] = {"experiments": [], "expected": [], "grids": [], "matches": []}
    for data_set, of_set in trials.groupby("data_set", sort=False):
        grid = of_set[of_set["strategy"] == "grid"]
        rival = losses(grid)
        mean, variance = score(rival, rng)
        facts = {"data_set": data_set, "trials": len(grid), "levels": levels(grid), "mean": mean, "variance": variance}
        tables["grids"].append(pd.DataFrame([facts]))
        for dim, pool_trials in of_set[of_set["strategy"] == "random"].groupby("dim"):
            pool = losses(pool_trials.sort_values("trial"))
            found, curves = matches(pool, rival, rng, replicates)
            low, high = np.quantile(curves[1:], BAND, axis=0)
            sizes = np.arange(1, len(pool) + 1)
            parts = {
                "experiments": efficiency_curve(pool, rng),
                "expected": pd.DataFrame({"size": sizes, "mean": curves[0], "low": low, "high": high}).assign(
                    unbiased=expected_best(pool.validation, pool.test)
                ),
                "matches": found.assign(claimed=curves[:, CLAIMED - 1], pool=len(pool), trials=len(grid)),
            }
            for name, table in parts.items():
                tables[name].append(table.assign(data_set=data_set, dim=dim))
    return {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}


def losses(trials: pd.DataFrame) -> Losses:
    """The losses of the trials on one data set."""
    task = TASKS[trials["problem"].iloc[0]]
    return losses_of(trials, task.validation, task.test)


def levels(trials: pd.DataFrame) -> str:
    """Distinct values per parameter, as `3·2·2`."""
    return "·".join(map(str, pd.DataFrame([json.loads(config) for config in trials["config"]]).nunique()))


def judge(data: Data) -> Finding:
    """What one random trial is worth, in trials of the grid; the number that matches it; whether 8 suffice."""
    return Finding([effect for dim in SPACES for effect in effects_of(data["matches"], dim)])


def effects_of(table: pd.DataFrame, dim: int) -> Iterator[Effect]:
    """The effects of one space, data set by data set; only those of the paper's Figure 5 decide."""
    threshold = 1.0 if dim == SPACES[0] else None
    aside = "" if dim == SPACES[0] else " (reported only)"
    for data_set, rows in table[table["dim"] == dim].groupby("data_set", sort=False):
        first = rows.iloc[0]
        where = f"{data_set}, {dim} hyperparameters{aside}"
        pool, grid = int(first["pool"]), int(first["trials"])

        def effect(name: str, values: pd.Series, decides: float | None = None, count: int = pool) -> Effect:
            """The estimate, which is the first row, within the quantiles of the replicates."""
            low, high = values.iloc[1:].quantile(list(BAND))
            return Effect(name, float(values.iloc[0]), float(low), float(high), count, "random trials", decides)

        yield effect(f"trials of the grid that a random trial is worth, {where}", grid / rows["needs"], threshold)
        yield effect(f"random trials that match the grid's {grid}, {where}", rows["needs"])
        gain = rows["rival"] - rows["claimed"]
        yield effect(f"grid − {CLAIMED} random trials, expected test error, {where}", gain)


def draw(data: Data) -> Sequence[Drawing]:
    """Figure 5 with seven hyperparameters, Figure 6 with nine."""
    return [efficiency_figure(data, dim) for dim in SPACES]


PART = Part(
    name="neural-networks",
    statement=(
        f"Tuning the seven hyperparameters of a neural network, far fewer than {GRID_TRIALS} random trials match a "
        f"grid of about {GRID_TRIALS}; the paper says {CLAIMED} (Figure 5; with preprocessing, Figure 6)."
    ),
    supports="On every data set, fewer random trials than the grid has reach its expected test error.",
    refutes="On some data set, as many random trials as the grid has, or more, are needed.",
    rule=(
        f"From {RANDOM_TRIALS} random trials per data set and the strategy grid with a budget of {GRID_TRIALS} (levels "
        "3·2·2·2·2·2·1), one data set each. Scores are the paper's: test errors weighted by the probability of having "
        "the lowest validation error. Holds when on every data set the whole 95 % interval of the number of matching "
        "random trials (bootstrap over random trials, and over which point of the grid is chosen) lies below the "
        "number of trials of the grid; does not hold when on one it lies at or above; else undecided. "
        f"Whether {CLAIMED} suffice, and nine hyperparameters, are reported and do not decide."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    version=2,
    depends=lambda: {"data sets of the user": list(own_data_sets("quick"))},
    take_away={
        "holds": (
            "Fewer random trials were as good as the whole grid: most of its trials repeat the same three values of "
            "the learning rate with other values of what matters less. What the grid spends on completeness, random "
            "search has left for more learning rates. The number differs by data set: look at its interval before "
            "you promise that eight suffice."
        ),
        "does not hold": (
            "On at least one data set random search needed as many trials as the grid. A grid whose few values happen "
            "to lie well is hard to beat; whether they do is not known beforehand."
        ),
        "undecided": (
            "On at least one data set the interval of the matching number reaches up to the size of the grid: its few "
            "values happened to lie well, or too many trials are about equally good to tell."
        ),
    },
)
