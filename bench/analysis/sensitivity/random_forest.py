"""fANOVA: how much of a random forest's variance each parameter explains alone (Hutter, Hoos & Leyton-Brown 2014).

| symbol | shape | meaning |
|---|---|---|
| leaf | | a box of the unit cube on which a tree predicts one value |
| L, S | | leaves of a tree; pieces of an axis between which nothing changes |
| V_j / V | | variance of a tree's prediction averaged over all other parameters (eq. 8), over its whole variance |

The forest is that of `optuna.importance.FanovaImportanceEvaluator`, and so are the numbers, where all ranges are
linear; that evaluator sees log scales as linear, this one the unit cube. It takes a sixth of the time, so that refits
can say how sure the numbers are: leaves are boxes, so that averages over parameters are products of side lengths.
"""

import math

import numpy as np
from numpy.random import Generator
from sklearn.ensemble import RandomForestRegressor
from sklearn.tree._tree import Tree

from bench.analysis.sensitivity.methods import Estimate, Sample
from problems.space import Floats, Parameter

TREES, DEPTH = 64, 64  # as in Optuna
CELLS = 4096  # pieces that an axis of integers or choices is cut into to find its cells


def estimate(sample: Sample, rng: Generator) -> Estimate:
    """The measure `fanova` (d,), and the forest's prediction."""
    forest = RandomForestRegressor(n_estimators=TREES, max_depth=DEPTH, random_state=int(rng.integers(2**31)))
    forest.fit(sample.units, sample.values)
    shares = [shares_of_variance(tree.tree_, tuple(sample.space)) for tree in forest.estimators_]
    known = [share for share in shares if np.isfinite(share).all()]
    mean = np.mean(known, axis=0) if known else np.full(len(sample.space), math.nan)
    return Estimate({"fanova": mean}, lambda units: np.asarray(forest.predict(sample.space.snap(units))))


def shares_of_variance(tree: Tree, parameters: tuple[Parameter, ...]) -> Floats:
    """V_j / V (d,) of one tree; NaN where it predicts one value everywhere."""
    low, high, values = leaves(tree, len(parameters))
    sides = np.empty_like(low)  # (L, d)
    axes = []
    for j, parameter in enumerate(parameters):
        middles, widths = pieces(parameter, tree.threshold[tree.feature == j])
        inside = (low[:, j, None] < middles) & (middles <= high[:, j, None])  # (L, S)
        sides[:, j] = inside @ widths
        axes.append((inside, widths))
    volumes = sides.prod(axis=1)  # (L,), sum to 1
    mean = float(volumes @ values)
    variance = float(volumes @ (values - mean) ** 2)
    if not variance > 0.0:
        return np.full(len(parameters), math.nan)
    explained = []
    for j, (inside, widths) in enumerate(axes):
        others = np.delete(sides, j, axis=1).prod(axis=1)  # (L,)
        marginal = (values * others) @ inside  # (S,)
        explained.append(float(widths @ (marginal - mean) ** 2))
    return np.array(explained) / variance


def leaves(tree: Tree, d: int) -> tuple[Floats, Floats, Floats]:
    """The boxes (low, high], each (L, d), and the values (L,) of a tree's leaves."""
    low, high = np.full((tree.node_count, d), -np.inf), np.full((tree.node_count, d), np.inf)
    for node in np.flatnonzero(tree.children_left >= 0):  # parents come before their children
        left, right, j = tree.children_left[node], tree.children_right[node], tree.feature[node]
        low[[left, right]], high[[left, right]] = low[node], high[node]
        high[left, j] = low[right, j] = tree.threshold[node]
    ends = tree.children_left < 0
    return low[ends], high[ends], tree.value[ends, 0, 0]


def pieces(parameter: Parameter, thresholds: Floats) -> tuple[Floats, Floats]:
    """Middles and widths (S,) of the pieces of an axis; of integers and choices, their units and their cells."""
    if math.isinf(parameter.cardinality):
        edges = np.unique(np.concatenate([[0.0, 1.0], thresholds]))
        return (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    middles, counts = np.unique(parameter.snap((np.arange(CELLS) + 0.5) / CELLS), return_counts=True)
    return middles, counts / CELLS
