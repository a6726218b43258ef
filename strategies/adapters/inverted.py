"""A minimiser that wants to call a function, turned inside out: it is asked for points and told their values."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from greenlet import GreenletExit, getcurrent, greenlet

from problems.space import Floats

Objective: TypeAlias = Callable[[Floats], float]
Minimise: TypeAlias = Callable[[Objective], object]


@dataclass(frozen=True, slots=True)
class Ended:
    """What comes after the last point: why there are no more."""

    error: Exception | None


class Inverted:
    """`minimise(objective)` in a greenlet of its own, which stands still in `objective` from each `ask` to the next.

    A handover takes a fraction of a microsecond, where one between threads waits for a core. All calls come from the
    thread of the first. It ends with the minimiser, by `close`, or when nobody holds this any more; `minimise` must
    therefore not hold it.
    """

    def __init__(self, minimise: Minimise) -> None:
        self._minimiser = greenlet(partial(run, minimise))
        self._told = 0.0  # nobody hears the first
        self._ended: Ended | None = None

    def ask(self) -> Floats | None:
        """The point to evaluate next, or None after the last; raises what the minimiser raised."""
        if self._ended is None:
            self._minimiser.parent = getcurrent()  # where it hands its points to
            found: Floats | Ended = self._minimiser.switch(self._told)
            if not isinstance(found, Ended):
                return found
            self._ended = found
        if self._ended.error is not None:
            raise self._ended.error
        return None

    def tell(self, value: float) -> None:
        """The value of the point that was asked last."""
        self._told = value

    def close(self) -> None:
        """End the minimiser, wherever it is."""
        if self._minimiser:  # begun, and not at its end
            self._minimiser.parent = getcurrent()
            self._minimiser.throw(GreenletExit)
        self._ended = self._ended or Ended(None)


def run(minimise: Minimise, _: float) -> Ended:
    """What the greenlet does."""

    def objective(point: Floats) -> float:
        value: float = getcurrent().parent.switch(np.array(point))  # no name for the greenlet: it would hold itself
        return value

    try:
        minimise(objective)
    except Exception as error:  # noqa: BLE001  it is raised again where somebody asks
        return Ended(error)
    return Ended(None)
