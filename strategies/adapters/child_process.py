"""A child process that answers lines of JSON with lines of JSON, one at a time, each within a time-out."""

import ctypes
import json
import os
import select
import selectors
import signal
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import IO, Any, cast

LONGEST_LINE = 1 << 20  # bytes
SHOWN = 200  # bytes of an answer that is none
KEPT = 4000  # bytes of the end of the child's stderr
BREATH_S = 0.05  # between looking at what it reads and at what it writes
GRACE_S = 2.0  # to end by itself after the last call
CHUNK = 1 << 16
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class ProcessFailed(Exception):
    """The child died, was late, or said something that is no answer; the message holds its last words."""


def die_with_parent() -> None:
    """In the child: be killed when the worker that started it is, which then has no time to do it."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Repeated(ValueError):
    """A JSON object names a field twice: which one is meant, each language decides for itself."""


def parse_answer(line: bytes) -> dict[str, Any]:
    """The JSON object in a line of UTF-8; raises `ValueError` with what it is instead."""
    try:
        answer = json.loads(line.decode(), object_pairs_hook=without_repetition)
        json.dumps(answer)  # so that whoever shows it can go as deep
    except Repeated:
        raise
    except (ValueError, RecursionError):
        raise ValueError("which is no JSON") from None
    if not isinstance(answer, dict):
        raise ValueError("which is no JSON object")
    return answer


def without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these fields; raises `Repeated`."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Repeated("which names a field twice")
    return found


class Child:
    """`command` as a process group of its own, spoken to by `request`; both its outputs are read while it answers."""

    def __init__(self, command: Sequence[str], *, timeout_s: float, folder: Path | None = None) -> None:
        self._name = " ".join(command)
        self._timeout_s = timeout_s
        self._lines = b""
        self._last_words = b""
        self._silent = False  # its stdout is at its end
        try:
            self._process = subprocess.Popen(
                command, cwd=folder, env={**os.environ, **ONE_THREAD}, start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=die_with_parent,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise ProcessFailed(f"cannot start {self._name!r}: {error}; give a command that runs in a shell") from error
        self._stdin = cast(IO[bytes], self._process.stdin)
        os.set_blocking(self._stdin.fileno(), False)
        self._selector = selectors.DefaultSelector()
        for stream in (cast(IO[bytes], self._process.stdout), cast(IO[bytes], self._process.stderr)):
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ)
        self._end = weakref.finalize(self, end, self._process, self._selector)  # also when nobody called close

    def request(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The child's answer to `message`; raises `ProcessFailed`, after which the child is gone."""
        if not self._end.alive:
            raise ProcessFailed(f"{self._name!r} ended before")
        try:
            self._write(json.dumps(message, allow_nan=False).encode() + b"\n")
            answer = self._answer(self._line(), str(message.get("call")))
        except OSError:
            self._listen(monotonic() + GRACE_S)  # for its reasons
            raise self.failed(f"ended {self._ending()}") from None
        if self._lines:
            raise self.failed(f"answered {message.get('call')!r} with more than a line: {self._lines[:SHOWN]!r}")
        return answer

    def _write(self, data: bytes) -> None:
        """Hand `data` over; the child may be busy writing to us at first."""
        deadline, pipe = monotonic() + self._timeout_s, self._stdin.fileno()
        while data:
            if monotonic() > deadline:
                raise self.failed(f"did not read what it was sent within {self._timeout_s:g} s")
            if select.select([], [pipe], [], BREATH_S)[1]:
                data = data[os.write(pipe, data) :]
            else:
                self._listen(monotonic() + BREATH_S, once=True)

    def _answer(self, line: bytes, call: str) -> dict[str, Any]:
        try:
            answer = parse_answer(line)
        except ValueError as error:
            raise self.failed(f"answered {call!r} with {line[:SHOWN]!r}, {error}") from None
        if "error" in answer:
            raise self.failed(f"answered {call!r} with the error: {answer['error']!s:.2000}")
        return answer

    def _line(self) -> bytes:
        """The next line of the child's stdout."""
        deadline = monotonic() + self._timeout_s
        while b"\n" not in self._lines:
            if len(self._lines) > LONGEST_LINE:
                raise self.failed(f"wrote a line of more than {LONGEST_LINE} bytes")
            if monotonic() > deadline:
                raise self.failed(f"gave no answer within {self._timeout_s:g} s")
            self._listen(deadline, once=True)
            if self._silent and b"\n" not in self._lines:
                raise self.failed(f"ended {self._ending()}")
        line, _, self._lines = self._lines.partition(b"\n")
        return line

    def _listen(self, deadline: float, *, once: bool = False) -> None:
        """Read what comes until `deadline`, or until both outputs are at their end."""
        while self._selector.get_map() and (left := deadline - monotonic()) > 0:
            for key, _ in self._selector.select(left):
                data, is_answer = os.read(key.fd, CHUNK), key.fileobj is self._process.stdout
                if not data:
                    self._selector.unregister(key.fileobj)
                    self._silent |= is_answer
                elif is_answer:
                    self._lines = (self._lines + data)[: LONGEST_LINE + 1]  # nobody may fill our memory
                else:
                    self._last_words = (self._last_words + data)[-KEPT:]
            if once:
                break

    def _ending(self) -> str:
        """How the child ended, in words."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_S)
        code = self._process.returncode
        if code is None:
            return "its output"
        return f"by signal {-code}" if code < 0 else f"with exit code {code}"

    def failed(self, what: str) -> ProcessFailed:
        """The error to raise, which says that the child did `what`; the child is killed."""
        kill(self._process)
        self._listen(monotonic() + 0.1)
        self._end()
        said = self._last_words.decode(errors="replace").strip()
        end_of_it = f"the end of its stderr:\n{said}\n" if said else "it wrote nothing to stderr\n"
        return ProcessFailed(f"{end_of_it}{self._name!r} {what}")  # the last line is what a table of failures shows

    def close(self, message: Mapping[str, Any]) -> None:
        """Say a last thing, wait a little, and make sure that the whole process group is gone. Never raises."""
        with suppress(OSError, ValueError, subprocess.TimeoutExpired):
            self._stdin.write(json.dumps(message).encode() + b"\n")
            self._stdin.close()
            self._process.wait(GRACE_S)
        self._end()


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill the process group, which may outlive its leader."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end(process: "subprocess.Popen[bytes]", selector: selectors.BaseSelector) -> None:
    """Kill the process group and close what connects us."""
    kill(process)
    selector.close()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with suppress(OSError):  # what could not be written any more
                stream.close()
