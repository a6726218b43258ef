"""Fits with known truth: an orthonormal basis, ridge by its normal equations, test errors that fresh data confirm."""

import numpy as np
import pytest

from bench.claims.validation_gap.polynomials import DEGREES, NOISE, features, random_fits, ridge


def test_the_basis_is_orthonormal():
    nodes, weights = np.polynomial.legendre.leggauss(DEGREES + 2)
    basis = features(nodes)
    np.testing.assert_allclose(basis.T @ (basis * weights[:, None] / 2), np.eye(DEGREES + 1), atol=1e-12)


def test_ridge_finds_a_polynomial_and_shrinks_it():
    x = np.linspace(-1.0, 1.0, 50)
    truth = np.zeros(DEGREES + 1)
    truth[:4] = [1.0, -2.0, 0.5, 0.3]
    np.testing.assert_allclose(ridge(features(x), features(x) @ truth, 5, 1e-12), truth, atol=1e-6)
    assert np.linalg.norm(ridge(features(x), features(x) @ truth, 5, 10.0)) < 0.5 * np.linalg.norm(truth)


def test_losses_are_those_of_their_cases():
    fits = random_fits(40, np.random.default_rng(0))
    assert all(len(part) == 40 for part in (fits.train, fits.validation, fits.spread, fits.test))
    assert (fits.test >= NOISE**2).all()
    assert (fits.train <= fits.test).mean() > 0.9  # what was fitted is fitted better
    several = [random_fits(10, np.random.default_rng(seed)) for seed in range(200)]
    # validation cases are fresh: on average their error is the exact one
    gap = np.array([(fits.validation - fits.test).mean() for fits in several])
    assert gap.mean() == pytest.approx(0.0, abs=4 * gap.std() / np.sqrt(len(gap)))
