import numpy as np

from strategies.gp.maximise import climb, far_apart, neighbours


def test_climb_finds_maxima_inside_and_on_the_border():
    target = np.array([0.3, 1.4, -0.2])  # its nearest point in the cube: (0.3, 1, 0)
    scale = np.array([1.0, 30.0, 5.0])

    def objective(x):
        return -((x - target) ** 2 * scale).sum(axis=1), -2 * (x - target) * scale

    top, _ = climb(objective, np.random.default_rng(1).random((4, 3)), 40)
    np.testing.assert_allclose(top, np.tile([0.3, 1.0, 0.0], (4, 1)), atol=1e-4)


def test_climb_never_descends_and_leaves_the_start_alone():
    start = np.random.default_rng(2).random((6, 2))
    before = start.copy()

    def objective(x):
        return np.sin(9 * x).sum(axis=1), 9 * np.cos(9 * x)

    _, worth = climb(objective, start, 20)
    assert np.all(worth >= objective(before)[0])
    assert np.array_equal(start, before)


def test_neighbours_stay_in_the_cube_and_move():
    points = neighbours(np.array([0.0, 1.0, 0.5]), 200, np.random.default_rng(3))
    assert points.min() >= 0.0
    assert points.max() <= 1.0
    assert np.median(np.abs(points - [0.0, 1.0, 0.5]).max(axis=1)) < 0.1


def test_far_apart_takes_the_best_of_each_place():
    units = np.array([[0.1], [0.11], [0.9], [0.5]])
    assert far_apart(units, np.array([1.0, 2.0, 0.5, 0.1]), 2).tolist() == [[0.11], [0.9]]
