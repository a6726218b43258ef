"""A config as the model sees it: numbers as they are, each categorical as one column per choice.

| symbol | shape | meaning |
|---|---|---|
| `d`, `D` | | parameters; columns (`D >= d`: a categorical has one per choice) |
| `units` | (n, d) | points of the space's unit cube, on the lattice of integers and choices |
| `x` | (n, D) | the same points as columns |
| `owner` | (D,) | the parameter that a column belongs to; its columns share one length scale |

A categorical's columns hold 0 or 1/√2, so two different choices are 1 apart, whichever they are (Hamming distance),
and equal ones 0. Numbers are in [0, 1], so all parameters speak the same language: the width of the space is 1.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.space import Categorical, Floats, SearchSpace

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Encoding:
    """The columns of a space; make it with `Encoding.of(space)`."""

    space: SearchSpace
    owner: Ints  # (D,)
    scale: Floats  # (D,) what a one-hot column is multiplied by
    numeric: Ints  # (q,) parameters that are numbers with more than one value
    numeric_columns: Ints  # (q,) their columns

    @classmethod
    def of(cls, space: SearchSpace) -> "Encoding":
        """The encoding of `space`."""
        widths = [len(p.choices) if isinstance(p, Categorical) else 1 for p in space]
        first_column = np.concatenate([[0], np.cumsum(widths)[:-1]]).astype(np.intp)
        numeric = np.array(
            [j for j, p in enumerate(space) if not isinstance(p, Categorical) and p.cardinality > 1], dtype=np.intp
        )
        one_hot = [isinstance(p, Categorical) for p in space]
        return cls(
            space=space,
            owner=np.repeat(np.arange(len(space)), widths),
            scale=np.repeat(np.where(one_hot, math.sqrt(0.5), 1.0), widths),
            numeric=numeric,
            numeric_columns=first_column[numeric],
        )

    @property
    def has_categories(self) -> bool:
        """Whether any parameter takes more than one column, or is without an order."""
        return any(isinstance(p, Categorical) for p in self.space)

    def encode(self, units: Floats) -> Floats:
        """Units (n, d) as columns (n, D); a new array."""
        return self.space.one_hot(units) * self.scale if self.has_categories else units.copy()
