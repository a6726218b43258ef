"""A pool of worker processes on this machine. They are reused: a new one costs seconds of imports."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any

from bench.executors import Task, Watcher
from bench.executors.process import StepTaken, Worker
from bench.records import Outcome, Trial
from bench.store import Store

DEATHS = 2  # of its worker, without a new trial in between, and a run is given up
NAMES = {"ask": "to propose trial", "tell": "to learn from trial"}


@dataclass
class Pool:
    """The driver's side: gives runs to idle workers, stores what they send, replaces the dead and the stuck."""

    store: Store
    watcher: Watcher
    waiting: deque[Task]
    expired: Callable[[], bool]
    workers: list[Worker] = field(default_factory=list)
    deaths: dict[int, int] = field(default_factory=dict)  # of a run's workers since its last new trial
    unrepeatable: set[int] = field(default_factory=set)  # runs that cannot be gone on with by another worker

    def work(self, jobs: int) -> None:
        """Execute everything that waits, on up to `jobs` processes."""
        try:
            for _ in range(min(jobs, len(self.waiting))):
                self._hire()
            while any(worker.task for worker in self.workers):
                self._listen()
        finally:
            for worker in self.workers:
                worker.kill()

    def _hire(self) -> None:
        """One more worker, if there is something for it to do."""
        if self.waiting and not self.expired():
            worker = Worker.start()
            self.workers.append(worker)
            self._assign(worker)

    def _assign(self, worker: Worker) -> None:
        worker.task = None
        if self.waiting and not self.expired():
            task = self.waiting.popleft()
            careful = task.limits.are_set or task.id in self.deaths
            sign = self.store.wants_signature(task.key)
            worker.begin(task, self.store.trials(task.id), careful=careful, sign=sign)

    def _listen(self) -> None:
        """Wait until a worker says something, dies, or has taken too long."""
        left = [worker.left_s for worker in self.workers if worker.left_s is not None]
        sources = [source for worker in self.workers for source in worker.sources()]
        ready = set(wait(sources, max(0.0, min(left)) if left else None))
        for worker in list(self.workers):
            if worker.stderr in ready:
                worker.drain()
            if worker.connection in ready:
                self._hear(worker)
            elif worker.death in ready and not worker.connection.poll():  # what it said before comes first
                self._bury(worker)
        for worker in list(self.workers):
            if worker.left_s is not None and worker.left_s <= 0 and not worker.connection.poll():
                self._stop(worker)

    def _hear(self, worker: Worker) -> None:
        message, task = worker.receive(), worker.task
        if message is None or task is None:
            self._bury(worker)
            return
        kind, content = message
        if kind == "step":
            worker.enter(StepTaken(*content))
            return
        HANDLERS[kind](self, task, content)
        worker.step = None  # what it waited for us is not held against it
        worker.acknowledge()
        if kind == "finished":
            self._assign(worker)

    def _bury(self, worker: Worker) -> None:
        """A worker died: its run goes on with another one, unless that has been tried."""
        reason, task = worker.last_words(), worker.task
        self._dismiss(worker)
        if task is not None:
            self.deaths[task.id] = self.deaths.get(task.id, 0) + 1
            self._go_on_with(task, reason)
        self._hire()

    def _stop(self, worker: Worker) -> None:
        """A worker takes too long: the trial has failed where it is the trial, the run where it is the strategy."""
        task, step, limit_s = worker.task, worker.step, worker.limit_s
        self._dismiss(worker)
        if task is None or step is None or limit_s is None:
            return
        if step.kind == "trial":
            reason = f"it did not end within {limit_s:g} s (--trial-timeout)"
            self.trials(task, [timed_out(step, limit_s, reason)])
            self.deaths[task.id] = 0
            self._go_on_with(task, f"trial {step.trial}: {reason}")
        else:
            doing = f"{NAMES[step.kind]} {step.trial} within {limit_s:g} s (--ask-timeout)"
            self.finished(task, Outcome("failed", f"the strategy {task.key.strategy} did not manage {doing}"))
        self._hire()

    def _go_on_with(self, task: Task, reason: str) -> None:
        """Let another worker replay and continue a run, or give it up for `reason`."""
        if task.id in self.unrepeatable:
            self.finished(task, Outcome("failed", f"{reason}; it does not repeat itself, and cannot be gone on with"))
        elif self.deaths[task.id] >= DEATHS:
            self.finished(task, Outcome("failed", f"{reason}, {DEATHS} times at the same place"))
        else:
            self.waiting.appendleft(task)

    def _dismiss(self, worker: Worker) -> None:
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
        if task.id in self.deaths:
            self.deaths[task.id] = 0
        self.watcher.trials(task.key, sum(trial.spent for trial in trials))

    def finished(self, task: Task, outcome: Any) -> None:
        """A run has ended."""
        self.store.finish(task.id, outcome)
        self.watcher.finished(task.key, outcome)


HANDLERS: dict[str, Callable[[Pool, Task, Any], None]] = {
    "begin": Pool.begin,
    "restart": Pool.restart,
    "trials": Pool.trials,
    "finished": Pool.finished,
}


def timed_out(step: StepTaken, limit_s: float, reason: str) -> Trial:
    """The record of a trial that was ended; what it showed before is not known."""
    return Trial(
        step.trial, step.config, None, None, None, "timeout", reason, 0.0, 0, None,
        step.ask_s, limit_s, 0.0, step.started_at, step.duration,
    )  # fmt: skip


def run_local(store: Store, tasks: Sequence[Task], watcher: Watcher, jobs: int, expired: Callable[[], bool]) -> None:
    """Execute `tasks` on `jobs` processes of this machine."""
    Pool(store, watcher, deque(tasks), expired).work(jobs)
