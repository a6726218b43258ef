"""scipy's differential evolution, turned inside out, on the unit cube."""

import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.random import Generator
from scipy.optimize import Bounds, differential_evolution

from problems.space import Floats, SearchSpace
from strategies.adapters.clipping import clipped
from strategies.adapters.inverted import Inverted, Objective
from strategies.base import Card, Exhausted, Proposal, Strategy


def evolve(objective: Objective, *, dim: int, rng: Generator) -> None:
    """Minimise over the unit cube with scipy's defaults; failed trials are infinite."""
    with np.errstate(invalid="ignore", over="ignore"):  # differences of infinite values
        differential_evolution(objective, Bounds(np.zeros(dim), np.ones(dim)), rng=rng)


class DifferentialEvolution(Strategy):
    """Differential evolution (best/1/bin) of 15 points per parameter, a Latin hypercube first; then polished.

    It is `Exhausted` where the values of its population agree within 1 % and L-BFGS-B has polished the best point.
    It learns one value after the other: while one is awaited, it can propose nothing.
    """

    reference = "Storn & Price 1997, J. Global Optimization 11:341-359 (scipy.optimize.differential_evolution)"
    card = Card(
        initial_design="a Latin hypercube of 15 points per parameter: scipy's default, often more than the budget",
        log_scales="searched in the logarithm, as the unit cube has them",
        integers="real numbers in [0, 1] that are rounded",
        choices="cells of [0, 1] in their order, as if they had one",
        pending="while one is pending, the others are independent draws that it never learns of",
        failures="told as infinite, which never replaces a value",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "bounds": "the unit cube: it knows neither log scales nor choices, and draws the ends of an integer range half "
        "as often as the rest",
        "failed trials": "told as infinite, which never replaces a value",
        "values": "clipped to ±1e100, because their standard deviation overflows beyond",
        "pending trials": "while one is pending, the others are independent draws, of which it is not told",
    }

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._searched = np.array([p.cardinality > 1 for p in space])  # (d,)
        self._is_whole, self._is_fixed = bool(self._searched.all()), not self._searched.any()
        self._evolution = Inverted(partial(evolve, dim=int(self._searched.sum()), rng=rng))
        self._awaited: int | None = None  # id of the proposal whose value the evolution waits for

    def ask(self) -> Proposal:
        """The point that is evaluated next; raises `Exhausted` when the evolution has ended."""
        if self._is_fixed:
            return self.propose(self.space.from_unit([0.5] * len(self.space)))
        if self._awaited is not None:  # it stands still, and draws nothing from the stream
            return self.propose(self.space.sample(self.rng))
        point = self._evolution.ask()
        if point is None:
            raise Exhausted("differential evolution has converged, and its best point is polished")
        proposal = self.propose(self.space.from_unit(point if self._is_whole else self._units(point)))
        self._awaited = proposal.id
        return proposal

    def _units(self, point: Floats) -> Floats:
        """The unit of every parameter (d,) from those of the searched ones."""
        units = np.full(len(self.space), 0.5)
        units[self._searched] = point
        return units

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Let the evolution go on, where it waits for this value."""
        if proposal.id == self._awaited:
            self._awaited = None
            self._evolution.tell(math.inf if value is None else clipped(value))

    def close(self) -> None:
        """End the evolution."""
        self._evolution.close()
