"""Hyperband: successive halving from several first rungs, because nobody knows how early a trial shows its worth."""

import math
from collections.abc import Sequence

from strategies.pruners.asha import Rungs, rung_shares
from strategies.pruners.base import Pruner


def bracket_sizes(brackets: int, eta: int) -> list[int]:
    """Trials per bracket of one round of Hyperband, the most eager first (Li et al. 2018, Algorithm 1, line 3).

    With s rungs below full fidelity a bracket gets ⌈brackets · eta^s / (s + 1)⌉ trials: about the same budget each.
    """
    return [math.ceil(brackets * eta**s / (s + 1)) for s in reversed(range(brackets))]


def interleaved(sizes: Sequence[int]) -> list[int]:
    """Each index i `sizes[i]` times, spread evenly: whoever is most behind its share comes next, ties to the first."""
    order: list[int] = []
    total = sum(sizes)
    for position in range(1, total + 1):
        owed = [size * position / total - order.count(index) for index, size in enumerate(sizes)]
        order.append(owed.index(max(owed)))
    return order


class HyperbandPruner(Pruner):
    """Brackets of rungs like ASHA's, from the most eager down to one that stops nothing.

    Trials are given to brackets by their number, in the proportions of Hyperband and spread evenly, so that a short run
    has a fair part of each; a bracket compares its own trials only.
    """

    reference = "Li et al. 2018, JMLR 18(185); asynchronous: Li et al. 2020, MLSys"

    def __init__(self, *, eta: int = 3, first: float = 1 / 9) -> None:
        shares = rung_shares(first, eta)
        brackets = len(shares) + 1
        self._brackets = [Rungs(shares[skipped:], eta) for skipped in range(brackets)]
        self._order = interleaved(bracket_sizes(brackets, eta))

    def bracket(self, proposal_id: int) -> int:
        """The bracket of a trial; 0 is the most eager one."""
        return self._order[proposal_id % len(self._order)]

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """What the trial's bracket says."""
        return self._brackets[self.bracket(proposal_id)].should_stop(proposal_id, step, value)
