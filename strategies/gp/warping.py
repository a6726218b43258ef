"""Values made tame: a monotone warp with one learned parameter, from a plain scale to a logarithmic one.

| symbol | shape | meaning |
|---|---|---|
| `y` | (n,) | told values, smaller is better; anything finite, 1e300 too |
| `u` | (n,) | gaps to the best, (y − min y) / (median y − min y): 0 is the best, 1 the median |
| `b` | scalar | where the scale turns: log(1 + b u) is linear for small b, logarithmic for large |
| `θ` | scalar | log b, learned with the other hyperparameters |
| `z` | (n,) | the warped values, standardised |

A diverged training or an ill-conditioned function spans decades; a Gaussian process believes that neighbours differ by
alike amounts everywhere. On the warped scale they do. How far to warp is a matter of likelihood, not of taste: a warped
process (Snelson et al. 2003) has the density N(z(y)) Π dz/dy, whose second factor, the Jacobian, pays for the squeeze.
"""

from dataclasses import dataclass

import numpy as np

from problems.space import Floats

LARGEST = 1e290  # beyond it, differences overflow
LARGEST_GAP = 1e12  # in medians


def gaps(y: Floats) -> Floats:
    """The gaps `u` of the values `y`; 0 everywhere when `y` is constant."""
    y = np.clip(y, -LARGEST, LARGEST)
    u: Floats = np.minimum((y - y.min()) / unit_of(y), LARGEST_GAP)
    return u


def unit_of(y: Floats) -> float:
    """What `gaps` divides the gaps of the values `y` by; positive."""
    gap = y - y.min()
    median = float(np.median(gap))
    unit = median if median > 0.0 else float(gap.max())  # more than half share the best: the largest gap
    return min(max(unit, 1e-10), LARGEST)


@dataclass(frozen=True)
class Warped:
    """Warped values, and how they and the log-Jacobian change with θ."""

    z: Floats  # (n,) mean 0, variance 1
    dz: Floats  # (n,) dz/dθ
    log_jacobian: float  # Σ log dz/du
    dlog_jacobian: float  # its derivative in θ


def warp(u: Floats, theta: float) -> Warped:
    """Standardised log(1 + b u), b = e^θ."""
    bu = np.exp(theta) * u
    raw = np.log1p(bu)
    share = bu / (1.0 + bu)  # d raw/dθ
    centred = raw - raw.mean()
    std = float(np.sqrt(np.mean(centred * centred)))
    if std < 1e-12:
        flat = np.zeros_like(u)
        return Warped(flat, flat, 0.0, 0.0)
    z = centred / std
    dcentred = (share - share.mean()) / std
    dlog_std = float(np.mean(z * dcentred))
    n = len(u)
    return Warped(
        z=z,
        dz=dcentred - z * dlog_std,
        log_jacobian=float(n * (theta - np.log(std)) - raw.sum()),  # d raw/du = b/(1 + b u)
        dlog_jacobian=float(n * (1.0 - dlog_std) - share.sum()),
    )


def unwarp(z: Floats, y: Floats, theta: float) -> Floats:
    """The values, in units of `y` (n,), that stand at `z` (m,) on the scale of `warp(gaps(y), theta)`: its inverse.

    It rises with z, so that quantiles stay quantiles and a mean becomes a median. Where all `y` are the same there is
    no scale, and nothing but that value.
    """
    y = np.clip(y, -LARGEST, LARGEST)
    raw = np.log1p(np.exp(theta) * gaps(y))
    values: Floats = y.min() + unit_of(y) * np.expm1(raw.mean() + raw.std() * z) / np.exp(theta)
    return values
