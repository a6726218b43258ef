"""Each map is undone by its inverse, and does what its docstring says."""

import numpy as np
import pytest

from problems.transforms import (
    CENTRE_GAP,
    EDGE_GAP,
    Chain,
    Embedding,
    Mirror,
    Rotation,
    Shift,
    Stretch,
    Transform,
    draw_positions,
    draw_rotation,
    draw_shift,
    draw_stretch,
)

LOW, HIGH = np.array([-5.0, 0.0, 1.0]), np.array([10.0, 15.0, 2.0])
BOUNDS = tuple(LOW.tolist()), tuple(HIGH.tolist())
POINTS = np.random.default_rng(0).uniform(LOW, HIGH, (50, 3))
ROTATION = draw_rotation(np.array([1.0, 2.0, 3.0]), np.random.default_rng(1))
MAPS: list[Transform] = [
    Shift((1.0, -2.0, 0.5)),
    ROTATION,
    Stretch(*BOUNDS, (0.5, 2.0, 1.0)),
    Mirror(*BOUNDS, (True, False, True)),
    Chain((Shift((1.0, 0.0, 0.0)), ROTATION)),
]


@pytest.mark.parametrize("transform", MAPS, ids=lambda transform: type(transform).__name__)
def test_inverse_undoes_forward(transform: Transform) -> None:
    np.testing.assert_allclose(transform.inverse(transform.forward(POINTS)), POINTS, atol=1e-12)
    np.testing.assert_allclose(transform.forward(transform.inverse(POINTS)), POINTS, atol=1e-12)
    np.testing.assert_allclose(transform.forward(POINTS)[7], transform.forward(POINTS[7]), rtol=1e-12)


@pytest.mark.parametrize("transform", MAPS, ids=lambda transform: type(transform).__name__)
def test_maps_are_values(transform: Transform) -> None:
    assert hash(transform) == hash(transform)
    before = POINTS.copy()
    transform.forward(POINTS)
    np.testing.assert_array_equal(POINTS, before)


def test_rotation_keeps_the_centre_and_distances() -> None:
    centre = np.array(ROTATION.centre)
    np.testing.assert_allclose(ROTATION.forward(centre), centre, atol=1e-15)
    np.testing.assert_allclose(
        np.linalg.norm(ROTATION.forward(POINTS) - centre, axis=-1), np.linalg.norm(POINTS - centre, axis=-1)
    )


def test_rotations_favour_no_direction() -> None:
    rng = np.random.default_rng(2)
    first = np.array([draw_rotation(np.zeros(2), rng).matrix[0] for _ in range(2000)])
    np.testing.assert_allclose(first.mean(axis=0), 0.0, atol=0.06)


def test_stretch_keeps_ends_and_order() -> None:
    stretch = Stretch((2.0,), (6.0,), (3.0,))
    line = np.linspace(2.0, 6.0, 101)[:, None]
    stretched = stretch.forward(line)
    assert stretched[0, 0] == 2.0
    assert stretched[-1, 0] == 6.0
    assert (np.diff(stretched[:, 0]) > 0).all()
    assert stretch.inverse(np.array([4.0]))[0] == pytest.approx(5.0)  # u: ½ to ¾


def test_mirror_turns_marked_axes_only() -> None:
    mirrored = Mirror(*BOUNDS, (True, False, False)).forward(np.array([-5.0, 1.0, 1.5]))
    np.testing.assert_array_equal(mirrored, [10.0, 1.0, 1.5])


def test_embedding_picks_coordinates() -> None:
    embedding = Embedding((2, 0), 3)
    np.testing.assert_array_equal(embedding.forward(np.array([[1.0, 2.0, 3.0]])), [[3.0, 1.0]])
    np.testing.assert_array_equal(embedding.inverse(np.array([3.0, 1.0])), [1.0, 0.0, 3.0])


def test_drawn_positions_avoid_middle_and_edges() -> None:
    rng = np.random.default_rng(3)
    units = (np.array([draw_positions(LOW, HIGH, rng) for _ in range(500)]) - LOW) / (HIGH - LOW)
    away = np.abs(units - 0.5)
    assert ((away >= CENTRE_GAP) & (away <= 0.5 - EDGE_GAP)).all()
    assert np.histogram(away, bins=6, range=(CENTRE_GAP, 0.5 - EDGE_GAP))[0].min() > 200  # of 250, standard error 14


def test_drawn_shift_carries_the_minimiser_into_the_box() -> None:
    minimiser = np.array([100.0, -3.0, 0.0])
    for seed in range(50):
        place = draw_shift(LOW, HIGH, minimiser, np.random.default_rng(seed)).inverse(minimiser)
        assert ((place > LOW) & (place < HIGH)).all()


def test_drawn_stretch_keeps_the_box_and_leaves_the_middle() -> None:
    minimisers = np.array([[2.5, 7.5, 1.5], [-2.0, 3.0, 1.6]])  # the first in the very middle
    for seed in range(50):
        stretch = draw_stretch(LOW, HIGH, minimisers, np.random.default_rng(seed))
        mapped = stretch.forward(POINTS)
        assert ((mapped >= LOW) & (mapped <= HIGH)).all()
        units = (stretch.inverse(minimisers) - LOW) / (HIGH - LOW)
        assert (np.abs(units - 0.5) >= CENTRE_GAP - 1e-12).all()


def test_reflections_are_drawn_too() -> None:
    rng = np.random.default_rng(4)
    signs = {round(float(np.linalg.det(np.array(draw_rotation(np.zeros(3), rng).matrix)))) for _ in range(30)}
    assert signs == {-1, 1}
    assert isinstance(ROTATION, Rotation)
