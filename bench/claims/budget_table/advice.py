"""The table of advice, line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.claims.budget_table.experiments import (
    GP,
    LEARNING_RATE,
    LONG,
    NETWORK,
    ON_FUNCTIONS,
    RANDOM,
    SHORT,
    STOPPED,
)


@dataclass(frozen=True)
class Cell:
    """A line of the table: for budgets around `budget`, use the advised method."""

    name: str
    budget: int
    range: str
    advised: Mapping[str, str]  # per family that has the method


CELLS: Sequence[Cell] = (
    Cell("under-10", SHORT[0], "fewer than 10 trials", {NETWORK: LEARNING_RATE}),
    Cell("10-to-50", SHORT[1], "10 to 50 trials", {NETWORK: RANDOM, ON_FUNCTIONS: RANDOM}),
    Cell("50-to-200", SHORT[2], "50 to 200 trials", {NETWORK: GP, ON_FUNCTIONS: GP}),
    Cell("over-200", LONG, "more than 200 trials", {NETWORK: STOPPED, ON_FUNCTIONS: GP}),
)
WORDS = {
    LEARNING_RATE: "tune only the learning rate",
    RANDOM: "random search",
    GP: "Bayesian search",
    STOPPED: "Bayesian search with early stopping",
}
