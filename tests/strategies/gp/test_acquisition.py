import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from strategies.gp.acquisition import ACQUISITIONS, PI_MARGIN, log_h, upper_confidence_bound

POINTS = [(0.3, 0.5, 0.0), (-1.0, 0.2, 0.4), (2.0, 0.7, -1.0), (0.0, 1e-3, 0.0)]
# z, log h(z), Φ(z)/h(z), computed with mpmath to 60 digits
LOG_H = [
    (-1000.0, -500014.73445209116, 1000.001999994),
    (-301.0, -45312.83319217364, 301.0066442982747),
    (-299.0, -44712.819859235344, 299.00668873876896),
    (-25.0, -319.86146358149597, 25.07962023426653),
    (-1.0001, -2.485311456445883, 1.9043434317165273),
    (-0.9999, -2.484930602199176, 1.904199036177194),
    (0.0, -0.9189385332046728, 1.2533141373155003),
    (3.0, 1.0987396653277077, 0.3328409684517952),
]


@pytest.mark.parametrize(("mean", "std", "best"), POINTS)
def test_expected_improvement_is_the_integral(mean, std, best):
    integral, _ = quad(
        lambda f: (best - f) * norm.pdf(f, mean, std), mean - 12 * std, best, points=[mean], epsabs=1e-14
    )
    m, s = np.array([mean]), np.array([std])
    assert ACQUISITIONS["ei"](m, s, best)[0][0] == pytest.approx(integral, rel=1e-6)
    assert ACQUISITIONS["logei"](m, s, best)[0][0] == pytest.approx(np.log(integral), abs=1e-6)
    assert ACQUISITIONS["pi"](m, s, best)[0][0] == pytest.approx(norm.logcdf(best - PI_MARGIN, mean, std), abs=1e-10)


def test_the_wider_the_confidence_bound_the_more_doubt_is_worth():
    mean, std = np.array([0.0, 1.0]), np.array([0.1, 1.0])
    assert np.argmax(upper_confidence_bound(mean, std, 0.0, width=0.5)[0]) == 0
    assert np.argmax(upper_confidence_bound(mean, std, 0.0, width=3.0)[0]) == 1
    assert upper_confidence_bound(mean, std, 0.0, width=3.0)[0].tolist() == pytest.approx([0.3, 2.0])


@pytest.mark.parametrize(("z", "value", "slope"), LOG_H)
def test_log_h_to_ten_digits(z, value, slope):
    ours_value, ours_slope = log_h(np.array([z]))
    assert ours_value[0] == pytest.approx(value, rel=1e-10)
    assert ours_slope[0] == pytest.approx(slope, rel=1e-8)


def test_log_h_is_finite_and_rises():
    z = -np.logspace(0, 12, 200)
    value, _ = log_h(z)
    assert np.isfinite(value).all()
    assert np.all(np.diff(value) < 0)


@pytest.mark.parametrize("name", ACQUISITIONS)
@pytest.mark.parametrize(("mean", "std", "best"), [*POINTS, (40.0, 1.0, 0.0)])
def test_derivatives_equal_finite_differences(name, mean, std, best):
    f = ACQUISITIONS[name]
    m, s, step = np.array([mean]), np.array([std]), 1e-5 * std
    _, by_mean, by_std = f(m, s, best)
    assert by_mean[0] == pytest.approx(
        ((f(m + step, s, best)[0] - f(m - step, s, best)[0]) / (2 * step))[0], rel=1e-5, abs=1e-6
    )
    assert by_std[0] == pytest.approx(
        ((f(m, s + step, best)[0] - f(m, s - step, best)[0]) / (2 * step))[0], rel=1e-5, abs=1e-6
    )
