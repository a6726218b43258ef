"""Who executes runs: every executor gives the same trials; they differ in where the work happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.records import Outcome, RunKey
from bench.store import Store


class Watcher(Protocol):
    """Who is told how an experiment goes on."""

    def starting(self, keys: Sequence[RunKey], finished: int, trials: int) -> None:
        """The runs `keys` are to be done; `finished` runs are done already, and `trials` trials of the others."""

    def trials(self, key: RunKey, count: int) -> None:
        """`count` more trials of a run are stored."""

    def finished(self, key: RunKey, outcome: Outcome) -> None:
        """A run has ended."""


@dataclass(frozen=True, slots=True)
class Task:
    """A run to execute and its id in the store."""

    id: int
    key: RunKey


Executor = Callable[[Store, Sequence[Task], Watcher, int, Callable[[], bool]], None]
"""`execute(store, tasks, watcher, jobs, expired)`: no run is started once `expired()` is true."""
