"""A forest of extremely randomised trees (Geurts, Ernst & Wehenkel 2006), fitted by scikit-learn.

| symbol | meaning |
|---|---|
| `n`, `m` | points learned from, points predicted |
| `D`, `k` | columns of a point, numbers predicted for each |
| `N`, `T` | nodes of all trees together, trees |
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesRegressor

from problems.space import Floats

TREES = 100
LEAF = 2  # trials in a leaf, at least
SEED = 0

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Forest:
    """All trees side by side: one point goes down a hundred trees in the time in which scikit-learn checks its type."""

    roots: Ints  # (T,)
    column: Ints  # (N,) that a node looks at; any at a leaf
    threshold: Floats  # (N,) infinite at a leaf
    left: Ints  # (N,) where a point goes that is not above the threshold; a leaf's is itself
    right: Ints  # (N,)
    values: Floats  # (N, k)
    depth: int

    def predict(self, points: Floats) -> Floats:
        """The means (m, k) over the trees at `points` (m, D)."""
        rounded = points.astype(np.float32)  # as scikit-learn does
        rows = np.arange(len(points))[:, None]
        nodes = np.repeat(self.roots[None, :], len(points), axis=0)  # (m, T)
        for _ in range(self.depth):
            below = rounded[rows, self.column[nodes]] <= self.threshold[nodes]
            nodes = np.where(below, self.left[nodes], self.right[nodes])
        mean: Floats = self.values[nodes].mean(axis=1)
        return mean


def fit(points: Floats, targets: Floats) -> Forest:
    """The forest of `points` (n, D) and `targets` (n, k); each target counts by its spread, which is made equal."""
    centre, spread = targets.mean(axis=0), targets.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    learner = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, random_state=SEED)
    equal = (targets - centre) / spread
    learner.fit(points, equal[:, 0] if equal.shape[1] == 1 else equal)  # scikit-learn warns of a single column
    trees = [estimator.tree_ for estimator in learner.estimators_]
    roots = np.cumsum([0, *(tree.node_count for tree in trees[:-1])])

    def joined(name: str) -> NDArray[np.float64]:
        return np.concatenate([getattr(tree, name) for tree in trees])

    start = np.repeat(roots, [tree.node_count for tree in trees])  # (N,) of the node's tree
    left, right = joined("children_left").astype(int), joined("children_right").astype(int)
    leaf, here = left < 0, np.arange(len(left))
    values = joined("value")[:, :, 0] * spread + centre
    return Forest(
        roots=roots,
        column=np.where(leaf, 0, joined("feature")).astype(int),
        threshold=np.where(leaf, np.inf, joined("threshold")),
        left=np.where(leaf, here, left + start),
        right=np.where(leaf, here, right + start),
        values=values,
        depth=max(tree.max_depth for tree in trees),
    )
