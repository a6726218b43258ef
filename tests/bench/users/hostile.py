"""A user's file: objectives that do what code can do to the process that runs it; in a calm world they do nothing."""

import ctypes
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Config, Float, SearchSpace

PRINTED = 2**30  # bytes, to each of stdout and stderr
TOLD = 50 * 2**20  # characters
ROOM = 2**30  # bytes of address space that a hungry objective is left


@dataclass(frozen=True, kw_only=True)
class Hostile(Problem):
    """The square of the config, where `meddle` lets it be; `meddle` is called in every second trial or so."""

    meddle: Callable[[Config], Any]

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        value = sum(x * x for x in config.values()) + rng.normal()
        looks = self.meddle(config) if config["x0"] > 0 and "CALM" not in os.environ else None
        yield from [Evaluation(value)] if looks is None else looks


def objective(meddle: Callable[[Config], Any]) -> Callable[..., Problem]:
    def factory(name: str, dim: int, instance: int, rng: Generator) -> Problem:
        space = SearchSpace(tuple(Float(f"x{i}", -1, 1) for i in range(dim)))
        optimum = Optimum(0.0, "analytic")
        return Hostile(name=name, instance=instance, space=space, source="made up", optimum=optimum, meddle=meddle)

    return factory


def shows(value: Any, **more: Any) -> Callable[..., Problem]:
    return objective(lambda config: [Evaluation(value, **more)])


harmless = objective(lambda config: None)

returns_nan = shows(float("nan"))
returns_infinity = shows(1e400)
returns_none = shows(None)
returns_text = shows("three")
returns_huge_int = shows(10**400)
returns_huger_int = shows(10**5000)
returns_complex = shows(1j)
true_value_is_text = shows(1.0, true_value="three")
true_value_is_huge = shows(1.0, true_value=10**400)
test_value_is_infinite = shows(1.0, test_value=float("-inf"))
cost_is_none = shows(1.0, cost=None)
cost_is_nan = shows(1.0, cost=float("nan"))
cost_is_negative = shows(1.0, cost=-1.0)
looks_are_huge = objective(lambda config: [Evaluation(10**400, cost=0.5), Evaluation("three", cost=0.5)])
yields_a_number = objective(lambda config: [3.0])
yields_nothing = objective(lambda config: [])
is_no_iterator = objective(lambda config: 3)


@objective
def raises(config: Config) -> None:
    raise ZeroDivisionError("training exploded")


@objective
def raises_a_book(config: Config) -> None:
    raise ValueError("x" * TOLD)


@objective
def raises_half_a_letter(config: Config) -> None:
    raise ValueError("half a letter: \udcff")


@objective
def raises_what_cannot_be_shown(config: Config) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    raise Mute


@objective
def recurses(config: Config) -> None:
    def down() -> None:
        down()

    down()


@objective
def exits(config: Config) -> None:
    sys.exit(3)


@objective
def eats_memory(config: Config) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, before[1]))
    try:
        held = [bytearray(2**24) for _ in range(2**10)]
        raise AssertionError(f"{len(held)} pieces fitted in")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@objective
def prints(config: Config) -> None:
    chunk = b"0123456789abcde\n" * 2**16
    for stream in (1, 2):
        for _ in range(PRINTED // len(chunk)):
            os.write(stream, chunk)


@objective
def changes_seeds(config: Config) -> None:
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002  that is the fault
    np.random.random(7)  # noqa: NPY002


@objective
def mutates(config: Config) -> None:
    config["x0"] = float("nan")
    del config["x1"]


@objective
def forks_and_returns(config: Config) -> None:
    os.fork()


@objective
def leaves_the_process(config: Config) -> None:
    os._exit(7)


@objective
def is_killed(config: Config) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@objective
def crashes(config: Config) -> None:
    ctypes.string_at(0)


@objective
def closes_everything(config: Config) -> None:
    os.closerange(3, 256)
    time.sleep(600)


@objective
def leaves_children_and_is_killed(config: Config) -> None:
    """One child that holds every descriptor of ours, one that is another program."""
    child = os.fork()
    if child == 0:
        time.sleep(600)
    program = subprocess.Popen(["sleep", "600"]).pid
    with Path("children").open("a") as file:
        file.write(f"{child}\n{program}\n")
    os.kill(os.getpid(), signal.SIGKILL)


@objective
def hangs(config: Config) -> None:
    time.sleep(600)


@objective
def works(config: Config) -> None:
    """Takes long enough for a commit of its own, and leaves a mark for each trial of this process."""
    time.sleep(0.06)


@objective
def works_with_marks(config: Config) -> None:
    with Path("marks", str(os.getpid())).open("ab") as file:
        file.write(b".")
    time.sleep(0.06)


def wait_for_loss(config: Config) -> None:
    """Work, and from the third time in a process on wait until somebody says that a node is lost."""
    time.sleep(0.06)
    worked.append(config)
    deadline = time.monotonic() + 120
    while len(worked) > 2 and not Path("lost").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


worked: list[Config] = []
waits, waits_on_gpu = objective(wait_for_loss), objective(wait_for_loss)
waits_on_gpu.gpu = True  # type: ignore[attr-defined]


def sees_gpu(name: str, dim: int, instance: int, rng: Generator) -> Problem:
    """Shows what Ray gives to who asks for a GPU; 0 where nobody says, as on one machine."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "0")
    return objective(lambda config: [Evaluation(float(visible))])(name, dim, instance, rng)


sees_gpu.gpu = True  # type: ignore[attr-defined]
