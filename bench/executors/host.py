"""Keeps a worker process on a node of a cluster for a driver that is elsewhere."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.executors.crew import Message
from bench.executors.process import Place, WorkerProcess, news

READY: Message = ("ready", None)


class Host:
    """A worker process, and what goes to and fro between it and the driver.

    The user's code has a process of its own, so that whatever it does to it, what belongs to the cluster lives on to
    say how it ended, and that it is the same kind of process as on one machine.
    """

    def __init__(self, folder: str, paths: Sequence[str], variables: Mapping[str, str]) -> None:
        place = Place(
            folder if Path(folder).is_dir() else None,
            list(dict.fromkeys(path for path in (*paths, *sys.path) if path in sys.path or Path(path).exists())),
            variables,
        )
        self._worker = WorkerProcess.start(place)

    def ready(self) -> Message:
        """Say that it is there."""
        return READY

    def exchange(self, contents: Sequence[object]) -> Message:
        """Send `contents` to the worker, and wait for what it says: at the end `("died", its last words)`."""
        for content in contents:
            self._worker.send(content)
        while True:
            for _, message in news([self._worker], None):
                return ("died", self._worker.last_words()) if message is None else message

    def end(self) -> None:
        """End the worker and what it started; called beside an `exchange` that may wait for it."""
        self._worker.end_group()


def variables_to_share() -> dict[str, str]:
    """What the environment says to search-bench alone, which is the same on every node."""
    return {name: value for name, value in os.environ.items() if name.startswith("SEARCH_BENCH_")}
