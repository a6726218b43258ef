"""The test functions with their boxes, minima, minimisers and sources.

Boxes are those of Surjanovic & Bingham's Virtual Library of Simulation Experiments (www.sfu.ca/~ssurjano), which
collects the functions; `source` names the original, from memory where it is older than the library.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

import numpy as np

from problems import formulas
from problems.space import Floats

Points: TypeAlias = tuple[tuple[float, ...], ...]  # (m, d)


@dataclass(frozen=True, kw_only=True)
class Formula(ABC):
    """A published test function; what depends on its dimension is a method.

    `valid` says where its minimum is the minimum: `"everywhere"` in R^d, or only inside its `"box"`. It decides how an
    instance may move the optimum (see `transforms`).
    """

    function: Callable[[Floats], Any]  # (…, d) -> (…)
    source: str
    valid: Literal["everywhere", "box"]
    rotated: bool = False  # whether instances turn it, so that its axes are not those of the parameters
    origin: Literal["analytic", "certified"] = "analytic"  # of the minimum

    @abstractmethod
    def box(self, dim: int) -> tuple[Floats, Floats]:
        """Lower and upper bounds, (d,) each."""

    @abstractmethod
    def minimum(self, dim: int) -> float:
        """The smallest value in the box."""

    @abstractmethod
    def minimisers(self, dim: int) -> Points:
        """Every point of the box with that value."""


@dataclass(frozen=True, kw_only=True)
class SameInEveryCoordinate(Formula):
    """Box and minimiser are the same along every axis; the minimum grows with the dimension unless it is 0."""

    low: float
    high: float
    at: float = 0.0
    minimum_per_coordinate: float = 0.0

    def box(self, dim: int) -> tuple[Floats, Floats]:
        """Lower and upper bounds, (d,) each."""
        return np.full(dim, self.low), np.full(dim, self.high)

    def minimum(self, dim: int) -> float:
        """The smallest value in the box."""
        return self.minimum_per_coordinate * dim

    def minimisers(self, dim: int) -> Points:
        """Every point of the box with that value."""
        return ((self.at,) * dim,)


@dataclass(frozen=True, kw_only=True)
class OfOneDimension(Formula):
    """A function that exists for one number of parameters only."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    lowest: float
    at: Points

    def box(self, dim: int) -> tuple[Floats, Floats]:
        """Lower and upper bounds, (d,) each."""
        return np.array(self.low), np.array(self.high)

    def minimum(self, dim: int) -> float:
        """The smallest value in the box."""
        return self.lowest

    def minimisers(self, dim: int) -> Points:
        """Every point of the box with that value."""
        return self.at


@dataclass(frozen=True, kw_only=True)
class Michalewicz(Formula):
    """A sum of functions of one coordinate, another one along each axis."""

    def box(self, dim: int) -> tuple[Floats, Floats]:
        """Lower and upper bounds, (d,) each."""
        return np.zeros(dim), np.full(dim, math.pi)

    def minimum(self, dim: int) -> float:
        """The smallest value in the box."""
        return float(self.function(np.array(michalewicz_minimiser(dim))))

    def minimisers(self, dim: int) -> Points:
        """Every point of the box with that value."""
        return (michalewicz_minimiser(dim),)


@cache
def michalewicz_minimiser(d: int) -> tuple[float, ...]:
    """The exact minimiser, coordinate by coordinate, for the function is a sum of functions of one coordinate.

    Between two zeros of sin(i z²/π) the logarithmic derivative of sin(z) sin²⁰(i z²/π), cot z + (40 i z/π) cot(i z²/π),
    falls strictly from +∞ to −∞: one stationary point per lobe, found by bisection; the best of the i lobes counts.
    """
    best = []
    for i in range(1, d + 1):
        edges = np.sqrt(np.arange(i + 1) / i) * math.pi  # (i + 1,) zeros of sin(i z²/π) in [0, π]
        low, high = edges[:-1].copy(), edges[1:].copy()
        for _ in range(60):
            middle = (low + high) / 2.0
            # the sign of the derivative without the poles: times sin z · sin(i z²/π), positive up to lobe parity
            angle = i * middle * middle / math.pi
            slope = np.cos(middle) * np.sin(angle) + 40.0 * i * middle / math.pi * np.cos(angle) * np.sin(middle)
            rising = slope * np.sin(angle) > 0
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        peaks = (low + high) / 2.0
        best.append(float(peaks[np.argmax(np.sin(peaks) * np.sin(i * peaks * peaks / math.pi) ** 20)]))
    return tuple(best)


def _nonnegative(function: Callable[[Floats], Any], reach: float, source: str, **options: Any) -> Formula:
    """A function whose minimum of 0 lies inside a box around 0 and nowhere else in R^d."""
    return SameInEveryCoordinate(
        function=function, low=-reach, high=reach, source=source, valid="everywhere", **options
    )


HARTMANN_SOURCE = "Hartman 1973; Dixon & Szegő 1978"

# Constants with many digits were solved for in double precision, by Newton's method on the derivative.
FORMULAS: dict[str, Formula] = {
    "sphere": _nonnegative(formulas.sphere, 5.12, "De Jong 1975, F1"),
    "ellipsoid": _nonnegative(
        formulas.ellipsoid, 5.0, "Hansen et al. 2009, BBOB f10 without oscillation", rotated=True
    ),
    "rosenbrock": SameInEveryCoordinate(
        function=formulas.rosenbrock, low=-5.0, high=10.0, at=1.0, source="Rosenbrock 1960", valid="everywhere"
    ),
    "ackley": _nonnegative(formulas.ackley, 32.768, "Ackley 1987", rotated=True),
    "rastrigin": _nonnegative(formulas.rastrigin, 5.12, "Rastrigin 1974"),
    "griewank": _nonnegative(formulas.griewank, 600.0, "Griewank 1981", rotated=True),
    "levy": _nonnegative(formulas.levy, 10.0, "Levy & Montalvo 1985", at=1.0),
    "styblinski-tang": SameInEveryCoordinate(
        function=formulas.styblinski_tang,
        low=-5.0,
        high=5.0,
        at=-2.903534027771177,
        minimum_per_coordinate=-39.16616570377141,
        source="Styblinski & Tang 1990",
        valid="box",  # true everywhere, but a shift would push its second valley out of the box
    ),
    "schwefel": SameInEveryCoordinate(
        function=formulas.schwefel, low=-500.0, high=500.0, at=420.9687463599821, source="Schwefel 1981", valid="box"
    ),
    "michalewicz": Michalewicz(function=formulas.michalewicz, source="Michalewicz 1992, m = 10", valid="box"),
    "branin": OfOneDimension(
        function=formulas.branin,
        low=(-5.0, 0.0),
        high=(10.0, 15.0),
        lowest=10.0 / (8.0 * math.pi),  # where both the square and 1 + cos z₁ are 0: z₁ = −π, π, 3π
        at=tuple((k * math.pi, 5.1 / 4.0 * k * k - 5.0 * k + 6.0) for k in (-1, 1, 3)),
        source="Branin 1972; Dixon & Szegő 1978",
        valid="box",
    ),
    "hartmann3": OfOneDimension(
        function=formulas.hartmann3,
        low=(0.0,) * 3,
        high=(1.0,) * 3,
        lowest=-3.862779787332663,
        at=((0.11458887665506896, 0.5556488946169301, 0.8525469846866774),),
        source=HARTMANN_SOURCE,
        valid="box",
        origin="certified",
    ),
    "hartmann6": OfOneDimension(
        function=formulas.hartmann6,
        low=(0.0,) * 6,
        high=(1.0,) * 6,
        lowest=-3.322368011415515,
        at=(
            (
                *(0.20168951100670543, 0.15001069182345797, 0.47687397422189703),
                *(0.2753324304940561, 0.31165161660011326, 0.6573005340656204),
            ),
        ),
        source=HARTMANN_SOURCE,
        valid="box",
        origin="certified",
    ),
    "forrester": OfOneDimension(
        function=formulas.forrester,
        low=(0.0,),
        high=(1.0,),
        lowest=-6.0207400557670825,
        at=((0.7572487578418557,),),
        source="Forrester, Sóbester & Keane 2008, Engineering Design via Surrogate Modelling",
        valid="box",
        origin="certified",
    ),
    "gramacy-lee": OfOneDimension(
        function=formulas.gramacy_lee,
        low=(0.5,),
        high=(2.5,),
        lowest=-0.8690111349894997,
        at=((0.5485634445276053,),),
        source="Gramacy & Lee 2012, Statistics and Computing 22:713-722",
        valid="box",
        origin="certified",
    ),
}
