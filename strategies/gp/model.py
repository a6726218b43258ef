"""What the Gaussian process believes, and how it learns its hyperparameters.

| symbol | shape | meaning |
|---|---|---|
| `x`, `u`, `z` | (n, D), (n,), (n,) | observed points; their gaps; their warped values (see `encoding`, `warping`) |
| `ℓ` | (d,) | length scales, in widths of the space |
| `σ²` | scalar | noise variance, as a share of the signal's |
| `θ` | scalar | the warp's parameter |
| `p` | (d + 2,) | what is learned: log ℓ, log σ², θ |
| `C` | (n, n) | correlations of the observations, k(x, x) + σ² I |
| `R` | (n, n) | L⁻¹ of the Cholesky factor C = L Lᵀ; lower triangular |
| `m`, `s²` | scalars | the process's mean and signal variance, both in closed form given p |
| `α` | (n,) | C⁻¹ (z − m) |

The belief at a point with correlations k (n,) to the observations is (Rasmussen & Williams 2006, eq. 2.25 f.)
mean = m + kᵀ α,   variance = s² (1 − |R k|²).
`R` is kept instead of `L`: a new observation appends one row to it in O(n²), and every belief is a matrix product.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy.linalg.lapack import dpotrf, dtrtri
from scipy.optimize import minimize

from problems.space import Floats
from strategies.gp.encoding import Ints
from strategies.gp.kernel import gradient_in_x, matern52, squared_distances, weighted_squares
from strategies.gp.warping import warp

LOG_NOISE_BOUNDS = (math.log(1e-8), math.log(1.0))
LOG_LENGTH_BOUNDS = (math.log(1e-2), math.log(1e3))
WARP_BOUNDS = (-5.0, 14.0)

Bounds: TypeAlias = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Priors:
    """What is believed of the hyperparameters before any data: normal densities of their logs, (centre, width)."""

    length_centre: float = 0.0  # + ½ log d: distances in a cube grow as √d (Hvarfner et al. 2024, there √2)
    length_width: float = math.sqrt(3.0)
    noise: tuple[float, float] = (math.log(1e-5), 3.0)
    warp: tuple[float, float] = (0.0, 2.0)
    signal_strength: float = 4.0  # pseudo-observations behind a signal variance of 1 (inverse gamma)

    def centres(self, d: int) -> Floats:
        """The mode (d + 2,)."""
        return np.array([self.length_centre + 0.5 * math.log(d)] * d + [self.noise[0], self.warp[0]])

    def widths(self, d: int) -> Floats:
        """The standard deviations (d + 2,)."""
        return np.array([self.length_width] * d + [self.noise[1], self.warp[1]])


@dataclass(frozen=True)
class Belief:
    """Mean and standard deviation (m,) of the noise-free value at m points, and what their gradients need."""

    mean: Floats
    std: Floats


def bounds(d: int) -> Bounds:
    """The box of `p`."""
    return [LOG_LENGTH_BOUNDS] * d + [LOG_NOISE_BOUNDS, WARP_BOUNDS]


def inverse_factor(c: Floats) -> tuple[Floats, float]:
    """R = L⁻¹ and log |C| of a correlation matrix; adds as little to the diagonal as makes it positive definite."""
    jitter = 0.0
    while True:
        factor, info = dpotrf(c if jitter == 0.0 else c + jitter * np.eye(len(c)), lower=1, clean=1)
        if info == 0:
            inverse, _ = dtrtri(factor, lower=1)
            return inverse, 2.0 * float(np.log(np.diagonal(factor)).sum())
        jitter = max(10.0 * jitter, 1e-10)  # rounding leaves eigenvalues of about −n·1e-16: a few rounds at most


def constant_mean(r: Floats, z: Floats) -> tuple[float, Floats]:
    """The mean's generalised least-squares estimate m = 1ᵀC⁻¹z / 1ᵀC⁻¹1, and α = C⁻¹(z − m)."""
    r_one, r_z = r.sum(axis=1), r @ z
    m = float(r_one @ r_z / (r_one @ r_one))
    return m, r.T @ (r_z - m * r_one)


def log_posterior(p: Floats, x: Floats, u: Floats, owner: Ints, priors: Priors) -> tuple[float, Floats]:
    """Log posterior density of the hyperparameters `p`, up to a constant, and its gradient (d + 2,).

    The mean and the signal variance are at their best given p; by the envelope theorem they need no derivative.
    """
    n, d = len(u), len(p) - 2
    noise = math.exp(p[d])
    w = np.exp(-2.0 * p[:d])[owner]
    warped = warp(u, p[d + 1])
    k, slope = matern52(squared_distances(x, x, w))
    k.flat[:: n + 1] = 1.0 + noise
    r, log_det = inverse_factor(k)
    m, alpha = constant_mean(r, warped.z)
    strength = priors.signal_strength
    weight = n + strength + 2.0
    s2 = (float((warped.z - m) @ alpha) + strength) / weight  # mode given p; inverse gamma prior
    deviation = (p - priors.centres(d)) / priors.widths(d)
    value = (
        -0.5 * weight * math.log(s2) - 0.5 * log_det + warped.log_jacobian - 0.5 * float(deviation @ deviation)
    )  # Rasmussen & Williams 2006, eq. 2.30, with s² profiled; Snelson et al. 2003, eq. 6 for the Jacobian

    g = np.outer(alpha, alpha / (2.0 * s2)) - 0.5 * (r.T @ r)  # dL/dC (eq. 5.9)
    gradient = -deviation / priors.widths(d)
    gradient[d] += noise * np.trace(g)
    g *= slope  # dL/ds
    gradient[:d] += np.bincount(owner, -2.0 * w * weighted_squares(g, x), minlength=d)  # dw/dlog ℓ = −2 w
    gradient[d + 1] += warped.dlog_jacobian - float(alpha @ warped.dz) / s2
    return value, gradient


def learn(
    x: Floats, u: Floats, owner: Ints, priors: Priors, start: Floats, steps: int = 30, box: Bounds = ()
) -> tuple[Floats, float]:
    """The most probable hyperparameters found from `start` (d + 2,), and their log posterior (MAP).

    `box`: their bounds, those of `bounds` where there are none; a hyperparameter with equal ends is held there.
    """

    def loss(p: Floats) -> tuple[float, Floats]:
        value, gradient = log_posterior(p, x, u, owner, priors)
        return -value, -gradient

    result = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=box or bounds(len(start) - 2),
        options={"maxiter": steps, "maxfun": 2 * steps},
    )  # fmt: skip
    return result.x, -float(result.fun)


@dataclass(frozen=True)
class Model:
    """A process conditioned on observations; make it with `condition`, grow it with `append`."""

    x: Floats  # (n, D)
    z: Floats  # (n,)
    w: Floats  # (D,)
    noise: float
    r: Floats  # (n, n)
    m: float
    alpha: Floats  # (n,)
    s2: float

    def believe(self, x: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation (m,) of the noise-free values at `x` (m, D)."""
        k, _ = matern52(squared_distances(x, self.x, self.w))
        v = k @ self.r.T  # (m, n), row i is R kᵢ
        variance = self.s2 * np.maximum(1.0 - np.einsum("ij,ij->i", v, v), 1e-14)
        return self.m + k @ self.alpha, np.sqrt(variance)

    def believe_with_gradients(self, x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """`believe`, and the gradients (m, D) of mean and standard deviation in x."""
        k, slope = matern52(squared_distances(x, self.x, self.w))
        v = k @ self.r.T
        std = np.sqrt(self.s2 * np.maximum(1.0 - np.einsum("ij,ij->i", v, v), 1e-14))
        dmean = gradient_in_x(slope * self.alpha, x, self.x, self.w)
        dvariance = gradient_in_x(slope * (v @ self.r), x, self.x, self.w) * (-2.0 * self.s2)
        return self.m + k @ self.alpha, std, dmean, dvariance / (2.0 * std[:, None])

    def with_values(self, z: Floats, signal_strength: float) -> "Model":
        """The same points and hyperparameters with other values `z` (n,): O(n²)."""
        m, alpha = constant_mean(self.r, z)
        s2 = (float((z - m) @ alpha) + signal_strength) / (len(z) + signal_strength + 2.0)
        return replace(self, z=z, m=m, alpha=alpha, s2=s2)

    def append(self, x: Floats) -> "Model":
        """With the point `x` (D,) at its own predicted mean: O(n²). Beliefs elsewhere keep their mean (believer)."""
        k, _ = matern52(squared_distances(x[None], self.x, self.w))
        row = self.r @ k[0]  # (n,) L⁻¹k
        rest = math.sqrt(max(1.0 + self.noise - float(row @ row), 1e-10))
        n = len(self.z)
        r = np.zeros((n + 1, n + 1))
        r[:n, :n] = self.r
        r[n, :n] = row @ self.r / -rest
        r[n, n] = 1.0 / rest
        mean = self.m + float(k[0] @ self.alpha)
        return replace(self, x=np.vstack([self.x, x]), z=np.append(self.z, mean), r=r, alpha=np.append(self.alpha, 0.0))


def condition(x: Floats, u: Floats, owner: Ints, p: Floats, priors: Priors) -> Model:
    """The process with hyperparameters `p`, given points `x` (n, D) and gaps `u` (n,)."""
    d = len(p) - 2
    w, noise = np.exp(-2.0 * p[:d])[owner], math.exp(p[d])
    k, _ = matern52(squared_distances(x, x, w))
    k.flat[:: len(u) + 1] = 1.0 + noise
    r, _ = inverse_factor(k)
    z = warp(u, p[d + 1]).z
    return Model(x, z, w, noise, r, 0.0, z, 1.0).with_values(z, priors.signal_strength)
