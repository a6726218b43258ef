"""Configs that validate equally well and differ in their train/validation gap: which one does worse on the test cases?

| symbol | meaning |
|---|---|
| `c` | fitted configs |
| train, validation, test | (c,) their mean losses |
| gap | validation − train |

A gap contains the validation error, whose luck would otherwise lean every comparison. So only configs are compared
whose validation errors are equal (within 1 %), and among them the wider gap is the lower training error.
Only the better half by validation error is looked at: what anybody might choose.
"""

import numpy as np
import pandas as pd

from problems.space import Floats

EQUAL = 0.01  # of the validation error
BETTER_HALF = 0.5
EDGES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, np.inf)  # of the difference between two gaps, for the figure


def matched_pairs(train: Floats, validation: Floats, test: Floats) -> pd.DataFrame:
    """One row per pair of equals: `wider` (difference of their gaps, > 0), `worse` (test error of the wider − other's).

    Pairs whose training errors are equal are left out: neither gap is the wider one.
    """
    order = np.argsort(validation, kind="stable")[: int(np.ceil(BETTER_HALF * len(validation)))]
    train, validation, test = train[order], validation[order], test[order]
    first, second = np.triu_indices(len(order), 1)
    allowed = EQUAL * (validation[first] + validation[second]) / 2
    equal = (np.abs(validation[first] - validation[second]) <= allowed) & (train[first] != train[second])
    first, second = first[equal], second[equal]
    gap = validation - train
    sign = np.where(gap[first] > gap[second], 1.0, -1.0)
    return pd.DataFrame({"wider": sign * (gap[first] - gap[second]), "worse": sign * (test[first] - test[second])})


def summary(pairs: pd.DataFrame) -> pd.DataFrame:
    """By how much wider the gap is: `pairs`, mean `wider` and `worse`, and `lost`, the share in which it does worse.

    Ties count half. Columns: `bin` (of EDGES), `pairs`, `wider`, `worse`, `lost`.
    """
    lost = (pairs["worse"] > 0) + 0.5 * (pairs["worse"] == 0)
    bins = np.searchsorted(EDGES, pairs["wider"].to_numpy(), side="right") - 1
    grouped = pairs.assign(lost=lost, bin=bins).groupby("bin")
    means = grouped[["wider", "worse", "lost"]].mean()
    return means.assign(pairs=grouped.size()).reset_index()


def watched_choice(train: Floats, validation: Floats, spread: Floats) -> tuple[int, int]:
    """The config that validates best, and the one with the narrowest gap within one standard error of it.

    `spread` (c,) are the standard errors of the validation errors; the rule is that of Breiman et al. (1984) with the
    gap in the place of the size of a tree.
    """
    best = int(np.argmin(validation))
    near = np.flatnonzero(validation <= validation[best] + spread[best])
    return best, int(near[np.argmin((validation - train)[near])])
