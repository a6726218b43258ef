"""The same first trials for every strategy: `gp@10` is gp after ten random trials that it did not choose."""

import re
from collections.abc import Sequence

from problems.space import Config
from strategies.base import Proposal, Strategy

FORM = re.compile(r"(?P<searcher>.+)@(?P<count>[1-9][0-9]{0,5}d?)")


def parts_of_name(name: str) -> tuple[str, str]:
    """`"gp@2d"` as searcher and count; the count is empty where nothing is given."""
    match = FORM.fullmatch(name)
    return (match["searcher"], match["count"]) if match else (name, "")


class GivenFirst(Strategy):
    """Proposes `first`, gives what comes of it to the `searcher`, and is that searcher from then on.

    A trial of `first` that is told only after the searcher was asked is given to it at that time.
    """

    def __init__(self, searcher: Strategy, first: Sequence[Config], *, budget: int) -> None:
        super().__init__(searcher.space, budget=budget, rng=searcher.rng)
        self._searcher, self._first = searcher, first
        self._asked: dict[int, Proposal] = {}  # id -> the searcher's own proposal

    def ask(self) -> Proposal:
        """The next of the first configs; after them what the searcher proposes."""
        if self._proposed < len(self._first):
            return self.propose(dict(self._first[self._proposed]))
        own = self._searcher.ask()
        proposal = self.propose(own.config)
        self._asked[proposal.id] = own
        return proposal

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Tell the searcher of its own trials, and give it the others."""
        if proposal.id < len(self._first):
            self._searcher.adopt(proposal.config, value)
        else:
            self._searcher.tell(self._asked.pop(proposal.id), value)

    def close(self) -> None:
        """Release what the searcher holds."""
        self._searcher.close()
