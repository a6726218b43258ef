"""Optimism on real models: test sets of any size out of the held-out cases, and the rest as fresh cases.

| symbol | meaning |
|---|---|
| `c`, `h` | fitted models, held-out cases |
| `n`, `m` | configs tried, test cases |
| `R` | divisions of the held-out cases into a test set and the rest |

`m` of the `h` cases are drawn as the test set, the config with the smallest test error is chosen among `n`, and scored
on the other h − m. A model never saw any of them, and cases are independent draws from one source; so given the models
the rest is independent of the test set, and of the choice, and its mean loss is an unbiased estimate of the chosen
model's true error. Hence `fresh − reported` has the expectation of the optimism, exactly, for every m and n. Some
divisions put the easier cases into the test set; the mean of fresh − reported over all c models, whose expectation is
0, is subtracted from `fresh`, which takes that luck out and changes no expectation.
What it is not: an estimate for data of another kind. All divisions come from one table of a few hundred cases, and
intervals over instances treat them as independent.
"""

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.claims.fitted import Fitted, running_choice
from problems.space import Floats

RESAMPLES = 200  # R
SIZES = (25, 50, 100, 200, 400, 800)
LARGEST_SHARE = 0.85  # of the held-out cases; the rest must be enough to score on


def sizes(held_out: int) -> list[int]:
    """The test-set sizes that leave enough fresh cases."""
    return [size for size in SIZES if size <= LARGEST_SHARE * held_out]


def divisions(held_out: int, size: int, rng: Generator, resamples: int = RESAMPLES) -> Floats:
    """Which cases are the test set: R rows (R, h) of `size` ones among zeros."""
    ranks = rng.random((resamples, held_out)).argsort(axis=1).argsort(axis=1)
    return (ranks < size).astype(float)


def chosen_errors(losses: Floats, size: int, rng: Generator, resamples: int = RESAMPLES) -> tuple[Floats, Floats]:
    """Reported and fresh error (c,), (c,) of the best of the first 1 … c models (c, h), shuffled; means over R."""
    test = divisions(losses.shape[1], size, rng, resamples)  # (R, h)
    reported = test @ losses.T / size  # (R, c)
    fresh = (1.0 - test) @ losses.T / (losses.shape[1] - size)
    fresh -= (fresh - reported).mean(axis=1, keepdims=True)  # the luck of the division
    order = rng.random(reported.shape).argsort(axis=1)  # ties are broken by chance
    reported, fresh = (np.take_along_axis(errors, order, axis=1) for errors in (reported, fresh))
    best = running_choice(reported)
    reported, fresh = (np.take_along_axis(errors, best, axis=1) for errors in (reported, fresh))
    return reported.mean(axis=0), fresh.mean(axis=0)


def optimism_table(fitted: Fitted, rng: Generator) -> pd.DataFrame:
    """Columns `cases` (m), `trials` (n), `reported`, `fresh`, for every size and 1 … c trials."""
    count, held_out = fitted.held_out.shape
    tables = []
    for size in sizes(held_out):
        reported, fresh = chosen_errors(fitted.held_out, size, rng)
        tables.append(
            pd.DataFrame({"cases": size, "trials": np.arange(1, count + 1), "reported": reported, "fresh": fresh})
        )
    return pd.concat(tables, ignore_index=True)
