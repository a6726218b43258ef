"""Grid search: the full product of a few levels per parameter, as many as the budget pays for."""

import math

from numpy.random import Generator

from problems.space import Config, SearchSpace
from strategies.base import Card, Exhausted, Proposal, Strategy


def balanced_levels(space: SearchSpace, budget: int) -> list[int]:
    """Levels per parameter (d,) whose product stays within `budget` and cannot be raised anywhere.

    The parameter with the fewest levels is raised first; one with few values stops at their number.
    """
    d = len(space)
    root = math.floor(budget ** (1 / d))
    while root**d > budget:  # the power above is rounded
        root -= 1
    # Raising from 1 level each would pass through this point: a start here only saves the steps.
    levels = [int(min(root, p.cardinality)) for p in space]
    while True:
        product = math.prod(levels)
        affordable = [
            j for j, p in enumerate(space) if levels[j] < p.cardinality and product + product // levels[j] <= budget
        ]
        if not affordable:
            return levels
        levels[min(affordable, key=lambda j: levels[j])] += 1


class GridSearch(Strategy):
    """Cell-centred grid, visited in random order, so that a run cut short has seen a fair part of it."""

    reference = "Bergstra & Bengio 2012, JMLR 13:281-305, section 1"
    takes_given = True
    card = Card(
        initial_design="none: all trials are points of the grid, in random order; levels by our rule, from the budget",
        log_scales="levels evenly spaced in the logarithm",
        integers="distinct values, evenly spaced on their scale",
        choices="as many as there are levels, evenly spaced in their order where not all",
        pending="do not matter",
        failures="do not matter; the point is not tried again",
    )

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._grid = space.grid(balanced_levels(space, budget))
        self._unvisited = iter(rng.permutation(len(self._grid)).tolist())

    def ask(self) -> Proposal:
        """The next point of the grid; raises `Exhausted` after the last."""
        for index in self._unvisited:
            return self.propose(self._grid[index])
        raise Exhausted(f"all {len(self._grid)} points of the grid were proposed")

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Grid search learns nothing."""

    def adopt(self, config: Config, value: float | None) -> None:
        """Nor from what it did not propose."""
