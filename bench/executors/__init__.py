"""Who executes runs: every executor gives the same trials; they differ in where the work happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

from bench.records import Again, Outcome, RunKey, StepKind, Trial
from bench.store import Store


class Watcher(Protocol):
    """Who is told how an experiment goes on."""

    def starting(self, keys: Sequence[RunKey], finished: int, spent: float) -> None:
        """The runs `keys` are to be done; `finished` runs are done already, and `spent` is used up of their budgets."""

    def trials(self, key: RunKey, spent: float) -> None:
        """More trials of a run are stored, which took `spent` off its budget; negative: it began again without them."""

    def finished(self, key: RunKey, outcome: Outcome) -> None:
        """A run has ended."""

    def waiting(self) -> None:
        """No worker has had a place for some time: others may be using the cluster. Told once each time."""


SETUP_S = 60.0  # for imports and construction, beyond what a strategy has to propose a trial


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds a step of a run may take; None: for ever."""

    trial_s: float | None = None
    ask_s: float | None = None  # to tell, too

    @property
    def are_set(self) -> bool:
        """Whether there is any."""
        return self != Limits()

    def of(self, step: StepKind) -> float | None:
        """The limit of `step`."""
        if step in ("trial", "retrain"):
            return self.trial_s
        return self.ask_s + SETUP_S if step == "setup" and self.ask_s is not None else self.ask_s


@dataclass(frozen=True, slots=True)
class Task:
    """A run to execute, its id in the store, how long its steps may take, how often its winner is evaluated again."""

    id: int
    key: RunKey
    limits: Limits = Limits()
    repeats: int = 0


class Order(NamedTuple):
    """What a worker is told of a run."""

    key: RunKey
    stored: Sequence[Trial]
    again: Again
    careful: bool  # every trial is to be committed, and every step told, before the next
    sign: bool  # the signature of the problem's instance is to be told

    @classmethod
    def of(cls, store: Store, task: Task, *, careful: bool = False) -> Self:
        """What is still to be done of `task`, by what is stored."""
        again = Again(task.repeats, store.retrainings(task.id))
        return cls(task.key, store.trials(task.id), again, careful, store.wants_signature(task.key))


Executor = Callable[[Store, Sequence[Task], Watcher, int | None, Callable[[], bool]], None]
"""`execute(store, tasks, watcher, jobs, expired)`: no run is started once `expired()` is true.

Without a number of `jobs`, there are as many as there is room for.
"""
