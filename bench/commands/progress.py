"""The progress bar: trials done, failures so far, time to go."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bench.records import Outcome, RunKey


class ProgressBar:
    """A watcher that draws on a terminal, and prints one line per tenth of the runs where there is none."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("trials"),
            TimeElapsedColumn(), TextColumn("to go:"), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task("no failures", total=None)
        self._seen: dict[RunKey, float] = {}  # spent by the runs under way
        self._runs = self._done = self._failed = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def starting(self, keys: Sequence[RunKey], finished: int, spent: float) -> None:
        """Set the bar to the full trials that these runs may take; say what is there already."""
        self._runs, self._done, self._failed = len(keys), 0, 0  # a part of a claim may be several experiments
        self._bar.update(self._task, total=sum(key.budget for key in keys), completed=spent)
        if finished or spent:
            self._say(f"going on: {finished} runs are finished, {len(keys)} to go")

    def trials(self, key: RunKey, spent: float) -> None:
        """Advance by what the trials took off the budget."""
        self._seen[key] = self._seen.get(key, 0.0) + spent
        self._bar.advance(self._task, spent)

    def finished(self, key: RunKey, outcome: Outcome) -> None:
        """Advance by what the run left of its budget, and count it."""
        self._bar.advance(self._task, key.budget - self._seen.pop(key, 0))
        self._done += 1
        self._failed += outcome.status == "failed"
        self._bar.update(self._task, description=f"{self._failed} failed" if self._failed else "no failures")
        tenth = max(1, self._runs // 10)
        if not self._console.is_terminal and (self._done % tenth == 0 or self._done == self._runs):
            self._say(f"{self._done} of {self._runs} runs done, {self._failed} failed")

    def waiting(self) -> None:
        """Say so, or it would look as if nothing went on."""
        self._say(
            "waiting for a place on the cluster: all that could be had may be in use (`ray status` shows by whom)"
        )

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False)
