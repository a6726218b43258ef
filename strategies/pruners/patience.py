"""Patience: a trial that no longer improves is not waited for."""

import math

from strategies.pruners.base import Pruner, is_whole, reached


class PatiencePruner(Pruner):
    """Stops a trial without a new best value for a share `patience` of its full fidelity, unless it may be the winner.

    A trial whose best value lies below the final value of every whole trial goes on: it is the best so far, and only a
    whole trial can become the incumbent.
    """

    reference = "Prechelt 1998, Early stopping - but when? (patience as in Keras and optuna.pruners.PatientPruner)"

    def __init__(self, *, patience: float = 0.3) -> None:
        self._patience = patience
        self._best: dict[int, tuple[float, float]] = {}  # proposal -> its best value, and the step of it
        self._winner = math.inf  # the lowest final value of a whole trial

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """Whether the trial has rested for too long at a value that others have beaten."""
        best, since = self._best.get(proposal_id, (math.inf, 0.0))
        if value < best:
            best, since = self._best[proposal_id] = value, step
        if is_whole(step):
            self._winner = min(self._winner, value)
            del self._best[proposal_id]
            return False
        return best > self._winner and reached(step - since, self._patience)
