"""A user's file: whatever it says of itself means something to a browser, a terminal, a table or a file system."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Categorical, Config, Float, SearchSpace
from strategies.base import Card, Proposal
from strategies.random_search import RandomSearch

SAID = "<script>alert(1)</script><img src=x onerror=alert(2)>|[red][/]\n\x1b]0;title\x07\x1b[31m\u202e$\\frac$'\",=1+1"
ATTRIBUTE = "../../y<script>alert(8)</script>|"
CHOICES = ("<img src=x onerror=alert(3)>", "a|b", "=1+1", "\x1b[31m\u202e\n")


class Searches(RandomSearch):
    reference: ClassVar[str] = SAID
    deviations: ClassVar[Mapping[str, str]] = {SAID: SAID}
    card: ClassVar[Card] = Card(initial_design=SAID, integers=SAID)


globals()[ATTRIBUTE] = Searches  # as setattr may name one


class Raises(Searches):
    def ask(self) -> Proposal:
        if self._proposed == 2:
            raise RuntimeError(SAID)
        return super().ask()


@dataclass(frozen=True, kw_only=True)
class Choosing(Problem):
    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        if config["c|<b>"] == CHOICES[1]:
            raise ValueError(SAID)
        yield Evaluation(config["x\x1b[31m"] ** 2 + CHOICES.index(config["c|<b>"]), test_value=1.0)


def problem(name: str, dim: int, instance: int, rng: Generator) -> Problem:
    floats = (Float(f"x{i}", -1, 1) for i in range(dim - 2))
    return Choosing(
        name=name, instance=instance, source=SAID, optimum=Optimum(0.0, "analytic"), value_label=SAID,
        space=SearchSpace((Float("x\x1b[31m", -1, 1), Categorical("c|<b>", CHOICES), *floats)),
    )  # fmt: skip
