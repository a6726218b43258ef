"""Whose advice is asked for: a search to come, what on record is like it, and how many trials its time allows."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.errors import UsageError
from bench.limits import LONGEST_S, MOST_ADVISED_TRIALS, MOST_DIMS
from problems.space import Floats
from strategies.names import MOST_WORKERS

FARTHEST = 3.0  # times as many or as few parameters, or workers
OTHER_KIND = 0.3  # of a problem: a dozen of one's own kind hardly hear of it, three lean on it
OCTAVE = math.log(2)  # the width of the kernel: with twice as many parameters a cell has weight exp(-1/2)


@dataclass(frozen=True)
class Situation:
    """A search to come: `dims` parameters, `categorical` of them choices, so many trials of `seconds` each."""

    dims: int
    trials: int
    seconds: float
    categorical: int = 0
    noise: bool = False
    workers: int = 1

    def __post_init__(self) -> None:
        for flag, value, most in (
            ("--dims", self.dims, MOST_DIMS),
            ("--trials", self.trials, MOST_ADVISED_TRIALS),
            ("--workers", self.workers, MOST_WORKERS),
        ):
            if not 1 <= value <= most:
                raise UsageError(f"{flag} needs a whole number from 1 to {most}, got {value}")
        if not 0 < self.seconds <= LONGEST_S:  # refuses NaN, too
            raise UsageError(
                f"--seconds-per-trial needs a number above 0 and up to {LONGEST_S} (a year), got {self.seconds:g}"
            )
        if not 0 <= self.categorical <= self.dims:
            raise UsageError(
                f"--categorical counts choices among the parameters, 0 to {self.dims} of --dims, got {self.categorical}"
            )

    def is_kind_of(self, cells: pd.DataFrame) -> NDArray[np.bool_]:
        """Which cells on record are of the same kind: (c,). Choices or none, and noise or none, are the same.

        Where nobody knows of noise, both are.
        """
        alike = (cells["categorical"] > 0) == (self.categorical > 0)
        alike &= cells["noisy"].isna() | ((cells["noisy"] > 0) == self.noise)
        return np.asarray(alike, dtype=bool)

    def weights(self, cells: pd.DataFrame) -> Floats:
        """How much each cell on record is like this one: (c,), 0 is not at all.

        Dimensions and workers count by a Gaussian kernel over their logarithms, up to a factor of `FARTHEST`; another
        kind of problem counts `OTHER_KIND`, for who is good elsewhere is more likely to be good here.
        """
        weights: Floats = np.where(self.is_kind_of(cells), 1.0, OTHER_KIND)
        for column, own in (("dim", self.dims), ("workers", self.workers)):
            apart = np.abs(np.log(cells[column].to_numpy(dtype=float) / own))
            weights *= np.where(apart <= math.log(FARTHEST) + 1e-9, np.exp(-0.5 * (apart / OCTAVE) ** 2), 0.0)
        return weights


def ends(thinking_s: Floats, seconds: float, workers: int) -> Floats:
    """When the n-th trial is over, n = 1..N, from the seconds of ask and tell `thinking_s` (N,) of each: (N,).

    Every trial keeps one of the workers for its own seconds and those of thinking. One strategy serves all of them:
    a trial cannot follow another sooner than it thinks.
    """
    over: Floats = np.cumsum(np.maximum((seconds + thinking_s) / workers, thinking_s))
    return over


def trials_in_time(thinking_s: Floats, situation: Situation) -> float:
    """How many trials, not whole ones, are over when the situation's would be without any thinking."""
    time = situation.trials * situation.seconds / situation.workers
    over = np.append(0.0, ends(thinking_s, situation.seconds, situation.workers))
    return float(np.interp(time, over, np.arange(len(over))))
