"""Low effective dimension as a part of the claim: the rule, and what the numbers of `low_dimension` say."""

import numpy as np
import pandas as pd

from bench.claims.claim import Data, Effect, Finding, Part
from bench.claims.intervals import mean_effect
from bench.claims.random_beats_grid.low_dimension import experiment
from bench.claims.random_beats_grid.low_dimension_figures import draw

OTHERS = {  # column -> how the reported effects call it
    "monotone": "mean of all monotone grids",
    "hindsight": "grid chosen in hindsight for each instance",
}
TRAINING = "mlp-digits"


def judge(data: Data) -> Finding:
    """Balanced grid minus random for every family and dimension; everything else is reported beside."""
    rows = data["regrets"]
    few = rows[2 * rows["k"] <= rows["dim"]]
    effects = [
        by_instance(
            f"grid − random, decades of regret, {family}, d = {dim}, k ≤ d/2", of_dim, "grid", "random", threshold=0.0
        )
        for (family, dim), of_dim in few.groupby(["family", "dim"], sort=True)
    ]
    for family, of_family in rows.groupby("family", sort=True):
        few_of = of_family[2 * of_family["k"] <= of_family["dim"]]
        every = of_family[of_family["k"] == of_family["dim"]]
        effects += [
            by_instance(f"{name} − random, decades, {family}, k ≤ d/2 (reported only)", few_of, column, "random")
            for column, name in OTHERS.items()
        ]
        effects += [
            by_instance(f"random − {name}, decades, {family}, k ≤ d/2 (reported only)", few_of, "random", name)
            for name in ("sobol", "lhs")
        ]
        effects += [
            by_instance(f"grid − random, decades, {family}, k = d (reported only)", every, "grid", "random"),
            by_instance(f"grid − sobol, decades, {family}, k = d (reported only)", every, "grid", "sobol"),
            share_ahead(f"P(random beats grid), {family}, k = d (reported only)", every),
        ]
    effects.append(share_ahead("P(random beats grid), optimum on the grid, k = d (reported only)", data["aligned"]))
    return Finding([*effects, *harness_effects(data["harness"])])


def by_instance(name: str, rows: pd.DataFrame, worse: str, better: str, threshold: float | None = None) -> Effect:
    """Mean difference of log10 regret over instances, each averaged over its cells first."""
    return mean_effect(name, (rows[worse] - rows[better]).groupby(rows["instance"]).mean(), "instances", threshold)


def share_ahead(name: str, rows: pd.DataFrame) -> Effect:
    """How often random search's regret is below the grid's; ties count half."""
    ahead = (rows["random"] < rows["grid"]) + 0.5 * (rows["random"] == rows["grid"])
    return mean_effect(name, ahead.groupby(rows["instance"]).mean(), "instances")


def harness_effects(ends: pd.DataFrame) -> list[Effect]:
    """Paired by instance: decades of regret on the registered problems, held-out error of the training."""
    effects = []
    for problem, rows in ends.groupby("problem", sort=True):
        real = problem == TRAINING
        rows = rows.assign(score=rows["incumbent_test"] if real else np.log10(rows["regret"]))
        wide = rows.pivot(index=["dim", "seed"], columns="strategy", values="score")
        dims = ", ".join(map(str, sorted(rows["dim"].unique())))
        unit = "held-out error of the chosen trial" if real else "decades of regret"
        effects += [
            mean_effect(
                f"grid − {name}, {unit}, {problem}, d = {dims} (reported only)", wide["grid"] - wide[name], "instances"
            )
            for name in ("random", "sobol", "lhs")
        ]
    return effects


PART = Part(
    name="low-dimension",
    statement=(
        "Where at most half of the parameters matter, random search finds better values than the balanced grid of the "
        "same budget (low effective dimension, Sections 2.5 and 4)."
    ),
    supports="For k ≤ d/2 relevant parameters, random search's regret is smaller for both families in every dimension.",
    refutes="For one of the families in some dimension, the grid's regret is as small or smaller although k ≤ d/2.",
    rule=(
        "Difference of log10 regret of the grid strategy's balanced levels and of random search on the same instances, "
        "averaged over budgets T = 16, 32 … 1024 and over k = 1 … d/2. Holds when its 95 % interval over instances "
        "lies above 0 for both families and every d from 2 to 10; does not hold when one lies at or below 0; else "
        "undecided. k > d/2, k = d, grids of other resolutions, Sobol', Latin hypercubes, the registered problems and "
        "the training are reported and do not decide."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "A grid spends its points on all parameters alike; where half of them or fewer matter, most of its points "
            "repeat each other, and random search finds the better values. The map shows the other side: where nearly "
            "all parameters matter equally, a balanced grid is as good or better, and where its lattice happens to "
            "meet the optimum it cannot be beaten. Nobody knows k beforehand: that is the case for random points."
        ),
        "does not hold": (
            "Few relevant parameters alone do not make random search better: at least for one family and dimension the "
            "balanced grid does as well with half of the parameters relevant. See the map for where random search wins."
        ),
        "undecided": (
            "Random search and the balanced grid are too close in some dimension to tell apart with these instances. "
            "The map shows where each of them is ahead."
        ),
    },
)
