"""A minimiser turned inside out: points in order, its errors where somebody asks, and no thread left behind."""

import gc
import threading

import numpy as np
import pytest

from strategies.adapters.inverted import Inverted


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "minimiser"]


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


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_close_ends_the_thread(asked):
    inverted = Inverted(halve)
    for _ in range(asked):
        inverted.ask()
        inverted.tell(1.0)
    inverted.close()
    inverted.close()
    assert threads() == []


def test_a_forgotten_one_ends_its_thread_too():
    inverted = Inverted(halve)
    inverted.ask()
    assert len(threads()) == 1
    del inverted
    gc.collect()
    assert threads() == []
