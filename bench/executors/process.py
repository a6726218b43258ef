"""A worker process as its machine sees it: what it says, and how it ended."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from socket import socketpair
from typing import Self

from bench.executors import Order, Task
from bench.executors.crew import Message, Worker
from bench.threads import ONE_THREAD

# Not by PYTHONPATH, which would put our packages before those of a strategy in an environment of its own.
START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from bench.executors.worker import main; main()"
SHOWN_STDERR = 2000  # bytes of a dead worker's last words
CHUNK = 1 << 20
LAST_CHUNKS = 64  # read of a dead worker's stderr; what it started may go on writing
GRACE_S = 5.0  # to end after it hung up


@dataclass(frozen=True)
class Place:
    """Where a process finds its code, its files and its settings."""

    folder: str | None = None  # None: ours
    paths: Sequence[str] = ()  # of imports; without any, ours
    variables: Mapping[str, str] = field(default_factory=dict)  # of the environment, beside ours


HERE = Place()


@dataclass(eq=False)
class WorkerProcess(Worker):
    """A worker process and the run that it is at."""

    process: subprocess.Popen[bytes]
    connection: Connection
    lifeline: int
    stderr: int
    death: int  # a descriptor that is readable once the process has ended, whoever else holds its connection
    silent: bool = False  # it closed its stderr
    _tail: bytes = field(default=b"", repr=False)

    @classmethod
    def start(cls, place: Place = HERE) -> Self:
        """Start a process that waits for runs, in a group of its own with whatever it will start."""
        ours, theirs = socketpair()
        reading_end, lifeline = os.pipe()
        stderr, writing_end = os.pipe()
        os.set_blocking(stderr, False)
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                START,
                json.dumps([*(place.paths or sys.path)]),
                str(theirs.fileno()),
                str(reading_end),
            ],
            pass_fds=(theirs.fileno(), reading_end),
            env={**os.environ, **place.variables, **ONE_THREAD},
            cwd=place.folder,
            process_group=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=writing_end,
        )
        theirs.close()
        os.close(reading_end)
        os.close(writing_end)
        return cls(process, Connection(ours.detach()), lifeline, stderr, os.pidfd_open(process.pid))

    def sources(self) -> list[Connection | int]:
        """What to wait for: its messages, its stderr, its death."""
        return [self.connection, self.death] if self.silent else [self.connection, self.death, self.stderr]

    def begin(self, task: Task, order: Order) -> None:
        """Hand `task` over; the process runs the code that we do, for it was started from it."""
        self.task, self.step = task, None
        self.send((order, None))

    def acknowledge(self) -> None:
        """Tell it that what it said is committed."""
        self.send(None)

    def send(self, content: object) -> None:
        """Send it a run, or a receipt."""
        with suppress(ConnectionError):  # it died, which is heard of in a moment
            self.connection.send(content)

    def receive(self) -> Message | None:
        """The next message; None where the process hung up, even in the middle of one."""
        try:
            message: Message = self.connection.recv()
        except (EOFError, OSError):
            return None
        return message

    def has_news(self) -> bool:
        """Whether it said something that was not heard yet."""
        return self.connection.poll()

    def drain(self) -> bool:
        """Read what it wrote to stderr, and keep the end of it; False where nothing more waits."""
        try:
            data = os.read(self.stderr, CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self.silent = True  # a pipe that nobody writes to would be readable for ever
        self._tail = (self._tail + data)[-SHOWN_STDERR:]
        return bool(data)

    def last_words(self) -> str:
        """How it ended, after the end of what it wrote to stderr; a last line is what a table of failures shows."""
        try:
            code = self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:  # it hung up and lives on
            self.end_group()
            code = self.process.wait()
        self.end_group()
        for _ in range(LAST_CHUNKS):
            if not self.drain():
                break
        said = self._tail.decode(errors="replace").strip()
        return f"the end of its stderr:\n{said}\n{ending(code)}" if said else ending(code)

    def kill(self) -> None:
        """End the process and what it started, now, and release what is held for it."""
        self.end_group()
        self.process.wait()
        self.connection.close()
        for descriptor in (self.lifeline, self.stderr, self.death):
            os.close(descriptor)

    def end_group(self) -> None:
        """End the process and what it started, now; the rest is done once that is noticed."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def news(workers: Sequence[WorkerProcess], timeout_s: float | None) -> Iterator[tuple[WorkerProcess, Message | None]]:
    """Wait until one of `workers` says something or dies, and give what each says; None: it died."""
    ready = set(wait([source for worker in workers for source in worker.sources()], timeout_s))
    for worker in workers:
        if worker.stderr in ready:
            worker.drain()
        if worker.connection in ready:
            yield worker, worker.receive()
        elif worker.death in ready and not worker.connection.poll():  # what it said before comes first
            yield worker, None


def ending(code: int) -> str:
    """How a process ended, in words: `"the worker process died (signal SIGKILL)"`."""
    names = {member.value: member.name for member in signal.Signals}
    how = f"signal {names.get(-code, -code)}" if code < 0 else f"exit code {code}"
    return f"the worker process died ({how})"
