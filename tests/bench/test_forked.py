"""What is done side by side is what would have been done one after the other, or is said to have failed."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from bench import forked
from bench.errors import UsageError
from bench.experiment import load_experiment, run_experiment
from bench.forked import side_by_side
from bench.report.html import write_report

MANY = forked.LARGE


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked, "LARGE", 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.usefixtures("everything_is_large")
def test_a_thread_does_all_of_it_itself():
    with ThreadPoolExecutor(1) as pool:
        results = pool.submit(side_by_side, [os.getpid] * 4, MANY).result()
    assert results == [os.getpid()] * 4


@pytest.mark.usefixtures("everything_is_large")
def test_results_keep_their_order_and_more_than_one_process_works():
    def task(number: int) -> tuple[int, int]:
        time.sleep(0.1)
        return number, os.getpid()

    results = side_by_side([partial(task, number) for number in range(6)], MANY)
    assert [number for number, _ in results] == list(range(6))
    assert len({process for _, process in results}) == 2


def test_few_rows_are_worked_on_here():
    assert side_by_side([os.getpid, os.getpid], MANY - 1) == [os.getpid()] * 2


@pytest.mark.usefixtures("everything_is_large")
def test_what_a_task_raises_is_raised():
    def broken() -> int:
        raise UsageError("a row of the table trials is not what was written")

    with pytest.raises(UsageError, match="not what was written"):
        side_by_side([lambda: 1, broken], MANY)


@pytest.mark.usefixtures("everything_is_large")
def test_a_process_that_is_killed_is_said_in_a_line():
    with pytest.raises(UsageError, match="was killed"):
        side_by_side([lambda: os.kill(os.getpid(), signal.SIGKILL), partial(time.sleep, 0.5)], MANY)


def test_a_report_and_its_reading_are_the_same_side_by_side(tmp_path: Path, request: pytest.FixtureRequest):
    run_experiment(
        problems="sphere,levy", dims="2", strategies="random,grid", trials=6, seeds=3, executor="serial",
        results=tmp_path, name="small",
    )  # fmt: skip
    folder = tmp_path / "small"
    write_report(load_experiment(folder), folder)
    before = contents(folder)
    request.getfixturevalue("everything_is_large")
    write_report(load_experiment(folder), folder)
    assert contents(folder) == before
