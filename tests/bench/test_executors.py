import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from bench.experiment import load_experiment, run_experiment
from tests.bench.conftest import environment, installed_plugins, what_happened

pytestmark = pytest.mark.usefixtures("plugins")

SETTINGS = {"problems": "noisy,slow", "dims": "2,3", "strategies": "random,sobol,optuna-tpe", "trials": 12, "seeds": 2}
FLAGS = [f"--{name}={value}" for name, value in SETTINGS.items()]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    with installed_plugins():
        return what_happened(run_experiment(SETTINGS, executor="serial", results=tmp_path_factory.mktemp("s")).trials)


def test_serial_and_parallel_give_identical_trials(tmp_path: Path, undisturbed: pd.DataFrame):
    for jobs in (1, 3):
        parallel = run_experiment(SETTINGS, jobs=jobs, results=tmp_path / str(jobs)).trials
        pd.testing.assert_frame_equal(what_happened(parallel), undisturbed, check_exact=True)


def test_a_worker_that_dies_costs_only_its_run_which_is_tried_twice(tmp_path: Path):
    experiment = run_experiment(
        problems="sphere", dims="2", strategies="dies,random", trials=6, seeds=2, jobs=2, results=tmp_path
    )
    status = experiment.runs.groupby("strategy")["status"].unique()
    assert (list(status["dies"]), list(status["random"])) == (["failed"], ["done"])
    assert experiment.runs["error"].dropna().str.contains("worker process died .signal SIGKILL").all()


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FAULTY_MARK", str(tmp_path / "mark"))
    experiment = run_experiment(
        problems="sphere", dims="2", strategies="dies-once", trials=6, seeds=1, results=tmp_path
    )
    assert experiment.runs["status"].tolist() == ["done"]
    assert experiment.trials["trial"].tolist() == [1, 2, 3, 4, 5, 6]


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench", "run", *FLAGS, "--jobs=2", "--name=cut", f"--results={folder}"],
        cwd=folder, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip


def wait_for_trials(folder: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.02)
        if not (folder / "cut" / "experiment.db").exists():
            continue
        try:
            with closing(sqlite3.connect(folder / "cut" / "experiment.db")) as connection:
                if connection.execute("SELECT count(*) FROM trials").fetchone()[0] >= count:
                    return
        except sqlite3.OperationalError:  # the table is not there yet
            continue
    raise TimeoutError(f"no {count} trials within a minute")


def alive(session: int) -> list[int]:
    """Processes of a session that are still there."""
    pids = [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat")]
    return [pid for pid in pids if (fields := state_of(pid)) and int(fields[3]) == session and fields[0] != "Z"]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet buried does not."""
    return state_of(pid)[:1] not in ([], ["Z"])


def state_of(pid: int) -> list[str]:
    """What the system says of a process, from its state on; nothing where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@pytest.mark.parametrize("trials", [1, 40])
def test_a_killed_driver_takes_its_workers_along_and_the_same_command_goes_on(
    tmp_path: Path, undisturbed: pd.DataFrame, trials: int
):
    driver = start(tmp_path)
    wait_for_trials(tmp_path, trials)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    deadline = time.monotonic() + 10
    while alive(driver.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(driver.pid) == []
    assert driver.stderr is not None
    driver.stderr.close()
    kept = len(load_experiment(tmp_path / "cut").trials)
    assert trials <= kept < len(undisturbed)
    resumed = run_experiment(SETTINGS, name="cut", results=tmp_path).trials
    pd.testing.assert_frame_equal(what_happened(resumed), undisturbed, check_exact=True)


@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_how_to_go_on(
    tmp_path: Path, undisturbed: pd.DataFrame, request_to_end: signal.Signals
):
    driver = start(tmp_path)
    wait_for_trials(tmp_path, 20)
    os.killpg(driver.pid, request_to_end) if request_to_end == signal.SIGINT else driver.send_signal(request_to_end)
    _, stderr = driver.communicate(timeout=30)
    assert driver.returncode == 130
    assert "same command" in stderr
    assert "Traceback" not in stderr
    assert alive(driver.pid) == []
    resumed = run_experiment(SETTINGS, name="cut", results=tmp_path).trials
    pd.testing.assert_frame_equal(what_happened(resumed), undisturbed, check_exact=True)


def test_a_time_limit_starts_no_further_run_and_loses_none(tmp_path: Path, undisturbed: pd.DataFrame):
    first = run_experiment(SETTINGS, name="cut", time_limit=0.5, results=tmp_path)
    assert 0 < (first.runs["status"] == "planned").sum() < len(first.runs)
    rest = run_experiment(SETTINGS, name="cut", results=tmp_path).trials
    pd.testing.assert_frame_equal(what_happened(rest), undisturbed, check_exact=True)
