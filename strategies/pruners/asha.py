"""Asynchronous successive halving, as a rule for stopping."""

from bisect import bisect_right, insort
from collections.abc import Sequence

from strategies.pruners.base import TOLERANCE, Pruner


def rung_shares(first: float, eta: float) -> list[float]:
    """The rungs below full fidelity, ascending: `first`, `first`·eta, `first`·eta², …; raises `ValueError`."""
    if not 0.0 < first <= 1.0:
        raise ValueError(f"the first rung needs a share of the full fidelity in (0, 1], got {first}; use 1/9 or 1/27")
    if eta < 2:
        raise ValueError(f"successive halving needs eta of 2 or more, got {eta}; use 3 or 4")
    shares = []
    while first < 1.0 - TOLERANCE:
        shares.append(first)
        first *= eta
    return shares


class Rungs:
    """At each rung a trial goes on if it is among the best 1/eta of all that came there, itself included.

    The value counts at the highest rung that the look has reached: where looks are far apart, a value of more training
    would otherwise stand in the rungs below. With fewer than eta values, nothing is said and the trial goes on.
    """

    def __init__(self, shares: Sequence[float], eta: int) -> None:
        self._shares = [*(share - TOLERANCE for share in shares), 1.0 - TOLERANCE]
        self._eta = eta
        self._values: list[list[float]] = [[] for _ in shares]  # sorted, one list per rung
        self._passed: dict[int, int] = {}  # proposal -> rungs behind it

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """Whether the trial reached a rung with this look and is not among its best; ties go on."""
        behind = bisect_right(self._shares, step)
        if behind == len(self._shares):  # whole
            self._passed.pop(proposal_id, None)
            return False
        if behind == self._passed.get(proposal_id, 0):
            return False
        self._passed[proposal_id] = behind
        rung = self._values[behind - 1]
        insort(rung, value)
        best = len(rung) // self._eta
        return best > 0 and value > rung[best - 1]


class AshaPruner(Pruner):
    """Successive halving without waiting: rungs at `first`·eta^k of full fidelity, the best 1/eta of each goes on.

    The stopping form: a trial goes on or ends when it comes to a rung, and is not taken up again later.
    """

    reference = "Li et al. 2020, MLSys (ASHA); stopping form: Klein et al. 2020, arXiv:2003.10865"

    def __init__(self, *, eta: int = 3, first: float = 1 / 9) -> None:
        self._rungs = Rungs(rung_shares(first, eta), eta)

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """Whether the trial came to a rung and is not among its best 1/eta."""
        return self._rungs.should_stop(proposal_id, step, value)
