"""Scikit-learn's bundled tables: a development part in folds, and a test part that nobody is told about.

| symbol | meaning |
|---|---|
| `n`, `t` | cases of the development and of the test part |
| `p` | features |
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes, load_digits
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

from problems.space import Floats

Indices: TypeAlias = NDArray[np.int64]
FOLDS = 3  # few, since every evaluation fits this often and once more


@dataclass(frozen=True)
class Table:
    """A bundled data set and how an instance divides it."""

    load: Callable[..., Any]  # scikit-learn's loader
    development_size: int  # n; a part of the table where all of it would make an evaluation slow
    test_size: int  # t
    classes: bool  # whether the targets are classes, which then have equal shares in every part and fold
    source: str


DIGITS = Table(load_digits, 360, 540, classes=True, source="scikit-learn's digits (UCI, Alpaydin & Kaynak 1998)")
DIABETES = Table(load_diabetes, 300, 142, classes=False, source="scikit-learn's diabetes (Efron et al. 2004)")


@dataclass(frozen=True, eq=False)
class Split:
    """One data set, divided."""

    inputs: Floats  # (n, p)
    targets: NDArray[Any]  # (n,) classes or numbers
    test_inputs: Floats  # (t, p)
    test_targets: NDArray[Any]  # (t,)
    folds: tuple[tuple[Indices, Indices], ...]  # what is fitted, what is predicted: rows of the development part


@cache
def whole(table: Table) -> tuple[Floats, NDArray[Any]]:
    """All cases: inputs (cases, p) and targets (cases,); read once, and read only."""
    inputs, targets = table.load(return_X_y=True)
    inputs.setflags(write=False)
    targets.setflags(write=False)
    return inputs, targets


def divide(table: Table, seed: int) -> Split:
    """The table's parts and folds, drawn by `seed`."""
    inputs, targets = whole(table)
    development_inputs, test_inputs, development_targets, test_targets = train_test_split(
        inputs,
        targets,
        train_size=table.development_size,
        test_size=table.test_size,
        stratify=targets if table.classes else None,
        random_state=seed,
    )
    folding = (StratifiedKFold if table.classes else KFold)(FOLDS, shuffle=True, random_state=seed)
    return Split(
        inputs=development_inputs,
        targets=development_targets,
        test_inputs=test_inputs,
        test_targets=test_targets,
        folds=tuple(folding.split(development_inputs, development_targets)),
    )
