"""SIGKILL of workers and of the driver at random moments: the tables at the end are those of an undisturbed run."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from bench.experiment import Experiment, load_experiment, run_experiment
from tests.bench.conftest import assert_same_tables

MOMENTS = 50
PATIENCE_S = 120.0  # for what must happen on any machine


def drive(names: dict[str, object], results: str) -> None:
    """What a driver does, in a process of its own."""
    os.setsid()
    run_experiment(names, jobs=2, results=Path(results))


@pytest.fixture
def settings(hostile: str) -> dict[str, object]:
    Path("marks").mkdir()
    strategies = f"random,{hostile}:Climber,lhs"
    return {
        **{"problems": f"{hostile}:works_with_marks", "dims": "2", "strategies": strategies},
        **{"trials": 12, "seeds": 4, "name": "killed"},
    }


def workers_of(driver: int) -> list[int]:
    """The living worker processes of a driver."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == driver and state != "Z" and b"executors.worker" in (stat.parent / "cmdline").read_bytes():
                found.append(int(stat.parent.name))
    return found


def experienced(worker: int) -> bool:
    """Whether a worker began two trials, so that one is committed of a run that it took over from a dead one."""
    mark = Path("marks", str(worker))
    return mark.exists() and mark.stat().st_size >= 2


def soon(look: Callable[[], list[int]], driver: BaseProcess) -> list[int]:
    """What `look` finds, at last; nothing where the driver ends before."""
    deadline = time.monotonic() + PATIENCE_S
    while driver.is_alive():
        if found := look():
            return found
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return []


@pytest.fixture
def start(settings: dict[str, object]) -> Iterator[Callable[[str], BaseProcess]]:
    """Starts drivers, from a server that has imported everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.experiment", "tests.bench.conftest"])
    started: list[BaseProcess] = []

    def call(results: str) -> BaseProcess:
        process = context.Process(target=drive, args=(settings, results))
        process.start()
        started.append(process)
        return process

    yield call
    for process in started:
        process.kill()
        process.join()


def test_kills_at_random_moments_change_nothing(
    settings: dict[str, object], start: Callable[[str], BaseProcess], tmp_path: Path
):
    undisturbed = run_experiment(settings, executor="serial", results=tmp_path / "undisturbed")
    rng = random.Random(6)
    victims = ["driver", "worker"] * (MOMENTS // 2)
    rng.shuffle(victims)
    done: list[Experiment] = []
    driver, fresh = start("0"), True
    killed = {"driver": 0, "worker": 0}
    while victims:
        if not driver.is_alive():  # it came to its end between two kills
            assert driver.exitcode == 0
            done.append(load_experiment(Path(str(len(done)), "killed")))
            driver, fresh = start(str(len(done))), True
        if victims[-1] == "driver":
            time.sleep(rng.uniform(0, 1.2))
            if not driver.is_alive():
                continue
            driver.kill()
            driver.join()
            driver, fresh = start(str(len(done))), True
        else:  # one of any age where no other was killed before, else one that got on
            of_any_age, pid = fresh and rng.random() < 0.5, driver.pid or 0
            candidates = soon(lambda any_age=of_any_age, pid=pid: [  # type: ignore[misc]
                worker for worker in workers_of(pid) if any_age or experienced(worker)
            ], driver)  # fmt: skip
            time.sleep(rng.uniform(0, 0.4 if of_any_age else 0.1))
            living = [worker for worker in candidates if worker in workers_of(driver.pid or 0)]
            if not living:
                continue
            os.kill(rng.choice(living), signal.SIGKILL)
            fresh = False
        killed[victims.pop()] += 1
    driver.join(PATIENCE_S)
    assert driver.exitcode == 0
    done.append(load_experiment(Path(str(len(done)), "killed")))
    assert killed == {"driver": MOMENTS // 2, "worker": MOMENTS // 2}
    for experiment in done:
        assert_same_tables(experiment, undisturbed)
