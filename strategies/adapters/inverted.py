"""A minimiser that wants to call a function, turned inside out: it is asked for points and told their values."""

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeAlias

import numpy as np

from problems.space import Floats

Objective: TypeAlias = Callable[[Floats], float]
Minimise: TypeAlias = Callable[[Objective], object]


class Stopped(Exception):
    """Raised in the minimiser by its objective: nobody will tell the value."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What comes after the last point: why there are no more."""

    error: Exception | None


Points: TypeAlias = SimpleQueue[Floats | Ended]
Values: TypeAlias = SimpleQueue[float | None]  # None: stop


class Inverted:
    """`minimise(objective)` in a thread of its own, which waits in `objective` from each `ask` to the `tell` after it.

    The thread begins with the first `ask`. It ends with the minimiser, by `close`, or when nobody holds this any more;
    `minimise` must therefore not hold it.
    """

    def __init__(self, minimise: Minimise) -> None:
        self._points: Points = SimpleQueue()
        self._values: Values = SimpleQueue()
        self._ended: Ended | None = None
        arguments = (minimise, self._points, self._values)
        self._thread = threading.Thread(target=run, args=arguments, daemon=True, name="minimiser")
        self._end = weakref.finalize(self, stop, self._thread, self._values)

    def ask(self) -> Floats | None:
        """The point to evaluate next, or None after the last; raises what the minimiser raised."""
        if self._thread.ident is None:
            self._thread.start()
        found = self._ended or self._points.get()
        if not isinstance(found, Ended):
            return found
        self._ended = found
        if found.error is not None:
            raise found.error
        return None

    def tell(self, value: float) -> None:
        """The value of the point that was asked last."""
        self._values.put(value)

    def close(self) -> None:
        """End the thread, wherever the minimiser is."""
        self._end()


def run(minimise: Minimise, points: Points, values: Values) -> None:
    """What the thread does."""

    def objective(point: Floats) -> float:
        points.put(np.array(point))
        value = values.get()
        if value is None:
            raise Stopped
        return value

    try:
        minimise(objective)
    except Stopped:
        return
    except Exception as error:  # noqa: BLE001  it is raised again where somebody asks
        points.put(Ended(error))
    else:
        points.put(Ended(None))


def stop(thread: threading.Thread, values: Values) -> None:
    """End a thread that was started, and wait for it; the collector may call this from the thread itself."""
    values.put(None)
    if thread.ident is not None and thread is not threading.current_thread():
        thread.join()
