"""Work on large tables side by side: in processes that are forked, so that each finds the tables without a copy."""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from threading import current_thread, main_thread
from typing import Any, TypeVar

from bench.errors import UsageError

T = TypeVar("T")

LARGE = 200_000  # rows from which a fork, some hundredths of a second, is nothing
SELDOM = (100_000, 50, 50)  # thresholds of the garbage collector
MOST = 4  # processes at once: what each makes is memory

inherited: list[Callable[[], Any]] = []  # in a child: its tasks, which need no form that could be sent


def side_by_side(tasks: Sequence[Callable[[], T]], rows: int) -> list[T]:
    """What each task returns, in their order: one after the other, or at once where they are about so many `rows`.

    Never at once within a thread of a server: what its other threads hold would be held in a child for ever.
    What a task changes in memory is lost. Raises what a task raises, and `UsageError` where its process was killed.
    """
    workers = min(len(os.sched_getaffinity(0)), len(tasks), MOST) if "fork" in get_all_start_methods() else 1
    if rows < LARGE or workers < 2 or current_thread() is not main_thread():
        return [task() for task in tasks]
    try:
        with seldom_collected(), ProcessPoolExecutor(workers - 1, get_context("fork"), inherit, (tasks,)) as pool:
            return shared(tasks, [pool.submit(do, number) for number in range(len(tasks) - 1)])
    except BrokenProcessPool:
        raise UsageError(
            f"a process that worked on {rows:,} rows was killed, for want of memory perhaps; "
            "the experiment is whole: try again with more memory"
        ) from None


@contextmanager
def seldom_collected() -> Iterator[None]:
    """With fewer looks for cycles, here and in children forked meanwhile: of figures nearly all objects are in use."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def shared(tasks: Sequence[Callable[[], T]], begun: Sequence[Future[T]]) -> list[T]:
    """The results of `tasks`: the last one, and those before it that nobody else has `begun` by then, are done here."""
    here = {len(begun): tasks[-1]()}
    here |= {number: tasks[number]() for number in reversed(range(len(begun))) if begun[number].cancel()}
    return [here[number] if number in here else begun[number].result() for number in range(len(tasks))]


def inherit(tasks: Sequence[Callable[[], Any]]) -> None:
    """In a child, first: keep `tasks`, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inherited.extend(tasks)


def do(number: int) -> Any:
    """In a child: what its task of this number returns."""
    return inherited[number]()
