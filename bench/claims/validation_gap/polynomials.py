"""Data sets with known truth: a random smooth function and noise, fitted by penalised polynomials.

| symbol | meaning |
|---|---|
| φ_k | √(2k + 1) P_k: Legendre polynomials, orthonormal for x ~ U(−1, 1) |
| c | (DEGREES + 1,) true coefficients, N(0, 1/(k + 1)²) |
| σ | standard deviation of the noise, 0.5 |
| D, λ | a config: degree, uniform on 1 … DEGREES, and ridge penalty, log-uniform |

ĉ = (ΦᵀΦ + nλI)⁻¹Φᵀy on n training cases. By orthonormality the expected squared error on fresh cases is exactly
σ² + ‖ĉ − c‖².
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre
from numpy.random import Generator

from problems.space import Floats

DEGREES = 20
NOISE = 0.5  # σ
CASES = 40  # for training, and as many for validation
PENALTIES = (1e-6, 1.0)


@dataclass(frozen=True, eq=False)
class Fits:
    """Losses of `c` configs on one data set."""

    train: Floats  # (c,)
    validation: Floats  # (c,)
    spread: Floats  # (c,) standard errors of `validation`
    test: Floats  # (c,) exact


def features(x: Floats) -> Floats:
    """φ_0 … φ_DEGREES (n, DEGREES + 1) at x (n,)."""
    basis: Floats = legendre.legvander(x, DEGREES) * np.sqrt(2.0 * np.arange(DEGREES + 1) + 1.0)
    return basis


def ridge(basis: Floats, targets: Floats, degree: int, penalty: float) -> Floats:
    """ĉ (DEGREES + 1,), 0 above `degree`."""
    used = basis[:, : degree + 1]
    fitted = np.linalg.solve(used.T @ used + len(targets) * penalty * np.eye(degree + 1), used.T @ targets)
    return np.pad(fitted, (0, DEGREES - degree))


def random_fits(configs: int, rng: Generator) -> Fits:
    """A fresh data set and `configs` random configs fitted to it."""
    truth = rng.standard_normal(DEGREES + 1) / (1.0 + np.arange(DEGREES + 1))
    basis = features(rng.uniform(-1.0, 1.0, 2 * CASES))
    targets = basis @ truth + NOISE * rng.standard_normal(2 * CASES)
    degrees = rng.integers(1, DEGREES + 1, configs)
    low, high = np.log(PENALTIES)
    penalties = np.exp(rng.uniform(low, high, configs))
    fitted = np.array(
        [
            ridge(basis[:CASES], targets[:CASES], int(degree), float(penalty))
            for degree, penalty in zip(degrees, penalties, strict=True)
        ]
    )  # (c, DEGREES + 1)
    losses = (fitted @ basis.T - targets) ** 2  # (c, 2 CASES)
    held = losses[:, CASES:]
    return Fits(
        train=losses[:, :CASES].mean(axis=1),
        validation=held.mean(axis=1),
        spread=held.std(axis=1, ddof=1) / np.sqrt(CASES),
        test=NOISE**2 + ((fitted - truth) ** 2).sum(axis=1),
    )
