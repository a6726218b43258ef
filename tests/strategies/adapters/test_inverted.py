"""A minimiser turned inside out: points in order, its errors where somebody asks, and nothing left behind."""

import gc

import numpy as np
import pytest

from strategies.adapters.inverted import Inverted


def halve(objective):
    """Three points, each half the value of the one before."""
    point = np.array([8.0])
    for _ in range(3):
        point = np.array([objective(point) / 2])


def test_points_and_values_in_order():
    inverted, seen = Inverted(halve), []
    while (point := inverted.ask()) is not None:
        seen.append(point.item())
        inverted.tell(point.item())
    assert seen == [8.0, 4.0, 2.0]
    assert inverted.ask() is None
    inverted.close()


def test_a_point_is_not_shared_with_the_minimiser():
    def changes_its_point(objective):
        point = np.array([1.0])
        objective(point)
        point[:] = 7.0
        objective(point)

    inverted = Inverted(changes_its_point)
    first = inverted.ask()
    inverted.tell(0.0)
    assert inverted.ask() == [7.0]
    assert first == [1.0]
    inverted.close()


def test_its_error_is_raised_where_somebody_asks():
    def fails(objective):
        objective(np.array([1.0]))
        raise ZeroDivisionError("of the minimiser")

    inverted = Inverted(fails)
    inverted.ask()
    inverted.tell(1.0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError, match="of the minimiser"):
            inverted.ask()


def watched(ended):
    """Points without end; says when it is over."""

    def minimise(objective):
        try:
            while True:
                objective(np.array([1.0]))
        finally:
            ended.append(True)

    return minimise


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_close_ends_the_minimiser(asked):
    ended = []
    inverted = Inverted(watched(ended))
    for _ in range(asked):
        inverted.ask()
        inverted.tell(1.0)
    inverted.close()
    inverted.close()
    assert ended == [True] * (asked > 0)
    assert inverted.ask() is None


def test_a_forgotten_one_ends_too():
    ended = []
    inverted = Inverted(watched(ended))
    inverted.ask()
    assert not ended
    del inverted
    gc.collect()
    assert ended


def test_two_at_a_time_do_not_meet():
    one, other, seen = Inverted(halve), Inverted(halve), []
    for _ in range(3):
        for inverted in (one, other):
            point = inverted.ask()
            seen.append(point.item())
            inverted.tell(point.item())
    assert seen == [8.0, 8.0, 4.0, 4.0, 2.0, 2.0]
