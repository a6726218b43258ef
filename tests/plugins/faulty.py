"""Someone else's package: strategies and problems that misbehave, reached through entry points."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Config, Float, SearchSpace
from strategies.base import Proposal
from strategies.pruners.base import Pruner
from strategies.random_search import RandomSearch


class Raises(RandomSearch):
    """Raises at its fifth trial."""

    def ask(self) -> Proposal:
        if self._proposed == 4:
            raise RuntimeError("the surrogate is singular")
        return super().ask()


class Strays(RandomSearch):
    """Proposes a config outside the space."""

    def ask(self) -> Proposal:
        return self.propose(dict.fromkeys(self.space.names, 1000000000.0))


class Unrepeatable(RandomSearch):
    """Ignores its seed."""

    def ask(self) -> Proposal:
        return self.propose(self.space.from_unit([b / 255 for b in os.urandom(len(self.space))]))


class Dies(RandomSearch):
    """Takes its process with it at the third trial."""

    def ask(self) -> Proposal:
        if self._proposed == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().ask()


class DiesOnce(RandomSearch):
    """Takes its process with it the first time only."""

    def ask(self) -> Proposal:
        mark = Path(os.environ["FAULTY_MARK"])
        if self._proposed == 2 and not mark.exists():
            mark.touch()
            os._exit(3)
        return super().ask()


class Spiteful(RandomSearch):
    """Changes what it was given and what it hands out."""

    def tell(self, proposal: Proposal, value: float | None) -> None:
        proposal.config.clear()


@dataclass(frozen=True, kw_only=True)
class Made(Problem):
    """A problem made of one function of the config and the trial's stream."""

    function: Callable[[Config, Generator], Any]

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        result = self.function(config, rng)
        yield result if isinstance(result, Evaluation) else Evaluation(result)


def made(name: str, dim: int, instance: int, function: Callable[[Config, Generator], Any]) -> Problem:
    space = SearchSpace(tuple(Float(f"x{i}", -1, 1) for i in range(dim)))
    return Made(
        name=name, instance=instance, space=space, source="made up", optimum=Optimum(0.0, "analytic"), function=function
    )


def square(config: Config) -> float:
    return sum(x * x for x in config.values())


def broken(name: str, dim: int, instance: int, rng: Generator) -> Problem:
    """Fails in every way that an objective can."""
    answers = [None, float("nan"), float("inf"), "three", 10**400]

    def function(config: Config, rng: Generator) -> Any:
        choice = int(rng.integers(8))
        if choice == 5:
            raise ZeroDivisionError("training exploded")
        return answers[choice] if choice < 5 else square(config)

    return made(name, dim, instance, function)


def noisy(name: str, dim: int, instance: int, rng: Generator) -> Problem:
    """Tells noise; knows the truth."""
    return replace(
        made(name, dim, instance, lambda c, rng: Evaluation(square(c) + rng.normal(), true_value=square(c))), noisy=True
    )


@dataclass(frozen=True, kw_only=True)
class Curves(Problem):
    """Learning curves that fall to the square of the config; they have 2 to 20 looks, and some break off."""

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        looks = 2 + int(9 * (config["x0"] + 1))
        start = 3.0 + rng.random()
        for look in range(1, looks + 1):
            value = square(config) + start * 0.1 ** (2 * look / looks)
            yield Evaluation(value, test_value=value + 1, cost=1 / looks)
            if config["x1"] > 0.8 and look > looks / 3:
                raise RuntimeError("out of memory")


def curves(name: str, dim: int, instance: int, rng: Generator) -> Problem:
    space = SearchSpace(tuple(Float(f"x{i}", -1, 1) for i in range(dim)))
    return Curves(
        name=name, instance=instance, space=space, source="made up", fidelity_unit="epoch",
        optimum=Optimum(0.0, "analytic"),
    )  # fmt: skip


class RaisingPruner(Pruner):
    """Raises at its thirtieth look."""

    looks = 0

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        self.looks += 1
        if self.looks == 30:
            raise RuntimeError("no rungs left")
        return False


class StopsEverything(Pruner):
    """Lets no trial go on, and says so at its last look too."""

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        return True


def slow(name: str, dim: int, instance: int, rng: Generator) -> Problem:
    """Takes a twentieth of a second."""

    def function(config: Config, rng: Generator) -> float:
        time.sleep(0.06)
        return square(config)

    return made(name, dim, instance, function)


def meddling(name: str, dim: int, instance: int, rng: Generator) -> Problem:
    """Empties the config that it was given."""

    def function(config: Config, rng: Generator) -> float:
        value = square(config)
        config.clear()
        return value

    return made(name, dim, instance, function)
