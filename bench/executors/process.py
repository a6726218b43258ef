"""A worker process as the driver sees it: what it says, what it is at, and how it ended."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from socket import socketpair
from time import monotonic
from typing import Any, NamedTuple

from bench.executors import Task
from bench.records import Step, Trial
from bench.threads import ONE_THREAD

# Not by PYTHONPATH, which would put our packages before those of a strategy in an environment of its own.
START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from bench.executors.worker import main; main()"
SHOWN_STDERR = 2000  # bytes of a dead worker's last words
CHUNK = 1 << 20
LAST_CHUNKS = 64  # read of a dead worker's stderr; what it started may go on writing
GRACE_S = 5.0  # to end after it hung up


class StepTaken(NamedTuple):
    """What a worker says that it begins; the arguments of `bench.records.Enter`."""

    kind: Step
    trial: int
    config: str
    ask_s: float
    started_at: float
    duration: float | None


@dataclass
class Worker:
    """A worker process and the run that it is at."""

    process: subprocess.Popen[bytes]
    connection: Connection
    lifeline: int
    stderr: int
    death: int  # a descriptor that is readable once the process has ended, whoever else holds its connection
    task: Task | None = None
    step: StepTaken | None = None  # known where the task has limits
    since: float = 0.0  # that step was heard of
    silent: bool = False  # it closed its stderr
    _tail: bytes = field(default=b"", repr=False)

    @classmethod
    def start(cls) -> "Worker":
        """Start a process that waits for runs, in a group of its own with whatever it will start."""
        ours, theirs = socketpair()
        reading_end, lifeline = os.pipe()
        stderr, writing_end = os.pipe()
        os.set_blocking(stderr, False)
        process = subprocess.Popen(
            [sys.executable, "-c", START, json.dumps(sys.path), str(theirs.fileno()), str(reading_end)],
            pass_fds=(theirs.fileno(), reading_end),
            env={**os.environ, **ONE_THREAD},
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

    def begin(self, task: Task, stored: Sequence[Trial], *, careful: bool, sign: bool) -> None:
        """Hand `task` over; `careful`: every trial is to be committed, and every step told, before the next.

        `sign`: the signature of the problem's instance is to be told.
        """
        self.task, self.step = task, None
        with suppress(ConnectionError):  # it died while idle, which is heard of in a moment
            self.connection.send((task.key, stored, careful, sign))

    def receive(self) -> tuple[str, Any] | None:
        """The next message; None where the process hung up, even in the middle of one."""
        try:
            message: tuple[str, Any] = self.connection.recv()
        except (EOFError, OSError):
            return None
        return message

    def acknowledge(self) -> None:
        """Tell it that what it said is committed."""
        with suppress(ConnectionError):  # it died, which is heard of in a moment
            self.connection.send(None)

    def enter(self, step: StepTaken) -> None:
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
            self._end_group()
            code = self.process.wait()
        self._end_group()
        for _ in range(LAST_CHUNKS):
            if not self.drain():
                break
        said = self._tail.decode(errors="replace").strip()
        return f"the end of its stderr:\n{said}\n{ending(code)}" if said else ending(code)

    def kill(self) -> None:
        """End the process and what it started, now, and release what is held for it."""
        self._end_group()
        self.process.wait()
        self.connection.close()
        for descriptor in (self.lifeline, self.stderr, self.death):
            os.close(descriptor)

    def _end_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def ending(code: int) -> str:
    """How a process ended, in words: `"the worker process died (signal SIGKILL)"`."""
    names = {member.value: member.name for member in signal.Signals}
    how = f"signal {names.get(-code, -code)}" if code < 0 else f"exit code {code}"
    return f"the worker process died ({how})"
