"""The one interface of every pruner: is this trial worth going on with?"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

TOLERANCE = 1e-9  # ten looks that cost a tenth each add up to a little less than 1


def reached(step: float, share: float) -> bool:
    """Whether a trial at `step` has `share` of its full fidelity behind it."""
    return step >= share - TOLERANCE


def is_whole(step: float) -> bool:
    """Whether a trial at `step` has been taken to its full fidelity."""
    return step >= 1.0 - TOLERANCE


class Pruner(ABC):
    """Decides after each look whether a trial is stopped. Smaller is better.

    A step is the share of the trial's *own* full fidelity that is behind it, in (0, 1]. Where the number of epochs is
    itself tuned, a training of 30 epochs and one of 3 are then compared at the same point of their learning-rate
    schedules and at the same share of their price; after equally many epochs, one would be finished and the other
    hardly begun. It also means that looks lie at different steps in different trials.

    A decision follows from the looks shown so far and from nothing else: the same looks give the same decisions, so
    that a run can be replayed. Several trials may be under way. What is best so far is never stopped, and neither is
    what is whole.
    """

    reference: ClassVar[str] = ""  # the paper or documentation that defines the rule
    deviations: ClassVar[Mapping[str, str]] = {}  # argument that is not the library's default -> why

    @abstractmethod
    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """Learn the finite `value` of a trial's look at `step`; True: stop the trial here.

        The looks of a trial come in ascending steps, the last one of a whole trial at 1. A trial that was stopped, or
        that failed, is not heard of again.
        """


class NoPruner(Pruner):
    """Every trial is taken to its full fidelity."""

    reference = "the plain search"

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """Never."""
        return False
