"""Asynchronous parallel search in simulated time: discrete events, no waiting.

A worker that is free asks at once; what a trial came to is told when it ends, in the order of the ends. Proposing and
learning take no simulated time: they are the strategy's own, measured seconds.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush, heapreplace
from typing import Generic, TypeVar

Work = TypeVar("Work")


class Schedule(Generic[Work]):
    """Who of so many `workers` is busy, and until when; trials that end at the same time do so in their order."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._busy: list[tuple[float, int, Work]] = []  # a heap of ends
        self._now = 0.0

    def begin(self, number: int, duration: float, work: Work) -> None:
        """A free worker takes up the trial of this `number`, no two of them the same, for `duration` from now on."""
        heappush(self._busy, (self._now + duration, number, work))

    def end(self) -> Work:
        """The trial that ends next; now is then."""
        self._now, _, work = heappop(self._busy)
        return work

    @property
    def must_end(self) -> bool:
        """Whether a trial has ended by now, or nobody is free before one does."""
        return len(self._busy) == self._workers or (bool(self._busy) and self._busy[0][0] <= self._now)

    @property
    def is_idle(self) -> bool:
        """Whether nobody is busy."""
        return not self._busy


def ends(durations: Iterable[float], workers: int) -> list[float]:
    """When each of a run's trials ends that take so long, in the order in which they were asked."""
    free = [0.0] * workers
    heapify(free)
    found = []
    for duration in durations:
        found.append(free[0] + duration)
        heapreplace(free, found[-1])
    return found
