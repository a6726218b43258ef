"""Where an instance puts a formula's optimum: invertible maps from the problem's box to the formula's coordinates.

| symbol | meaning |
|---|---|
| `x` | points of the problem (…, d); what a config holds |
| `z` | points of the formula (…, d); what its published definition is about |
| `u` | a coordinate of the box scaled to [0, 1] |

Two ways to move an optimum, each right for its own kind of formula:

- **Shift and rotation** leave the landscape as published and bring points from outside the published box into ours.
  They are for formulas whose minimum in the box is their minimum over all of R^d.
- **Stretch and mirror** map the box onto itself, so that nothing from outside can enter: right for any formula. A
  stretch is `u / (u + k (1 − u))`: smooth, increasing, 0 ↦ 0, 1 ↦ 1; on the scale of log-odds a shift by −log k.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

import numpy as np
from numpy.random import Generator

from problems.space import Floats

Numbers: TypeAlias = tuple[float, ...]

CENTRE_GAP = 0.03  # of the range: no coordinate of a minimiser comes closer to the middle of its box
EDGE_GAP = 0.05  # of the range: none that is drawn comes closer to an end


class Transform(Protocol):
    """A map from the problem's points to the formula's, over the last axis."""

    def forward(self, x: Floats) -> Floats:
        """Where the formula is evaluated for `x`."""
        ...

    def inverse(self, z: Floats) -> Floats:
        """The `x` that is evaluated at `z`."""
        ...


@dataclass(frozen=True)
class Shift:
    """`z = x − offset`."""

    offset: Numbers

    @cached_property
    def _offset(self) -> Floats:
        return np.array(self.offset)  # (d,)

    def forward(self, x: Floats) -> Floats:
        """Where the formula is evaluated for `x`."""
        return x - self._offset

    def inverse(self, z: Floats) -> Floats:
        """The `x` that is evaluated at `z`."""
        return z + self._offset


@dataclass(frozen=True)
class Rotation:
    """`z = matrix (x − centre) + centre`, with an orthogonal matrix."""

    matrix: tuple[Numbers, ...]
    centre: Numbers

    @cached_property
    def _matrix(self) -> Floats:
        return np.array(self.matrix)  # (d, d)

    @cached_property
    def _centre(self) -> Floats:
        return np.array(self.centre)  # (d,)

    def forward(self, x: Floats) -> Floats:
        """Where the formula is evaluated for `x`."""
        return (x - self._centre) @ self._matrix.T + self._centre

    def inverse(self, z: Floats) -> Floats:
        """The `x` that is evaluated at `z`."""
        return (z - self._centre) @ self._matrix + self._centre


@dataclass(frozen=True)
class Stretch:
    """The box mapped onto itself, each coordinate by `u / (u + k (1 − u))`; k > 1 moves the optimum up."""

    low: Numbers
    high: Numbers
    factors: Numbers  # k

    @cached_property
    def _low(self) -> Floats:
        return np.array(self.low)  # (d,)

    @cached_property
    def _width(self) -> Floats:
        return np.array(self.high) - self._low  # (d,)

    @cached_property
    def _factors(self) -> Floats:
        return np.array(self.factors)  # (d,)

    def forward(self, x: Floats) -> Floats:
        """Where the formula is evaluated for `x`."""
        u = (x - self._low) / self._width
        return self._low + self._width * (u / (u + self._factors * (1.0 - u)))

    def inverse(self, z: Floats) -> Floats:
        """The `x` that is evaluated at `z`."""
        u = (z - self._low) / self._width
        return self._low + self._width * (self._factors * u / (self._factors * u + (1.0 - u)))


@dataclass(frozen=True)
class Mirror:
    """The box turned over along some axes: `z = low + high − x` there."""

    low: Numbers
    high: Numbers
    turned: tuple[bool, ...]

    @cached_property
    def _sign(self) -> Floats:
        return np.where(self.turned, -1.0, 1.0)  # (d,)

    @cached_property
    def _offset(self) -> Floats:
        return np.where(self.turned, np.array(self.low) + np.array(self.high), 0.0)  # (d,)

    def forward(self, x: Floats) -> Floats:
        """Where the formula is evaluated for `x`."""
        return self._offset + self._sign * x

    def inverse(self, z: Floats) -> Floats:
        """The `x` that is evaluated at `z`: a mirror undoes itself."""
        return self._offset + self._sign * z


@dataclass(frozen=True)
class Embedding:
    """The coordinates that matter, out of `dim`; its `inverse` leaves the others at 0."""

    coordinates: tuple[int, ...]
    dim: int

    @cached_property
    def _coordinates(self) -> list[int]:
        return list(self.coordinates)

    def forward(self, x: Floats) -> Floats:
        """The coordinates that matter; (…, d) to (…, k)."""
        return x[..., self._coordinates]

    def inverse(self, z: Floats) -> Floats:
        """`z` in its places among zeros; (…, k) to (…, d)."""
        x = np.zeros((*z.shape[:-1], self.dim))
        x[..., self._coordinates] = z
        return x


@dataclass(frozen=True)
class Chain:
    """Several maps, the first nearest to the problem."""

    steps: tuple[Transform, ...]

    def forward(self, x: Floats) -> Floats:
        """Where the formula is evaluated for `x`."""
        for step in self.steps:
            x = step.forward(x)
        return x

    def inverse(self, z: Floats) -> Floats:
        """The `x` that is evaluated at `z`."""
        for step in reversed(self.steps):
            z = step.inverse(z)
        return z


def draw_positions(low: Floats, high: Floats, rng: Generator) -> Floats:
    """A place (d,) for an optimum: uniform in the box but for its very middle and its edges.

    Any narrower band would favour the grid whose levels happen to lie in it.
    """
    side = rng.choice((-1.0, 1.0), size=len(low))
    return low + (high - low) * (0.5 + side * rng.uniform(CENTRE_GAP, 0.5 - EDGE_GAP, size=len(low)))


def draw_shift(low: Floats, high: Floats, minimiser: Floats, rng: Generator) -> Shift:
    """The shift that carries `minimiser` (d,) to a drawn place in the box."""
    return Shift(tuple((draw_positions(low, high, rng) - minimiser).tolist()))


def draw_rotation(centre: Floats, rng: Generator) -> Rotation:
    """A rotation about `centre` (d,), reflections included, uniform over the orthogonal group (Mezzadri 2007)."""
    q, r = np.linalg.qr(rng.standard_normal((len(centre), len(centre))))
    matrix = q * np.sign(np.diag(r))  # without the signs, QR's own convention would favour some rotations
    return Rotation(tuple(tuple(row) for row in matrix.tolist()), tuple(centre.tolist()))


def draw_stretch(low: Floats, high: Floats, minimisers: Floats, rng: Generator) -> Chain:
    """A stretch and mirror of the box after which no coordinate of `minimisers` (m, d) is in the middle.

    Log-odds move by 0.2 to 0.6, which is 5 to 15 % of the range for an optimum that was in the middle.
    """
    u = (minimisers - low) / (high - low)  # (m, d)
    log_odds = np.log(u / (1.0 - u))
    steps = np.zeros(len(low))
    pending = np.ones(len(low), dtype=bool)
    while pending.any():
        count = int(pending.sum())
        steps[pending] = rng.choice((-1.0, 1.0), size=count) * rng.uniform(0.2, 0.6, size=count)
        moved = 1.0 / (1.0 + np.exp(-(log_odds + steps)))
        pending = np.logical_or.reduce(np.abs(moved - 0.5) < CENTRE_GAP, axis=0)
    bounds = tuple(low.tolist()), tuple(high.tolist())
    turned = tuple((rng.random(len(low)) < 0.5).tolist())
    return Chain((Mirror(*bounds, turned), Stretch(*bounds, tuple(np.exp(steps).tolist()))))
