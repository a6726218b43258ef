"""`noise`: what a strategy is told has Gaussian noise on it, the same everywhere in the space.

The values behind it stay known, so that regret is that of the noise-free value. BBOB's noisy functions (Hansen et al.
2009, RR-6869) multiply the distance to the optimum with noise instead, which needs the optimum, and vanishes there.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from problems.base import Evaluation, Problem
from problems.space import Config
from problems.wrappers.base import Wrapped

LARGEST = sys.float_info.max
PROBES = 256  # random configs whose values say how far they spread: their standard deviation is known to 5 % or so


class Amount(NamedTuple):
    """How much noise: a standard deviation, in units of the value or of its spread over the space."""

    size: float
    of_spread: bool


@dataclass(frozen=True, kw_only=True)
class Noisy(Wrapped):
    """`inner` with noise on every told value."""

    sd: float  # of the noise, in units of the value

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """The inner looks, each with noise of its own; what they had told is their true value, if they knew no truer.

        The noise is drawn after the look: a problem that draws at its beginning has the trial that it has without.
        What is no finite number stays, to fail as it would without noise.
        """
        for look in self.inner.observe(config, rng):
            noise = self.sd * float(rng.standard_normal())
            yield with_noise(look, noise) if has_number(look) else look


def has_number(look: object) -> bool:
    """Whether `look` is one, with a value that a float can hold; somebody's problem may yield anything."""
    return isinstance(look, Evaluation) and isinstance(look.value, (int, float)) and abs(look.value) <= LARGEST


def with_noise(look: Evaluation, noise: float) -> Evaluation:
    """`look` with `noise` on its told value, and what that was before as its true value if it had none."""
    return replace(look, value=look.value + noise, true_value=true_value(look))


def true_value(look: Evaluation) -> float:
    """Free of noise, as far as is known."""
    return look.value if look.true_value is None else look.true_value


def noisy(inner: Problem, name: str, amount: Amount, dim: int, rng: Generator) -> Noisy:
    """`inner` with this `amount` of noise; `rng` draws the configs that are probed for its spread."""
    return Noisy.around(inner, name, noisy=True, sd=amount.size * (spread(inner, rng) if amount.of_spread else 1.0))


def spread(problem: Problem, rng: Generator) -> float:
    """The standard deviation of the true values of random configs, without those that fail."""
    looks = [list(problem.observe(problem.space.sample(rng), rng))[-1] for _ in range(PROBES)]
    return float(np.nanstd(list(map(true_value, looks))))
