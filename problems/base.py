"""What a problem is: frozen data, its optimum and where that comes from, and one function to observe a config."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from numpy.random import Generator

from problems.space import Config, SearchSpace

HALF_NORMAL = math.sqrt(math.pi / 2)  # standard deviation of the normal whose absolute value has mean 1


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one look at a config shows; one per unit of fidelity."""

    value: float  # told to the strategy; noisy where the problem is
    true_value: float | None = None  # noise-free, for regret only; None: not known apart from `value`
    test_value: float | None = None  # held-out, never told to anyone
    cost: float = 1.0  # of this look alone; the looks of a full trial add up to 1
    train_value: float | None = None  # on the cases that were trained on, never told to anyone


@dataclass(frozen=True, slots=True)
class Optimum:
    """The smallest true value, and how we know it.

    `analytic`: proved; `certified`: found by multi-start local search; `bound`: nothing can lie below, though nothing
    may reach it (an error rate of 0); `best seen`: the smallest value that anyone recorded.
    """

    value: float
    origin: Literal["analytic", "certified", "bound", "best seen"]
    minimisers: tuple[Config, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Problem(ABC):
    """Something to minimise over a space. Subclasses add frozen fields and `observe`."""

    name: str
    instance: int
    space: SearchSpace
    source: str  # paper or collection that defines it
    optimum: Optimum | None = None
    value_label: str = "value"  # what an axis calls the told value
    fidelity_unit: str = "evaluation"  # what one yield of `observe` is
    noisy: bool = False  # whether another stream shows another value of the same config

    @property
    def dim(self) -> int:
        """Number of parameters."""
        return len(self.space)

    @abstractmethod
    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """Evaluate `config`, one yield per unit of fidelity; plain problems yield once.

        `rng` is this trial's own stream: the noise of the problem comes from it and from nowhere else. A config that
        cannot be evaluated raises, or yields a value that is not finite: the trial has failed.
        """

    def duration(self, config: Config, rng: Generator) -> float:
        """How long a full trial of `config` takes in simulated time: positive, about 1 on the whole.

        Half-normal of mean 1, whatever the config, as in the simulations of Kandasamy et al. 2018, AISTATS
        (Parallelised Bayesian optimisation via Thompson sampling). `rng` is this trial's own stream.
        """
        return float(abs(rng.normal(0.0, HALF_NORMAL)))
