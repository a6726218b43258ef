"""What a log scale is worth: another strategy that is shown every range on a linear scale."""

from dataclasses import replace

from numpy.random import Generator

from problems.space import Categorical, Config, SearchSpace
from strategies.base import Card, Proposal, Strategy
from strategies.registry import strategy_entry


def linear(space: SearchSpace) -> SearchSpace:
    """The same ranges, all on a linear scale; every config of one is a config of the other."""
    return SearchSpace(tuple(p if isinstance(p, Categorical) else replace(p, log=False) for p in space))


class LinearScale(Strategy):
    """The strategy registered as `searcher`, over the same ranges without their log scales.

    A control for claims about scales, not a way to search: it meets the same instances and noise as its searcher.
    """

    reference = "no published algorithm: a control"
    takes_given = True
    card = Card(
        initial_design="that of its searcher",
        log_scales="hidden from its searcher, which is the purpose",
        integers="as its searcher has them, on a linear scale",
        choices="as its searcher has them",
        pending="as its searcher has them",
        failures="as its searcher has them",
    )

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator, searcher: str) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._searcher = strategy_entry(searcher).make(linear(space), budget=budget, rng=rng)

    def ask(self) -> Proposal:
        """What the searcher proposes."""
        return self._searcher.ask()

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Tell the searcher."""
        self._searcher.tell(proposal, value)

    def adopt(self, config: Config, value: float | None) -> None:
        """Give it to the searcher."""
        self._searcher.adopt(config, value)

    def close(self) -> None:
        """Release what the searcher holds."""
        self._searcher.close()
