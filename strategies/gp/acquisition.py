"""What a belief is worth: four acquisition functions behind one interface, all to be maximised.

| symbol | shape | meaning |
|---|---|---|
| `mean`, `std` | (n,) | the model's belief about the value at n points; std > 0 |
| `best` | scalar | the value to improve on; smaller is better |
| `z` | (n,) | (best − mean) / std |
| `h(z)` | (n,) | φ(z) + z Φ(z), so that EI = std · h(z); h' = Φ |

Each function returns its value and its derivatives in mean and in std, (n,) each; the chain rule in `maximise` turns
these into a gradient in x. A new acquisition is a function of this kind and a line in `ACQUISITIONS`.
"""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from scipy.special import erfcx, log_ndtr, ndtr

from problems.space import Floats

Worth: TypeAlias = tuple[Floats, Floats, Floats]  # value, d value / d mean, d value / d std
Acquisition: TypeAlias = Callable[[Floats, Floats, float], Worth]

LOG_SQRT_2PI = 0.5 * math.log(2.0 * math.pi)
UCB_WIDTH = 2.0  # standard deviations of the confidence bound; √β in Srinivas et al. 2010, a constant as in practice
PI_MARGIN = 0.1  # how far below the best counts, in standard deviations of the warped values; else PI only polishes


def log_h(z: Floats) -> tuple[Floats, Floats]:
    """Log h(z) and its derivative Φ(z)/h(z), without underflow for any z (Ament et al. 2023, eq. 9).

    Three branches, as far as each is exact: the definition; h = φ(z) (1 + z Φ/φ) with Φ/φ = √(π/2) erfcx(−z/√2); and
    where that bracket cancels, its asymptotic series 1/z² − 3/z⁴ + 15/z⁶.
    """
    z_near = np.maximum(z, -1.0)
    density = np.exp(-0.5 * z_near * z_near - LOG_SQRT_2PI)
    h = density + z_near * ndtr(z_near)
    z_far = np.clip(z, -1e150, -1.0)  # its square stays finite
    mills = math.sqrt(math.pi / 2.0) * erfcx(z_far * -math.sqrt(0.5))  # Φ/φ
    inverse_square = 1.0 / (z_far * z_far)
    series = inverse_square * (1.0 - inverse_square * (3.0 - 15.0 * inverse_square))
    bracket = np.where(z_far > -300.0, 1.0 + z_far * mills, series)
    near = z > -1.0
    log_far = np.log(bracket) - 0.5 * z_far * z_far - LOG_SQRT_2PI
    return np.where(near, np.log(h), log_far), np.where(near, ndtr(z_near) / h, mills / bracket)


def log_expected_improvement(mean: Floats, std: Floats, best: float) -> Worth:
    """Log EI: same maximiser as EI, but with a gradient also where EI underflows to 0 (Ament et al. 2023)."""
    z = (best - mean) / std
    value, slope = log_h(z)
    return value + np.log(std), -slope / std, (1.0 - z * slope) / std


def expected_improvement(mean: Floats, std: Floats, best: float) -> Worth:
    """E[max(best − f, 0)] (Jones et al. 1998, eq. 15)."""
    z = (best - mean) / std
    density, below = np.exp(-0.5 * z * z - LOG_SQRT_2PI), ndtr(z)
    return std * (density + z * below), -below, density


def upper_confidence_bound(mean: Floats, std: Floats, best: float, width: float = UCB_WIDTH) -> Worth:
    """How good the value may be, optimistically: width · std − mean (Srinivas et al. 2010, for a minimum)."""
    return width * std - mean, np.full_like(mean, -1.0), np.full_like(std, width)


def probability_of_improvement(mean: Floats, std: Floats, best: float) -> Worth:
    """Log P(f < best − margin) (Kushner 1964); in log for the reason that EI is."""
    z = (best - PI_MARGIN - mean) / std
    value = log_ndtr(z)
    slope = np.exp(-0.5 * z * z - LOG_SQRT_2PI - value)  # φ/Φ
    return value, -slope / std, -slope * z / std


ACQUISITIONS: Mapping[str, Acquisition] = {
    "logei": log_expected_improvement,
    "ei": expected_improvement,
    "ucb": upper_confidence_bound,
    "pi": probability_of_improvement,
}
