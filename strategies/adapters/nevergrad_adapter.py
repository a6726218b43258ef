"""Nevergrad's NGOpt, in an environment of its own: nevergrad and Ray need different releases of one package.

`python -m bench setup nevergrad` makes the environment.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from numpy.random import Generator

from problems.environments import command_of
from problems.space import SearchSpace
from strategies.adapters.process_adapter import ProcessStrategy
from strategies.base import Card, Proposal

CHILD = Path(__file__).with_name("nevergrad_child.py")


class Nevergrad(ProcessStrategy):
    """The optimiser that nevergrad chooses by space and budget, e.g. Cobyla for few trials of numbers.

    Cobyla learns one value after the other: while one is awaited, NGOpt would never answer.
    """

    reference = "https://facebookresearch.github.io/nevergrad (NGOpt)"
    takes_given = False  # the optimiser that it chooses may know nothing but its own points
    card = Card(
        initial_design="none: it starts from the middle of every range, and what follows is its chosen optimiser's",
        log_scales="searched in the logarithm (ng.p.Log)",
        integers="real numbers that are rounded (set_integer_casting)",
        choices="weights that are learned, from which each trial draws one (ng.p.Choice)",
        pending="while one is pending, the others are independent draws that it never learns of",
        failures="told as infinite, for which nevergrad takes 5e20",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "failed trials": "told as infinite, for which nevergrad takes 5e20",
        "values": "clipped to ±5e20, above by nevergrad itself, because their squares overflow beyond",
        "pending trials": "while one is pending, the others are independent draws, of which it is not told",
        "a slow machine": "its metamodel gives up a fit after 20 s of the clock, and goes on with other trials",
        "global random state": "that of numpy is seeded too, in its own process: parts of nevergrad draw from it",
    }

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng, command=[*command_of("nevergrad"), str(CHILD)])
        self._awaited: int | None = None  # id of the proposal whose value NGOpt waits for

    def ask(self) -> Proposal:
        """NGOpt's next candidate."""
        if self._awaited is not None:
            return self.propose(self.space.sample(self.rng))
        proposal = super().ask()
        self._awaited = proposal.id
        return proposal

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Tell NGOpt, where it waits for this value."""
        if proposal.id == self._awaited:
            self._awaited = None
            super().tell(proposal, value)
