"""A user's file: strategies that do what code can do to the process that runs it; in a calm world they do nothing."""

import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from problems.space import Config
from strategies.base import Exhausted, Proposal, Strategy
from strategies.random_search import RandomSearch

PRINTED = 2**30  # bytes


def is_time(trial: int) -> bool:
    """Whether the `trial`, from 0, is the one to be hostile at."""
    return trial == 4 and "CALM" not in os.environ


class Climber(Strategy):
    """Steps from the best config so far: its proposals hang on every value that it was told."""

    best: tuple[float, Config] | None = None

    def ask(self) -> Proposal:
        if self.best is None:
            return self.propose(self.space.sample(self.rng))
        units = self.space.to_unit(self.best[1]) + self.rng.normal(0, 0.1, size=len(self.space))
        return self.propose(self.space.from_unit(units.clip(0, 1)))

    def tell(self, proposal: Proposal, value: float | None) -> None:
        if value is not None and (self.best is None or value < self.best[0]):
            self.best = (value, dict(proposal.config))


class Meddling(RandomSearch):
    """Random search that calls `meddle` before its fifth trial."""

    def ask(self) -> Proposal:
        if is_time(self._proposed):
            self.meddle()
        return super().ask()

    def meddle(self) -> None:
        """What is done."""


class Fixed(RandomSearch):
    """Proposes the same value for everything at its fifth trial."""

    value: Any = None

    def ask(self) -> Proposal:
        return self.propose(dict.fromkeys(self.space.names, self.value)) if is_time(self._proposed) else super().ask()


class ProposesNaN(Fixed):
    value = float("nan")


class ProposesInfinity(Fixed):
    value = 1e400


class ProposesNone(Fixed):
    value = None


class ProposesText(Fixed):
    value = "three"


class ProposesHugeInt(Fixed):
    value = 10**5000


class AnswersNothing(RandomSearch):
    def ask(self) -> Any:
        return None if is_time(self._proposed) else super().ask()


class Raises(Meddling):
    def meddle(self) -> None:
        raise RuntimeError("the surrogate is singular")


class RaisesWhenTold(RandomSearch):
    def tell(self, proposal: Proposal, value: float | None) -> None:
        if is_time(proposal.id):
            raise RuntimeError("the surrogate is singular")


class Exits(Meddling):
    def meddle(self) -> None:
        sys.exit(3)


class Leaves(Meddling):
    def meddle(self) -> None:
        os._exit(7)


class EatsMemory(Meddling):
    def meddle(self) -> None:
        raise MemoryError


class Prints(Meddling):
    def meddle(self) -> None:
        for _ in range(PRINTED // 2**20):
            os.write(2, b"x" * 2**20)


class Forks(Meddling):
    def meddle(self) -> None:
        os.fork()


class ChangesSeeds(Meddling):
    def meddle(self) -> None:
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002  that is the fault
        np.random.random(7)  # noqa: NPY002


class Mutates(RandomSearch):
    def tell(self, proposal: Proposal, value: float | None) -> None:
        if "CALM" not in os.environ:
            proposal.config.clear()


class HangsInAsk(Meddling):
    def meddle(self) -> None:
        time.sleep(600)


class HangsInTell(RandomSearch):
    def tell(self, proposal: Proposal, value: float | None) -> None:
        if is_time(proposal.id):
            time.sleep(600)


class Unrepeatable(RandomSearch):
    """Ignores its seed, and is killed once."""

    def ask(self) -> Proposal:
        if self._proposed == 4 and not Path("killed").exists():
            Path("killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.propose(self.space.from_unit([b / 255 for b in os.urandom(len(self.space))]))


class GivesUpEarlier(RandomSearch):
    """Has less to propose when it is asked again."""

    def ask(self) -> Proposal:
        if self._proposed == 2 and Path("killed").exists():
            Path("killed").rename("killed-before")
            self.nothing_left()
        if self._proposed == 4 and not (Path("killed").exists() or Path("killed-before").exists()):
            Path("killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().ask()

    def nothing_left(self) -> None:
        raise Exhausted("that was all")
