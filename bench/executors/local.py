"""A pool of worker processes on this machine. They are reused: a new one costs seconds of imports."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from bench.executors import Task, Watcher
from bench.executors.crew import Message
from bench.executors.pool import Pool
from bench.executors.process import WorkerProcess, news
from bench.store import Store


class Local:
    """Where processes of this machine come from; any of them does any run."""

    def hire(self, task: Task, workers: Sequence[WorkerProcess]) -> WorkerProcess:
        """A process that is on its way, and may be given its first run."""
        return WorkerProcess.start()

    def news(
        self, workers: Sequence[WorkerProcess], timeout_s: float | None
    ) -> Iterator[tuple[WorkerProcess, Message | None]]:
        """Wait until one of them says something or dies, and give what each says."""
        return news(workers, timeout_s)


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def run_local(
    store: Store, tasks: Sequence[Task], watcher: Watcher, jobs: int | None, expired: Callable[[], bool]
) -> None:
    """Execute `tasks` on `jobs` processes of this machine; without a number, on one per core."""
    Pool(Local(), store, watcher, deque(tasks), expired, jobs or usable_cores()).work()
