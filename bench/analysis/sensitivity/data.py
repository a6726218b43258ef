"""From trials to samples: what is left out, what is averaged, and what a parameter without any effect looks like."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bench.analysis.sensitivity.methods import Sample
from bench.analysis.surrogate import FEWEST, observations
from problems.space import Float, SearchSpace

Rows: TypeAlias = NDArray[np.int64]

NOTHING = "(nothing)"  # a parameter that no trial knows of: its values are drawn when all is over
MOST = 400  # configs: the time of a fit grows with the cube of their number


@dataclass(frozen=True, eq=False)
class Observed:
    """What is known of one instance."""

    sample: Sample  # configs that differ, of the parameters that were varied
    constant: tuple[str, ...]  # parameters that were not
    trials: int  # that were told, failures among them
    failed: int
    pruned: int  # left out
    repeats: int  # trials of a config that had been seen
    noise: float  # part of the variance of values that the same config differs by; NaN without repeats


def observed(space: SearchSpace, trials: pd.DataFrame, rng: Generator) -> Observed:
    """The `trials` (columns `config`, `value`, `status`) of one instance, as methods see them.

    A pruned trial is left out: its value is that of another fidelity. A failed one counts as the worst of all (see
    `bench.analysis.surrogate.observations`). Configs seen several times count once, by their mean; of more than `MOST`
    configs so many are drawn. Raises ValueError for too few trials, and where nothing varies.
    """
    full = trials[trials["status"] != "pruned"]
    told = full.groupby("config", sort=False)["value"]
    distinct = pd.DataFrame({"value": told.mean()}).reset_index()
    if len(distinct) > MOST:
        distinct = distinct.iloc[np.sort(rng.permutation(len(distinct))[:MOST])]
    units, values = observations(space, distinct)
    varied = [j for j in range(len(space)) if np.ptp(units[:, j]) > 0.0]
    if not varied:
        raise ValueError("importance needs parameters that vary, got the same config in all trials")
    parameters = tuple(space)
    return Observed(
        sample=Sample(SearchSpace(tuple(parameters[j] for j in varied)), units[:, varied], values),
        constant=tuple(p.name for j, p in enumerate(parameters) if j not in varied),
        trials=len(full),
        failed=int(full["value"].isna().sum()),
        pruned=len(trials) - len(full),
        repeats=len(full) - told.ngroups,
        noise=noise_share(full),
    )


def noise_share(trials: pd.DataFrame) -> float:
    """The variance within configs that were evaluated several times, over the variance of all values.

    NaN where there are fewer than `FEWEST` such trials beyond the first of their config. Failures are left out.
    """
    known = trials[trials["value"].notna()]
    groups = known.groupby("config")["value"]
    freedom = len(known) - groups.ngroups
    variance = float(known["value"].var())
    if freedom < FEWEST or not variance > 0.0:
        return math.nan
    within = float(((known["value"] - groups.transform("mean")) ** 2).sum()) / freedom
    return within / variance


def with_nothing(sample: Sample, rng: Generator) -> Sample:
    """`sample` with one parameter more, which has no effect: what methods say of it is what chance alone gives."""
    space = SearchSpace((*sample.space, Float(NOTHING, 0.0, 1.0)))
    return Sample(space, np.column_stack([sample.units, rng.random(len(sample.values))]), sample.values)


def part(sample: Sample, rows: Rows) -> Sample:
    """Some of the trials."""
    return Sample(sample.space, sample.units[rows], sample.values[rows])
