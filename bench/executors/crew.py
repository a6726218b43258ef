"""What a pool asks of its workers and of where they come from: processes of this machine, or of a cluster."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol, TypeAlias, TypeVar

from bench.executors import Order, Task
from bench.records import Step

Message: TypeAlias = tuple[str, Any]  # its kind, and what it says: see `bench.executors.worker.serve`


@dataclass(eq=False, kw_only=True)
class Worker(ABC):
    """Who executes one run after the other, as the driver sees it."""

    task: Task | None = None
    step: Step | None = None  # known where the task has limits
    since: float = 0.0  # that step was heard of
    ready: bool = True  # for runs; one that is still to be placed on a cluster may never be
    lost: bool = False  # with its machine, which is no fault of the run

    def suits(self, task: Task) -> bool:
        """Whether it has what `task` needs."""
        return True

    @abstractmethod
    def begin(self, task: Task, order: Order) -> None:
        """Hand `task` over."""

    @abstractmethod
    def acknowledge(self) -> None:
        """Tell it that what it said is committed."""

    @abstractmethod
    def has_news(self) -> bool:
        """Whether it said something that was not heard yet."""

    @abstractmethod
    def last_words(self) -> str:
        """How it ended; the last line is what a table of failures shows."""

    @abstractmethod
    def kill(self) -> None:
        """End it and what it started, now, and release what is held for it."""

    def enter(self, step: Step) -> None:
        """Note what it is at."""
        self.step, self.since = step, monotonic()

    @property
    def limit_s(self) -> float | None:
        """How long its step may take."""
        return None if self.task is None or self.step is None else self.task.limits.of(self.step.kind)

    @property
    def left_s(self) -> float | None:
        """How much of that is left."""
        return None if self.limit_s is None else self.since + self.limit_s - monotonic()


AnyWorker = TypeVar("AnyWorker", bound=Worker)


class Crew(Protocol[AnyWorker]):
    """Where workers come from."""

    def hire(self, task: Task, workers: Sequence[AnyWorker]) -> AnyWorker | None:
        """One that could do `task` or its like, beside `workers`; None where all that can be had are there."""

    def news(self, workers: Sequence[AnyWorker], timeout_s: float | None) -> Iterator[tuple[AnyWorker, Message | None]]:
        """Wait until one of them says something or dies, and give what each says; None: it died.

        Gives nothing where too much time went by, or where it is time to look whether all of them are still needed.
        """
