import math

import numpy as np
import pytest
from scipy.optimize import approx_fprime, check_grad
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern

from problems.space import Categorical, Float, SearchSpace
from strategies.gp.encoding import Encoding
from strategies.gp.kernel import matern52, squared_distances
from strategies.gp.model import Priors, bounds, condition, inverse_factor, learn, log_posterior
from strategies.gp.warping import gaps, unwarp, warp

LENGTHS = np.array([0.3, 0.8, 1.7])
NOISE = 1e-3
MIXED = SearchSpace((Float("x", 0, 1), Categorical("c", ("a", "b", "c")), Float("y", 0, 1)))


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    x = rng.random((25, 3))
    return x, gaps(np.exp(3 * np.sin(4 * x).sum(axis=1)))


def parameters(theta):
    return np.concatenate([np.log(LENGTHS), [math.log(NOISE), theta]])


def scikit_learn(x, z):
    return GaussianProcessRegressor(Matern(LENGTHS, nu=2.5), alpha=NOISE, optimizer=None).fit(x, z)


def test_kernel_equals_scikit_learn(data):
    x, _ = data
    k, _ = matern52(squared_distances(x, x[:5], LENGTHS**-2))
    np.testing.assert_allclose(k, Matern(LENGTHS, nu=2.5)(x, x[:5]), atol=1e-12)


def test_kernel_slope_is_its_derivative():
    s = np.linspace(0.01, 9, 30)
    k_up, k_down = matern52(s + 1e-6)[0], matern52(s - 1e-6)[0]
    np.testing.assert_allclose(matern52(s)[1], (k_up - k_down) / 2e-6, atol=1e-8)


def test_posterior_equals_scikit_learn(data):
    x, u = data
    model = condition(x, u, np.arange(3), parameters(0.5), Priors())
    z = warp(u, 0.5).z
    peer = scikit_learn(x, z - model.m)
    queries = np.random.default_rng(2).random((40, 3))
    mean, std = peer.predict(queries, return_std=True)
    ours_mean, ours_std = model.believe(queries)
    np.testing.assert_allclose(ours_mean, mean + model.m, atol=1e-8)
    np.testing.assert_allclose(ours_std, std * math.sqrt(model.s2), atol=1e-8)


def test_marginal_likelihood_equals_scikit_learn(data):
    """With the closed-form mean and signal variance put back, ours is theirs plus priors and the warp's Jacobian."""
    x, u = data
    priors, p = Priors(signal_strength=0.0), parameters(0.5)
    warped = warp(u, 0.5)
    model = condition(x, u, np.arange(3), p, priors)
    deviation = (p - priors.centres(3)) / priors.widths(3)
    theirs = scikit_learn(x, (warped.z - model.m) / math.sqrt(model.s2)).log_marginal_likelihood_value_
    n = len(u)
    quadratic = (warped.z - model.m) @ model.alpha / model.s2
    # Theirs holds −½ quadratic − ½ log|C| − ½ n log 2π; ours −½ (n + 2) log s² − ½ log|C|.
    expected = theirs + 0.5 * quadratic + 0.5 * n * math.log(2 * math.pi) - 0.5 * (n + 2) * math.log(model.s2)
    expected += warped.log_jacobian - 0.5 * deviation @ deviation
    assert log_posterior(p, x, u, np.arange(3), priors)[0] == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("theta", [-3.0, 0.0, 4.0])
def test_log_posterior_gradient(data, theta):
    x, u = data
    arguments = (x, u, np.arange(3), Priors())
    p = parameters(theta)
    error = check_grad(
        lambda q: log_posterior(q, *arguments)[0], lambda q: log_posterior(q, *arguments)[1], p, epsilon=1e-6
    )
    assert error < 1e-4 * (1 + np.linalg.norm(log_posterior(p, *arguments)[1]))
    for j in range(len(p)):  # central differences: to 1e-6
        step = np.eye(len(p))[j] * 1e-4
        slope = (log_posterior(p + step, *arguments)[0] - log_posterior(p - step, *arguments)[0]) / 2e-4
        assert log_posterior(p, *arguments)[1][j] == pytest.approx(slope, rel=1e-5, abs=1e-5)


def test_gradient_with_shared_length_scales():
    """The columns of a categorical share one length scale."""
    rng = np.random.default_rng(3)
    encoding = Encoding.of(MIXED)
    x = encoding.encode(MIXED.snap(rng.random((20, 3))))
    u = gaps(rng.random(20))
    p = parameters(0.0)
    expected = approx_fprime(p, lambda q: log_posterior(q, x, u, encoding.owner, Priors())[0], 1e-7)
    np.testing.assert_allclose(log_posterior(p, x, u, encoding.owner, Priors())[1], expected, atol=1e-4)


def test_choices_are_one_apart():
    x = Encoding.of(MIXED).encode(np.array([[0.5, 1 / 6, 0.5], [0.5, 0.5, 0.5], [0.5, 5 / 6, 0.5]]))
    np.testing.assert_allclose(squared_distances(x, x, np.ones(5)), 1 - np.eye(3), atol=1e-15)


def test_belief_gradients_equal_finite_differences(data):
    x, u = data
    model = condition(x, u, np.arange(3), parameters(0.5), Priors())
    queries = np.random.default_rng(4).random((5, 3))
    _, _, dmean, dstd = model.believe_with_gradients(queries)
    for j in range(3):
        step = np.eye(3)[j] * 1e-5
        (up_mean, up_std), (down_mean, down_std) = model.believe(queries + step), model.believe(queries - step)
        np.testing.assert_allclose(dmean[:, j], (up_mean - down_mean) / 2e-5, atol=1e-6)
        np.testing.assert_allclose(dstd[:, j], (up_std - down_std) / 2e-5, atol=1e-6)


def test_append_equals_conditioning_anew(data):
    x, u = data
    p, priors = parameters(0.5), Priors()
    grown = condition(x[:-2], u[:-2], np.arange(3), p, priors).append(x[-2]).append(x[-1])
    whole = condition(x, u, np.arange(3), p, priors)
    np.testing.assert_allclose(grown.r, whole.r, atol=1e-8)
    grown = grown.with_values(whole.z, priors.signal_strength)
    np.testing.assert_allclose(grown.alpha, whole.alpha, atol=1e-6)


def test_an_appended_point_keeps_the_mean_and_lowers_the_doubt(data):
    x, u = data
    model = condition(x, u, np.arange(3), parameters(0.5), Priors())
    grown = model.append(np.full(3, 0.5))
    queries = np.random.default_rng(5).random((30, 3))
    np.testing.assert_allclose(grown.believe(queries)[0], model.believe(queries)[0], atol=1e-10)
    assert np.all(grown.believe(queries)[1] <= model.believe(queries)[1] + 1e-12)


def test_learning_finds_the_parameter_that_matters():
    x = np.random.default_rng(6).random((40, 3))
    u = gaps(np.sin(6 * x[:, 0]))
    priors = Priors()
    p, _ = learn(x, u, np.arange(3), priors, priors.centres(3), 50)
    assert np.exp(p[0]) < 0.2 * np.exp(p[1:3]).min()


def test_a_hyperparameter_with_equal_ends_is_held_and_the_others_are_learned(data):
    x, u = data
    start = parameters(0.0)
    held = [(math.log(0.3), math.log(0.3)), *bounds(3)[1:]]
    p, posterior = learn(x, u, np.arange(3), Priors(), start, box=held)
    assert p[0] == math.log(0.3)
    assert abs(p[1:] - start[1:]).min() > 0.0
    assert log_posterior(start, x, u, np.arange(3), Priors())[0] < posterior
    assert posterior <= learn(x, u, np.arange(3), Priors(), p)[1]


def test_a_singular_matrix_gets_a_factor():
    r, _ = inverse_factor(np.ones((6, 6)))
    assert np.isfinite(r).all()


@pytest.mark.parametrize("y", [[1.0, 2.0, 1e300], [-1e308, 0.0, 1e308], [3.0] * 4, [0.0, 0.0, 0.0, 1e-300], [5.0]])
def test_any_finite_values_are_warped_to_finite_ones(y):
    for theta in (-5.0, 0.0, 14.0):
        warped = warp(gaps(np.array(y)), theta)
        assert np.isfinite(warped.z).all()
        assert np.isfinite(warped.log_jacobian)


def test_unwarping_undoes_warping():
    y = -3.0 + 5.0 * np.random.default_rng(8).lognormal(size=20)
    for theta in (-4.0, 0.0, 5.0):
        z = warp(gaps(y), theta).z
        np.testing.assert_allclose(unwarp(z, y, theta), y, rtol=1e-9)
        assert unwarp(np.array([z.min() - 1.0]), y, theta) < y.min()
    assert unwarp(np.array([-2.0, 0.0, 2.0]), np.array([4.0, 4.0]), 0.0).tolist() == [4.0, 4.0, 4.0]


def test_warp_keeps_the_order_and_knows_its_derivatives():
    u = gaps(np.random.default_rng(7).lognormal(size=20))
    for theta in (-4.0, 0.0, 5.0):
        warped = warp(u, theta)
        assert np.array_equal(np.argsort(warped.z), np.argsort(u))
        up, down = warp(u, theta + 1e-5), warp(u, theta - 1e-5)
        np.testing.assert_allclose(warped.dz, (up.z - down.z) / 2e-5, atol=1e-7)
        assert warped.dlog_jacobian == pytest.approx((up.log_jacobian - down.log_jacobian) / 2e-5, abs=1e-5)


def test_the_jacobian_is_that_of_the_map():
    u = np.array([0.0, 0.4, 1.0, 7.0])
    warped, std = warp(u, 1.0), np.log1p(np.e * u).std()
    np.testing.assert_allclose(warped.log_jacobian, np.log(np.e / (1 + np.e * u) / std).sum())
