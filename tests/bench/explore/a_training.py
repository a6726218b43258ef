"""A user's file: a quick training with learning curves, whose names mean something to a browser."""

from collections.abc import Iterator
from dataclasses import dataclass

from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Categorical, Config, Float, Int, SearchSpace
from strategies.random_search import RandomSearch

ATTRIBUTE = "<img src=x onerror=alert(1)>"
CHOICES = ("relu", "<img src=x onerror=alert(2)>", "=1+1")
LOOKS = 4


class Searches(RandomSearch):
    """Random search by another name."""


globals()[ATTRIBUTE] = Searches


@dataclass(frozen=True, kw_only=True)
class Training(Problem):
    """An error that sinks with every look."""

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        if config["layers"] == 3:
            raise ValueError(f"three layers <b>of</b> {ATTRIBUTE}")
        for look in range(LOOKS):
            error = config["rate"] + CHOICES.index(config["act<b>"]) + 1 / (look + 1)
            yield Evaluation(error, test_value=error + 0.1, cost=1 / LOOKS)


def problem(name: str, dim: int, instance: int, rng: Generator) -> Problem:
    return Training(
        name=name, instance=instance, source="made up", optimum=Optimum(0.0, "bound"), value_label="error <i>here</i>",
        space=SearchSpace((Float("rate", 1e-4, 1, log=True), Categorical("act<b>", CHOICES), Int("layers", 1, 3))),
    )  # fmt: skip
