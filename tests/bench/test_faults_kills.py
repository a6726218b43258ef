"""Workers and drivers end at random moments: no trial is lost, and the tables are those of an undisturbed run."""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import pandas as pd
import pytest

from bench.cli import INTERRUPTED, terminate
from bench.errors import UsageError
from bench.experiment import load_experiment, run_experiment
from tests.bench.conftest import UNRULY, assert_same_tables, changed, lost
from tests.faults import befell

PATIENCE_S = 120.0  # for what must happen on any machine


def drive(names: dict[str, object], results: str) -> None:
    """What a driver does, in a process of its own; what `python -m bench run` makes of a signal, too."""
    os.setsid()
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
        signal.signal(signal.SIGTERM, terminate)
        Path("begun", str(os.getpid())).touch()
        run_experiment(names, jobs=2, results=Path(results))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@pytest.fixture
def settings(hostile: str) -> dict[str, object]:
    for name in ("marks", "begun"):
        Path(name).mkdir()
    strategies = f"random,{UNRULY}:Climber,lhs"
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


DRIVER, WORKER = "SIGKILL of the driver", "SIGKILL of a worker"
SIGNALS = {DRIVER: signal.SIGKILL, "SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM}


@dataclass(frozen=True)
class Strike:
    """A fault that befell an experiment, and what was committed by then."""

    fault: str
    results: str
    committed: pd.DataFrame


def committed(results: str) -> pd.DataFrame:
    """The trials that are stored; a driver that died early left none."""
    try:
        return load_experiment(Path(results, "killed")).trials
    except UsageError:
        return pd.DataFrame()


def end_driver(driver: BaseProcess, fault: str, rng: random.Random) -> bool:
    """End the driver at a random moment; False where it came to its end before."""
    time.sleep(rng.uniform(0, 1.2))
    begun = Path("begun", str(driver.pid)).exists()  # it heeds signals
    if not driver.is_alive():
        return False
    os.kill(driver.pid or 0, SIGNALS[fault])
    driver.join(PATIENCE_S)
    assert driver.exitcode is not None, f"it goes on after {fault}"
    if begun and fault != DRIVER:
        assert driver.exitcode in (INTERRUPTED, 0)
    return driver.exitcode != 0


def kill_worker(driver: BaseProcess, rng: random.Random, is_first: bool) -> bool:
    """Kill one of any age where no other was killed before, else one that got on; False where there is none left."""
    any_age, pid = is_first and rng.random() < 0.5, driver.pid or 0
    candidates = soon(lambda: [worker for worker in workers_of(pid) if any_age or experienced(worker)], driver)
    time.sleep(rng.uniform(0, 0.4 if any_age else 0.1))
    living = [worker for worker in candidates if worker in workers_of(pid)]
    if living:
        os.kill(rng.choice(living), signal.SIGKILL)
    return bool(living)


def test_ends_at_random_moments_change_nothing(
    settings: dict[str, object], start: Callable[[str], BaseProcess], often: Callable[[int, int], int], tmp_path: Path
):
    undisturbed = run_experiment(settings, executor="serial", results=tmp_path / "undisturbed")
    rng = random.Random(6)
    faults = [*[DRIVER, WORKER] * often(20, 100), *["SIGINT", "SIGTERM"] * often(5, 50)]
    rng.shuffle(faults)
    strikes: list[Strike] = []
    number = 0
    driver, is_first = start("0"), True
    while faults:
        if not driver.is_alive():  # it came to its end between two faults
            assert driver.exitcode == 0
            number += 1
            driver, is_first = start(str(number)), True
        fault = faults[-1]
        if not (kill_worker(driver, rng, is_first) if fault == WORKER else end_driver(driver, fault, rng)):
            continue
        strikes.append(Strike(faults.pop(), str(number), committed(str(number))))
        is_first = fault != WORKER
        if fault != WORKER:
            driver = start(str(number))
    driver.join(PATIENCE_S)
    assert driver.exitcode == 0
    done = {str(number): load_experiment(Path(str(number), "killed")) for number in range(number + 1)}
    for fault in dict.fromkeys(strike.fault for strike in strikes):
        here = [strike for strike in strikes if strike.fault == fault]
        befell(
            fault, len(here),
            lost=sum(lost(strike.committed, done[strike.results].trials) for strike in here),
            changed=sum(changed(done[results], undisturbed) for results in {strike.results for strike in here}),
        )  # fmt: skip
    assert sum(len(strike.committed) for strike in strikes) > len(strikes)  # something was at stake
    for experiment in done.values():
        assert_same_tables(experiment, undisturbed)
