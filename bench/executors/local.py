"""A pool of worker processes on this machine. They are reused: a new one costs seconds of imports."""

import os
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from socket import socketpair
from typing import IO, Any

from bench.executors import Task, Watcher
from bench.records import Outcome
from bench.store import Store
from bench.threads import ONE_THREAD

ATTEMPTS = 2  # a run whose worker died is tried once more
SHOWN_STDERR = 2000  # characters of a dead worker's last words


@dataclass
class Worker:
    """A worker process and the run that it is at."""

    process: subprocess.Popen[bytes]
    connection: Connection
    lifeline: int
    stderr: IO[bytes]
    task: Task | None = None

    @classmethod
    def start(cls) -> "Worker":
        """Start a process that waits for runs."""
        ours, theirs = socketpair()
        reading_end, lifeline = os.pipe()
        stderr = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the worker
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.executors.worker", str(theirs.fileno()), str(reading_end)],
            pass_fds=(theirs.fileno(), reading_end),
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
        theirs.close()
        os.close(reading_end)
        return cls(process, Connection(ours.detach()), lifeline, stderr)

    def last_words(self) -> str:
        """How a worker that hung up ended, with the end of what it wrote to stderr."""
        code = self.process.wait()
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        self.stderr.seek(0)
        return f"the worker process died ({how})\n{self.stderr.read()[-SHOWN_STDERR:].decode(errors='replace')}".strip()

    def kill(self) -> None:
        """End the process now and release what is held for it."""
        self.process.kill()
        self.process.wait()
        self.connection.close()
        os.close(self.lifeline)
        self.stderr.close()


@dataclass
class Pool:
    """The driver's side: gives runs to idle workers, stores what they send, replaces the dead."""

    store: Store
    watcher: Watcher
    waiting: deque[Task]
    expired: Callable[[], bool]
    workers: list[Worker] = field(default_factory=list)
    attempts: dict[int, int] = field(default_factory=dict)

    def work(self, jobs: int) -> None:
        """Execute everything that waits, on up to `jobs` processes."""
        try:
            for _ in range(min(jobs, len(self.waiting))):
                self._assign(self._hire())
            while busy := {w.connection: (w, w.task) for w in self.workers if w.task}:
                for connection in wait(list(busy)):
                    self._hear(*busy[connection])  # type: ignore[index]  # only what was waited for
        finally:
            for worker in self.workers:
                worker.kill()

    def _hire(self) -> Worker:
        worker = Worker.start()
        self.workers.append(worker)
        return worker

    def _assign(self, worker: Worker) -> None:
        worker.task = None
        if not self.waiting or self.expired():
            return
        task = worker.task = self.waiting.popleft()
        self.attempts[task.id] = self.attempts.get(task.id, 0) + 1
        try:
            worker.connection.send((task.key, self.store.trials(task.id)))
        except BrokenPipeError:  # it died while idle; what follows is what happens when it dies at work
            self._bury(worker, task)

    def _hear(self, worker: Worker, task: Task) -> None:
        try:
            kind, content = worker.connection.recv()
            HANDLERS[kind](self, task, content)
            worker.connection.send(None)
        except (EOFError, ConnectionError):
            self._bury(worker, task)
            return
        if kind == "finished":
            self._assign(worker)

    def _bury(self, worker: Worker, task: Task) -> None:
        reason = worker.last_words()
        worker.kill()
        self.workers.remove(worker)
        if self.attempts[task.id] < ATTEMPTS:
            self.waiting.appendleft(task)
        else:
            self.finished(task, Outcome("failed", reason))
        if self.waiting:
            self._assign(self._hire())

    def begin(self, task: Task, setting: Any) -> None:
        """A run stands and begins."""
        self.store.begin(task.id, setting)

    def trials(self, task: Task, trials: Any) -> None:
        """Some trials of a run are done."""
        self.store.add(task.id, trials)
        self.watcher.trials(task.key, sum(trial.spent for trial in trials))

    def finished(self, task: Task, outcome: Any) -> None:
        """A run has ended."""
        self.store.finish(task.id, outcome)
        self.watcher.finished(task.key, outcome)


HANDLERS: dict[str, Callable[[Pool, Task, Any], None]] = {
    "begin": Pool.begin,
    "trials": Pool.trials,
    "finished": Pool.finished,
}


def run_local(store: Store, tasks: Sequence[Task], watcher: Watcher, jobs: int, expired: Callable[[], bool]) -> None:
    """Execute `tasks` on `jobs` processes of this machine."""
    Pool(store, watcher, deque(tasks), expired).work(jobs)
