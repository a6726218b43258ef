"""The driver's side of a pool of workers: gives them runs, stores what they say, replaces the dead and the stuck."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic

from bench.errors import UsageError
from bench.executors import Order, Task, Watcher
from bench.executors.crew import AnyWorker, Crew, Message
from bench.records import Outcome, Retraining, Step, Trial, TrialStatus
from bench.store import Store

DEATHS = 2  # of its worker, without a new trial in between, and a run is given up
LOSSES = 5  # of its worker's machine
PATIENCE = 3  # looks for a place on the cluster, of a few seconds each, until it is said that there is none
NAMES = {"setup": "to be set up", "ask": "to propose trial {}", "tell": "to learn from trial {}"}


@dataclass
class Ends:
    """How a run's workers ended since its last new trial."""

    deaths: int = 0
    losses: int = 0  # with their machines


@dataclass
class Pool(Generic[AnyWorker]):
    """Up to `jobs` workers of a crew, and what is to be done; one thread, which alone writes the store."""

    crew: Crew[AnyWorker]
    store: Store
    watcher: Watcher
    waiting: deque[Task]
    expired: Callable[[], bool]
    jobs: int
    workers: list[AnyWorker] = field(default_factory=list)
    ends: dict[int, Ends] = field(default_factory=dict)  # of a run's workers
    unrepeatable: set[int] = field(default_factory=set)  # runs that cannot be gone on with by another worker
    looks: int = 0  # since a worker had a place

    def work(self) -> None:
        """Execute everything that waits."""
        try:
            self._staff()
            while self.workers:
                self._listen()
                self._staff()
        finally:
            for worker in self.workers:
                worker.kill()

    def _staff(self) -> None:
        """Hire for what waits and nobody is on the way for; call off who is on the way for nothing."""
        coming = [worker for worker in self.workers if not worker.ready]
        for task in [] if self.expired() else list(self.waiting):
            expected = next((worker for worker in coming if worker.suits(task)), None)
            if expected is not None:
                coming.remove(expected)
            elif len(self.workers) < self.jobs:
                self._hire(task)
            elif not coming:
                break
        for worker in coming:
            self._dismiss(worker)

    def _hire(self, task: Task) -> None:
        """One more worker, for `task` or its like."""
        worker = self.crew.hire(task, self.workers)
        if worker is not None:
            self.workers.append(worker)
            if worker.ready:
                self._assign(worker)

    def _assign(self, worker: AnyWorker) -> None:
        """The next run that is for `worker`; without one, it is not needed any more."""
        task = None if self.expired() else next((task for task in self.waiting if worker.suits(task)), None)
        if task is None:
            self._dismiss(worker)
            return
        self.waiting.remove(task)
        careful = task.limits.are_set or task.id in self.ends
        worker.begin(task, Order.of(self.store, task, careful=careful))

    def _listen(self) -> None:
        """Wait until a worker says something, dies, or has taken too long."""
        left = [worker.left_s for worker in self.workers if worker.left_s is not None]
        for worker, message in self.crew.news(tuple(self.workers), max(0.0, min(left)) if left else None):
            self._hear(worker, message)
        has_no_place = bool(self.workers) and not any(worker.ready for worker in self.workers)
        self.looks = self.looks + 1 if has_no_place else 0
        if self.looks == PATIENCE:
            self.watcher.waiting()
        for worker in list(self.workers):
            if worker.left_s is not None and worker.left_s <= 0 and not worker.has_news():
                self._stop(worker)

    def _hear(self, worker: AnyWorker, message: Message | None) -> None:
        if message is None:
            self._bury(worker)
            return
        kind, content = message
        if kind == "ready":
            worker.ready = True
            self._assign(worker)
        elif worker.task is None:
            self._bury(worker)
        elif kind == "step":
            worker.enter(content)
        else:
            HANDLERS[kind](self, worker.task, content)
            worker.step = None  # what it waited for us is not held against it
            worker.acknowledge()
            if kind == "finished":
                self._assign(worker)

    def _bury(self, worker: AnyWorker) -> None:
        """A worker died: its run goes on with another one, unless that has been tried."""
        reason, task, step = worker.last_words(), worker.task, worker.step
        self._dismiss(worker)
        if task is not None:
            ends = self.ends.setdefault(task.id, Ends())
            ends.deaths += not worker.lost
            ends.losses += worker.lost
            if step is not None and step.kind == "retrain" and ends.deaths >= DEATHS:  # the run itself is whole
                self.retrained(task, [not_retrained(step, "failed", f"{reason}, {DEATHS} times", 0.0)])
            self._go_on_with(task, reason)

    def _stop(self, worker: AnyWorker) -> None:
        """A worker takes too long: the trial has failed where it is the trial, the run where it is the strategy."""
        task, step, limit_s = worker.task, worker.step, worker.limit_s
        self._dismiss(worker)
        if task is None or step is None or limit_s is None:
            return
        reason = f"it did not end within {limit_s:g} s (--trial-timeout)"
        if step.kind in ("trial", "retrain"):
            self.ends[task.id] = Ends()
            if step.kind == "trial":
                self.trials(task, [timed_out(step, limit_s, reason)])
            else:
                self.retrained(task, [not_retrained(step, "timeout", reason, limit_s)])
            self._go_on_with(task, f"trial {step.trial}: {reason}")
        else:
            doing = f"{NAMES[step.kind].format(step.trial)} within {limit_s:g} s (--ask-timeout)"
            self.finished(task, Outcome("failed", f"the strategy {task.key.strategy} did not manage {doing}"))

    def _go_on_with(self, task: Task, reason: str) -> None:
        """Let another worker replay and continue a run, or give it up for `reason`."""
        ends = self.ends[task.id]
        if task.id in self.unrepeatable:
            self.finished(task, Outcome("failed", f"{reason}; it does not repeat itself, and cannot be gone on with"))
        elif ends.deaths >= DEATHS:
            self.finished(task, Outcome("failed", f"{reason}, {DEATHS} times at the same place"))
        elif ends.losses >= LOSSES:
            self.finished(task, Outcome("failed", f"{reason}, {LOSSES} times at the same place"))
        else:
            self.waiting.appendleft(task)

    def _dismiss(self, worker: AnyWorker) -> None:
        worker.kill()
        self.workers.remove(worker)

    def begin(self, task: Task, setting: Any) -> None:
        """A run stands and begins."""
        self.store.begin(task.id, setting)

    def restart(self, task: Task, reason: Any) -> None:
        """A run did not repeat itself and begins again."""
        self.unrepeatable.add(task.id)
        self.watcher.trials(task.key, -self.store.restart(task.id, reason))

    def trials(self, task: Task, trials: Any) -> None:
        """Some trials of a run are done."""
        self.store.add(task.id, trials)
        if task.id in self.ends:
            self.ends[task.id] = Ends()
        self.watcher.trials(task.key, sum(trial.spent for trial in trials))

    def retrained(self, task: Task, retrainings: Any) -> None:
        """The incumbent of a run was evaluated again."""
        self.store.add_again(task.id, retrainings)
        if task.id in self.ends:
            self.ends[task.id] = Ends()

    def finished(self, task: Task, outcome: Any) -> None:
        """A run has ended."""
        self.store.finish(task.id, outcome)
        self.watcher.finished(task.key, outcome)

    def refused(self, task: Task, reason: Any) -> None:
        """A worker would execute other code than was planned: two programs' trials would stand under one name."""
        raise UsageError(reason)


HANDLERS: dict[str, Callable[[Pool[Any], Task, Any], None]] = {
    "begin": Pool.begin,
    "restart": Pool.restart,
    "trials": Pool.trials,
    "retrained": Pool.retrained,
    "finished": Pool.finished,
    "refused": Pool.refused,
}


def timed_out(step: Step, limit_s: float, reason: str) -> Trial:
    """The record of a trial that was ended; what it showed before is not known."""
    return Trial(
        step.trial, step.config, None, None, None, "timeout", reason, 0.0, 0, None,
        step.ask_s, limit_s, 0.0, step.started_at, step.duration,
    )  # fmt: skip


def not_retrained(step: Step, status: TrialStatus, reason: str, seconds: float) -> Retraining:
    """The record of a retraining that was ended, or ended its worker."""
    return Retraining(step.repeat, step.trial, None, None, None, status, reason, seconds, step.started_at)
