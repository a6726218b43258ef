"""The one interface of every strategy: ask for a config, tell its value."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from numpy.random import Generator

from problems.space import Config, SearchSpace


class Exhausted(Exception):
    """Raised by `ask` when a strategy has nothing left to propose, as a grid does after its last point."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A config to evaluate; `id` counts from 0 within a strategy and is what `tell` goes by."""

    id: int
    config: Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a fair comparison hangs on and no signature shows; a line each, empty where it is not declared."""

    initial_design: str = ""  # how the first trials come about, how many they are, and who chose that
    log_scales: str = ""
    integers: str = ""
    choices: str = ""
    pending: str = ""  # what becomes of trials that were asked and not yet told
    failures: str = ""  # what becomes of trials that were told as None


class Strategy(ABC):
    """Proposes configs of `space` and learns from the values that come back. Smaller is better.

    Several proposals may be pending; results may come in any order, each once. Every random draw comes from `rng`, so
    the same stream and the same results give the same proposals; `budget` is how many trials the run will have.
    """

    reference: ClassVar[str] = ""  # the paper or documentation that defines the algorithm
    deviations: ClassVar[Mapping[str, str]] = {}  # argument that is not the library's default -> why
    card: ClassVar[Card] = Card()
    takes_given: bool = False  # whether `adopt` works

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        self.space = space
        self.budget = budget
        self.rng = rng
        self._proposed = 0

    def propose(self, config: Config) -> Proposal:
        """Number `config` as the next proposal; what `ask` returns."""
        proposal = Proposal(self._proposed, config)
        self._proposed += 1
        return proposal

    @abstractmethod
    def ask(self) -> Proposal:
        """The next config to evaluate; raises `Exhausted` when there is none."""

    @abstractmethod
    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Learn the finite `value` of a proposal of this strategy, or None: its trial failed."""

    def adopt(self, config: Config, value: float | None) -> None:
        """Learn from a trial that this strategy did not propose, as if it were one of its first; None: it failed.

        Raises `NotImplementedError` where the algorithm has no place for such trials.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot be given trials that it did not propose")

    def close(self) -> None:  # noqa: B027  most strategies hold nothing to release
        """Release what the strategy holds (processes, files); called once, also after an error."""
