import numpy as np

from strategies.gp.maximise import climb, neighbours


def test_climb_finds_maxima_inside_and_on_the_border():
    target = np.array([0.3, 1.4, -0.2])  # its nearest point in the cube: (0.3, 1, 0)
    scale = np.array([1.0, 30.0, 5.0])

    def objective(x):
        return -float(((x - target) ** 2 * scale).sum()), -2 * (x - target) * scale

    for start in np.random.default_rng(1).random((4, 3)):
        np.testing.assert_allclose(climb(objective, start, 40)[0], [0.3, 1.0, 0.0], atol=1e-4)


def test_climb_never_descends_and_leaves_the_start_alone():
    def objective(x):
        return float(np.sin(9 * x).sum()), 9 * np.cos(9 * x)

    for start in np.random.default_rng(2).random((6, 2)):
        before = start.copy()
        top, worth = climb(objective, start, 20)
        assert worth >= objective(before)[0]
        assert worth == objective(top)[0]
        assert np.array_equal(start, before)


def test_a_narrow_ridge_is_followed_to_its_top():
    def rosenbrock(x):
        a, b = 4 * x[0] - 2, 4 * x[1] - 1
        slope = np.array([-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)])
        return -((1 - a) ** 2 + 100 * (b - a * a) ** 2), -4 * slope

    top, _ = climb(rosenbrock, np.array([0.1, 0.6]), 200, tolerance=1e-12)
    np.testing.assert_allclose(top, [0.75, 0.5], atol=1e-4)  # a = b = 1


def test_neighbours_stay_in_the_cube_and_move():
    points = neighbours(np.array([0.0, 1.0, 0.5]), 200, np.random.default_rng(3))
    assert points.min() >= 0.0
    assert points.max() <= 1.0
    assert np.median(np.abs(points - [0.0, 1.0, 0.5]).max(axis=1)) < 0.1
