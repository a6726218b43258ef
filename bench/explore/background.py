"""Runs that a page asks for, executed in worker processes while the page stays usable; what they come to is kept.

They are the runs of an experiment: the same workers, the same loop, the same random streams, and so the same trials.
"""

import atexit
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread
from time import monotonic
from typing import Any, Generic, TypeVar

from bench.executors import Order
from bench.executors.crew import Message
from bench.executors.local import usable_cores
from bench.executors.process import WorkerProcess, news
from bench.records import Again, Outcome, RunKey, Setting, Trial

LOOK_S = 0.1  # between two looks for what is newly asked for
IDLE_S = 60.0  # that a worker without a run is kept
FORGET_S = 75.0  # after which what a page does not repeat is not begun; one in the background may ask once a minute
PATIENCE_S = 2.0  # that a run takes at least before it is ended because nobody asks for it any more

T = TypeVar("T")


def spare_cores() -> int:
    """How many workers leave a core to the page."""
    return max(1, usable_cores() - 1)


@dataclass(eq=False)
class Job:
    """A worker, and what it has told of its run so far."""

    worker: WorkerProcess
    since: float  # that it is at this run, or has none
    key: RunKey | None = None
    setting: Setting | None = None
    trials: list[Trial] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a page last asked for, the first first."""

    keys: tuple[RunKey, ...]
    since: float


class Background(Generic[T]):
    """Up to `jobs` workers, and at most `kept` results, each as `digest(key, setting, trials, outcome)` made it.

    `setting` is None where a run failed before its problem stood. The thread that drives the workers, and they, begin
    when something is asked for; they end some time after the last run, with `close`, or with this process.
    """

    def __init__(
        self,
        digest: Callable[[RunKey, Setting | None, Sequence[Trial], Outcome], T],
        jobs: int | None = None,
        kept: int = 20_000,
    ) -> None:
        self._digest = digest
        self._most = jobs or spare_cores()
        self._kept = kept
        self._finished: OrderedDict[RunKey, T] = OrderedDict()
        self._wishes: dict[str, Wish] = {}  # by page
        self._jobs: list[Job] = []
        self._thread: Thread | None = None
        self._closed = False
        self._changed = Condition()
        atexit.register(self.close)

    def ask(self, page: str, keys: Sequence[RunKey]) -> Mapping[RunKey, T]:
        """What is finished of `keys`; the rest becomes all that `page` asks for, in this order.

        It must be asked for again and again while it is waited for; a run that no page asks for is ended.
        """
        with self._changed:
            found = self._known(keys)
            self._wishes.pop(page, None)
            self._wishes[page] = Wish(tuple(key for key in keys if key not in found), monotonic())
            if len(found) < len(keys) and self._thread is None and not self._closed:
                self._thread = Thread(target=self._work, name="background runs", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return found

    def known(self, keys: Iterable[RunKey]) -> Mapping[RunKey, T]:
        """What is finished of `keys`."""
        with self._changed:
            return self._known(keys)

    def at(self) -> Mapping[RunKey, int]:
        """The runs that workers are at, each with how many trials are done."""
        with self._changed:
            return {job.key: len(job.trials) for job in self._jobs if job.key is not None}

    def close(self) -> None:
        """End every worker; nothing more is begun."""
        with self._changed:
            self._closed = True
            thread = self._thread
            self._changed.notify_all()
        if thread is not None:
            thread.join()
        atexit.unregister(self.close)

    def _known(self, keys: Iterable[RunKey]) -> dict[RunKey, T]:
        found = {key: self._finished[key] for key in keys if key in self._finished}
        for key in found:
            self._finished.move_to_end(key)
        return found

    def _work(self) -> None:
        """Drive the workers until none is needed any more."""
        try:
            while True:
                with self._changed:
                    self._staff()
                    if self._closed or not self._jobs:
                        return
                    jobs = {job.worker: job for job in self._jobs}
                for worker, message in news(tuple(jobs), LOOK_S):
                    with self._changed:
                        self._hear(jobs[worker], message)
        finally:
            with self._changed:
                for job in self._jobs:
                    job.worker.kill()
                self._jobs, self._thread = [], None

    def _staff(self) -> None:
        """Let go of who is not needed, give every free worker a run, hire for the rest."""
        now = monotonic()
        self._wishes = {page: wish for page, wish in self._wishes.items() if now - wish.since < FORGET_S}
        wanted = self._wanted()
        taken = {job.key for job in self._jobs}
        waiting = [key for key in wanted if key not in taken and key not in self._finished]
        for job in list(self._jobs):
            forgotten = job.key is not None and job.key not in wanted and now - job.since > PATIENCE_S
            idle = job.key is None and now - job.since > IDLE_S
            if forgotten or idle:
                self._dismiss(job)
        for key in waiting:
            free = next((job for job in self._jobs if job.key is None), None)
            if free is None and len(self._jobs) < self._most:
                free = Job(WorkerProcess.start(), now)
                self._jobs.append(free)
            if free is None:
                return
            free.key, free.setting, free.trials, free.since = key, None, [], now
            free.worker.send((Order(key, (), Again(), careful=False, sign=False), None))

    def _wanted(self) -> Collection[RunKey]:
        """Everything that is asked for, in the order in which it is begun: the page that asked last comes first."""
        return dict.fromkeys(key for wish in reversed(self._wishes.values()) for key in wish.keys)

    def _hear(self, job: Job, message: Message | None) -> None:
        if message is None:  # it died; what it was at is not tried again
            if job.key is not None:
                self._finish(job, Outcome("failed", job.worker.last_words()))
            self._dismiss(job)
            return
        kind, content = message
        HANDLERS[kind](self, job, content)
        job.worker.acknowledge()

    def _dismiss(self, job: Job) -> None:
        self._jobs.remove(job)
        job.worker.kill()

    def _begin(self, job: Job, setting: Any) -> None:
        job.setting = setting

    def _restart(self, job: Job, reason: Any) -> None:
        job.trials.clear()

    def _add(self, job: Job, trials: Any) -> None:
        job.trials += trials

    def _retrained(self, job: Job, retrainings: Any) -> None:
        """None was asked for."""

    def _finish(self, job: Job, outcome: Any) -> None:
        if job.key is not None:
            self._finished[job.key] = self._digest(job.key, job.setting, job.trials, outcome)
        while len(self._finished) > self._kept:
            self._finished.popitem(last=False)
        job.key, job.trials, job.since = None, [], monotonic()


HANDLERS: Mapping[str, Callable[[Background[Any], Job, Any], None]] = {
    "begin": Background._begin,
    "restart": Background._restart,
    "trials": Background._add,
    "retrained": Background._retrained,
    "finished": Background._finish,
}
