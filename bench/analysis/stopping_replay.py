"""What early stopping would have saved, and whether it would have stopped the winner: replayed on stored trials.

A replay stops trials that were run to their end. It costs nothing, and it is not the same as a search that is stopped:
here the strategy was told the results of the trials that the replay stops.

Rule: a trial stops after a look where its best value so far is above the median of the other trials' running means up
to the same share of a trial, as in Golovin et al. 2017 (KDD, Google Vizier), section 3.2.2.
"""

import json
from bisect import bisect_right
from statistics import median

import numpy as np
import pandas as pd

from bench.analysis.regret import RUN
from problems.space import Floats

TOLERANCE = 1e-9  # of shares, which are sums of fractions


def looks(observations: str | None, value: float) -> Floats:
    """The values (n,) of a trial's looks; inf for one that was not finite. A trial of one look has its value."""
    seen = [value] if observations is None else [look[0] for look in json.loads(observations)]
    return np.array([np.inf if number is None or np.isnan(number) else number for number in seen])


def median_stopping(trials: pd.DataFrame, warm_up_trials: int = 5, warm_up_share: float = 0.2) -> pd.DataFrame:
    """Add `stopped`, and `spent`: the cost of the looks that the rule lets a trial take; runs one by one, in order.

    Nothing stops before `warm_up_trials` trials have ended, nor before a share `warm_up_share` of a trial. Ties go on.
    """
    parts = [replayed(run.sort_values("trial"), warm_up_trials, warm_up_share) for _, run in trials.groupby(RUN)]
    return pd.concat(parts) if parts else trials.assign(stopped=False, spent=0.0)


def replayed(run: pd.DataFrame, warm_up_trials: int, warm_up_share: float) -> pd.DataFrame:
    """The trials of one run with the columns of `median_stopping`."""
    ended: list[tuple[Floats, Floats]] = []  # shares and running means of the looks that were taken
    stopped, spent = [], []
    for observations, value, cost in zip(run["observations"], run["value"], run["cost"], strict=True):
        values = looks(observations if isinstance(observations, str) else None, value)
        shares: Floats = np.arange(1, len(values) + 1) * (cost / len(values))
        taken = len(values)
        if len(ended) >= warm_up_trials:
            best = np.minimum.accumulate(values)
            for i in range(len(values)):
                in_time = warm_up_share - TOLERANCE <= shares[i] < 1.0 - TOLERANCE
                if in_time and best[i] > bar(ended, float(shares[i])):
                    taken = i + 1
                    break
        with np.errstate(invalid="ignore"):  # the mean of what diverged is inf
            means: Floats = np.cumsum(values) / np.arange(1, len(values) + 1)
        ended.append((shares[:taken], means[:taken]))
        stopped.append(taken < len(values))
        spent.append(float(shares[taken - 1]))
    return run.assign(stopped=stopped, spent=spent)


def bar(ended: list[tuple[Floats, Floats]], share: float) -> float:
    """The median of the running means up to `share` of the trials that have one; inf where none has."""
    places = [(means, bisect_right(shares, share + TOLERANCE)) for shares, means in ended]
    means_there = [float(means[place - 1]) for means, place in places if place > 0]
    return median(means_there) if means_there else np.inf
