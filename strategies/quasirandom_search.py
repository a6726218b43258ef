"""Points that cover the space more evenly than independent draws do."""

from dataclasses import replace

from numpy.random import Generator
from scipy.stats import qmc

from problems.space import Config, SearchSpace
from strategies.base import Card, Proposal, Strategy

POINTS = Card(
    log_scales="points spread over the logarithm",
    integers="the value in whose cell the point lies; cells as wide as in random search",
    choices="the one in whose cell the point lies, all cells equally wide",
    pending="do not matter",
    failures="do not matter; they cost budget",
)

REPEAT_EVERY = 10  # trials of a replicated design


class SobolSearch(Strategy):
    """Scrambled Sobol' sequence, one point after the other, so that any budget is a prefix of the same sequence."""

    reference = "Sobol' 1967; scrambling: Owen 1998 (scipy.stats.qmc.Sobol)"
    takes_given = True
    card = replace(POINTS, initial_design="none: every trial is the next point of the sequence")

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._sequence = qmc.Sobol(len(space), scramble=True, rng=rng)

    def ask(self) -> Proposal:
        """The next point of the sequence."""
        return self.propose(self.space.from_unit(self._sequence.random(1)[0]))

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """A sequence learns nothing."""

    def adopt(self, config: Config, value: float | None) -> None:
        """Nor from what it did not propose."""


class RepeatedSobolSearch(SobolSearch):
    """Sobol' points, each tenth trial one of them again: what noise alone does is measured along the way.

    A design for analyses (`python -m bench sensitivity`), not a way to search.
    """

    reference = "Sobol' 1967; Owen 1998; replicated points: Box, Hunter & Hunter 2005, chapter 5"
    card = replace(POINTS, initial_design="none: nine points of the sequence, then the first of them again")

    _first: Config

    def ask(self) -> Proposal:
        """The next point of the sequence, or after nine of them the first of these."""
        position = self._proposed % REPEAT_EVERY
        if position == REPEAT_EVERY - 1:
            return self.propose(dict(self._first))
        proposal = super().ask()
        if position == 0:
            self._first = dict(proposal.config)
        return proposal


class LatinHypercubeSearch(Strategy):
    """A Latin hypercube of `budget` points: each parameter takes every one of `budget` equal cells once.

    Whoever asks on gets another hypercube.
    """

    reference = "McKay, Beckman & Conover 1979 (scipy.stats.qmc.LatinHypercube)"
    takes_given = True
    card = replace(POINTS, initial_design="none: all trials are one design, as large as the budget")

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._hypercube = qmc.LatinHypercube(len(space), rng=rng)
        self._points: list[list[float]] = []

    def ask(self) -> Proposal:
        """The next point of the hypercube; their order is random already."""
        if not self._points:
            self._points = self._hypercube.random(self.budget).tolist()  # (budget, d)
        return self.propose(self.space.from_unit(self._points.pop()))

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """A hypercube learns nothing."""

    def adopt(self, config: Config, value: float | None) -> None:
        """Nor from what it did not propose."""
