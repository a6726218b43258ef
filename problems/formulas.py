"""Test functions as published, each a pure function of points; their boxes and minima are in `catalogue`.

| symbol | meaning |
|---|---|
| `z` | points (…, d); every function reduces the last axis: (…, d) to (…) |
| `d`, `i` | number of coordinates; their index, from 1 |

Constants are those of Surjanovic & Bingham's Virtual Library of Simulation Experiments (www.sfu.ca/~ssurjano).
"""

import math
from functools import cache
from typing import Any

import numpy as np

from problems.space import Floats

SCHWEFEL_OFFSET = 418.98288727243374  # the largest z sin √|z| in [−500, 500], so that the minimum is 0

HARTMANN_WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])  # (4,)
HARTMANN3_SCALES = np.array([[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]])  # (4, 3)
HARTMANN3_CENTRES = 1e-4 * np.array([[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]])
HARTMANN6_SCALES = np.array(  # (4, 6)
    [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
)
HARTMANN6_CENTRES = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


@cache  # coefficients depend on nothing but the dimension
def _ellipsoid_weights(d: int) -> Floats:
    return 10.0 ** (6.0 * np.arange(d) / max(d - 1, 1))


@cache
def _griewank_frequencies(d: int) -> Floats:
    return 1.0 / np.sqrt(np.arange(1, d + 1))


@cache
def _michalewicz_frequencies(d: int) -> Floats:
    return np.arange(1, d + 1) / math.pi


def sphere(z: Floats) -> Any:
    """Σ z²."""
    return np.vecdot(z, z)


def ellipsoid(z: Floats) -> Any:
    """Σ 10^(6(i−1)/(d−1)) z²: condition number a million."""
    return np.vecdot(z * z, _ellipsoid_weights(z.shape[-1]))


def rosenbrock(z: Floats) -> Any:
    """Σ 100 (z_{i+1} − z_i²)² + (1 − z_i)²: a bent valley."""
    head, tail = z[..., :-1], z[..., 1:]
    across, along = tail - head * head, 1.0 - head
    return 100.0 * np.vecdot(across, across) + np.vecdot(along, along)


def ackley(z: Floats) -> Any:
    """−20 exp(−0.2 √mean z²) − exp(mean cos 2πz) + 20 + e: a hole in a rippled plain."""
    d = z.shape[-1]
    radius = np.sqrt(np.vecdot(z, z) / d)
    ripple = np.cos(2.0 * math.pi * z).sum(-1) / d
    return 20.0 * -np.expm1(-0.2 * radius) + math.e * -np.expm1(ripple - 1.0)


def rastrigin(z: Floats) -> Any:
    """Σ z² + 10 (1 − cos 2πz): a bowl with a dip at every integer."""
    return (z * z - 10.0 * np.cos(2.0 * math.pi * z)).sum(-1) + 10.0 * z.shape[-1]


def griewank(z: Floats) -> Any:
    """1 + Σ z²/4000 − Π cos(z_i/√i): a bowl with small ripples."""
    return 1.0 + np.vecdot(z, z) / 4000.0 - np.cos(z * _griewank_frequencies(z.shape[-1])).prod(-1)


def levy(z: Floats) -> Any:
    """sin²πw_1 + Σ (w_i − 1)² (1 + 10 sin²(πw_i + 1)) + (w_d − 1)² (1 + sin² 2πw_d), with w = 1 + (z − 1)/4."""
    w = 1.0 + (z - 1.0) / 4.0
    first, body, last = w[..., 0], w[..., :-1], w[..., -1]
    waves = ((body - 1.0) ** 2 * (1.0 + 10.0 * np.sin(math.pi * body + 1.0) ** 2)).sum(-1)
    return np.sin(math.pi * first) ** 2 + waves + (last - 1.0) ** 2 * (1.0 + np.sin(2.0 * math.pi * last) ** 2)


def styblinski_tang(z: Floats) -> Any:
    """½ Σ z⁴ − 16 z² + 5 z: two valleys along each axis, one a little deeper."""
    squares = z * z
    return 0.5 * (squares * squares - 16.0 * squares + 5.0 * z).sum(-1)


def schwefel(z: Floats) -> Any:
    """Σ 418.98… − z sin √|z|: the best valley near a corner, the second best far from it."""
    return SCHWEFEL_OFFSET * z.shape[-1] - np.vecdot(z, np.sin(np.sqrt(np.abs(z))))


def michalewicz(z: Floats) -> Any:
    """−Σ sin(z_i) sin²⁰(i z_i²/π): plains and narrow valleys."""
    return -np.vecdot(np.sin(z), np.sin(z * z * _michalewicz_frequencies(z.shape[-1])) ** 20)


def branin(z: Floats) -> Any:
    """(z₂ − 5.1 z₁²/4π² + 5 z₁/π − 6)² + 10 (1 − 1/8π) cos z₁ + 10: three equal valleys."""
    first, second = z[..., 0], z[..., 1]
    across = second - 5.1 / (4.0 * math.pi**2) * first * first + 5.0 / math.pi * first - 6.0
    return across * across + 10.0 * (1.0 - 1.0 / (8.0 * math.pi)) * np.cos(first) + 10.0


def _hartmann(z: Floats, scales: Floats, centres: Floats) -> Any:
    away = z[..., None, :] - centres  # (…, 4, d)
    return -np.vecdot(np.exp(-np.vecdot(away * away, scales)), HARTMANN_WEIGHTS)


def hartmann3(z: Floats) -> Any:
    """Four Gaussian dips, −Σ α_k exp(−Σ A_ki (z_i − P_ki)²)."""
    return _hartmann(z, HARTMANN3_SCALES, HARTMANN3_CENTRES)


def hartmann6(z: Floats) -> Any:
    """Four Gaussian dips, −Σ α_k exp(−Σ A_ki (z_i − P_ki)²)."""
    return _hartmann(z, HARTMANN6_SCALES, HARTMANN6_CENTRES)


def forrester(z: Floats) -> Any:
    """(6z − 2)² sin(12z − 4): a shallow valley, a plateau, and a deep valley."""
    first = z[..., 0]
    return (6.0 * first - 2.0) ** 2 * np.sin(12.0 * first - 4.0)


def gramacy_lee(z: Floats) -> Any:
    """Sin(10πz)/2z + (z − 1)⁴: waves that fade, the lowest at one end."""
    first = z[..., 0]
    return np.sin(10.0 * math.pi * first) / (2.0 * first) + (first - 1.0) ** 4
