"""Losses case by case: for questions about parts of data, which a problem's mean errors cannot answer."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from numpy.random import Generator

from problems.space import Config, Floats, SearchSpace


@dataclass(frozen=True, eq=False)
class CaseLosses:
    """What one fitted model loses: 0 or 1 where cases are classified, else squared errors over the targets' variance.

    NaN where the training diverged.
    """

    train: Floats  # (n,) the cases that it was fitted on
    held_out: Floats  # (h,) cases that it has not seen


@runtime_checkable
class Supervised(Protocol):
    """A problem whose configs are fitted to some cases and predict others."""

    @property
    def space(self) -> SearchSpace:
        """The hyperparameters."""
        ...

    def case_losses(self, config: Config, rng: Generator) -> CaseLosses:
        """Fit once with `config`, as in `observe`, and predict every case."""
        ...
