"""CMA-ES of the package cmaes by its own ask and tell, on the unit cube."""

import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from cmaes import CMA
from numpy.random import Generator

from problems.space import Floats, SearchSpace
from strategies.base import Card, Exhausted, Proposal, Strategy

SIGMA = 0.2


class CMAES(Strategy):
    """Covariance matrix adaptation over the unit cube, without restarts; a choice is a place in it, as numbers are.

    A generation is over when as many of its trials were told as the population counts. Those told later are left out,
    as in Optuna. Where the library would have its user stop, the search is `Exhausted`.
    """

    reference = "Hansen & Ostermeier 2001; Hansen 2016, arXiv:1604.00772; Nomura & Shibata 2024, arXiv:2402.01373"
    card = Card(
        initial_design="the first generation: 4 + 3 ln d draws around a random mean; the library's population",
        log_scales="searched in the logarithm, as the unit cube has them",
        integers="real numbers in [0, 1] that are rounded",
        choices="cells of [0, 1] in their order, as if they had one",
        pending="draws of one generation know nothing of each other; those told after it ended are left out",
        failures="told as infinite: last in the order of their generation",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "mean": "a required argument: drawn uniformly from the cube, as in the library's own example with bounds",
        "sigma": "a required argument: 1/5 of the range, as in that example",
        "bounds": "the unit cube",
        "failed trials": "told as infinite: only the order of the values counts",
    }

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._searched = np.array([p.cardinality > 1 for p in space])  # (d,)
        count = int(self._searched.sum())
        self._optimizer = self._made(count) if count else None
        self._looked = -1  # the generation in which should_stop was asked, which only a new generation changes
        self._pending: dict[int, tuple[int, Floats]] = {}  # proposal id -> generation, point
        self._told: list[tuple[Floats, float]] = []  # of this generation

    def _made(self, count: int) -> CMA:
        mean, seed = self.rng.random(count), int(self.rng.integers(2**31))
        return CMA(mean, SIGMA, bounds=np.tile([0.0, 1.0], (count, 1)), seed=seed)

    def ask(self) -> Proposal:
        """A draw from the current distribution; raises `Exhausted` where it has shrunk to a point."""
        if self._optimizer is None:
            return self.propose(self.space.from_unit(np.full(len(self.space), 0.5)))
        generation = self._optimizer.generation
        if generation != self._looked:
            with np.errstate(invalid="ignore", over="ignore"):  # differences of infinite values
                if self._optimizer.should_stop():
                    raise Exhausted("the library's should_stop says that the search has converged")
            self._looked = generation
        point = self._optimizer.ask()
        proposal = self.propose(self.space.from_unit(self._units(point)))
        self._pending[proposal.id] = (generation, point)
        return proposal

    def _units(self, point: Floats) -> Floats:
        """The point (d,) of the whole cube, its middle where there is nothing to search."""
        if len(point) == len(self.space):
            return point
        units = np.full(len(self.space), 0.5)
        units[self._searched] = point
        return units

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Count the trial in; the last of a generation moves the distribution."""
        if self._optimizer is None:
            return
        generation, point = self._pending.pop(proposal.id)
        if generation != self._optimizer.generation:
            return
        self._told.append((point, math.inf if value is None else value))
        if len(self._told) == self._optimizer.population_size:
            self._optimizer.tell(self._told)
            self._told = []
