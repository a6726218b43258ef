"""Runs on a Ray cluster: the same trials, whatever is lost on the way. One simulated cluster for all that joins one."""

import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd
import pytest
import ray
from ray.cluster_utils import Cluster

from bench.code import libraries
from bench.errors import UsageError
from bench.executors.ray_cluster import NOT_NICE, check_answers, discreet
from bench.experiment import Silent, load_experiment, run_experiment
from bench.records import Outcome, RunKey
from problems.entries import Needs
from tests.bench.conftest import (
    HOSTILE,
    UNRULY,
    Bench,
    assert_same_tables,
    changed,
    environment,
    in_a_users_folder,
    lost,
)
from tests.bench.test_executors import SETTINGS as CONTRACT
from tests.bench.test_executors import is_alive, wait_for_trials
from tests.faults import befell


class LosesANode:
    """A watcher that sees to it that a node is lost while three runs are under way."""

    def __init__(self, lose: Callable[[], None], experiment: Path) -> None:
        self.lose, self.lost, self.experiment = lose, False, experiment
        self.seen: Counter[RunKey] = Counter()
        self.committed = pd.DataFrame()  # the trials that were stored by then

    def starting(self, keys: Sequence[RunKey], finished: int, spent: float) -> None:
        pass

    def trials(self, key: RunKey, spent: float) -> None:
        self.seen[key] += 1
        if not self.lost and len(self.seen) == 3:
            self.lost = True
            self.committed = load_experiment(self.experiment).trials
            self.lose()
            Path("lost").touch()

    def finished(self, key: RunKey, outcome: Outcome) -> None:
        del self.seen[key]

    def waiting(self) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A user's folder for the whole module: the nodes begin in it."""
    with in_a_users_folder(tmp_path_factory.mktemp("user")):
        yield HOSTILE


@dataclass
class TwoNodes:
    """A head with a CPU, and a node with two and a GPU (which is made up), that a test may lose."""

    cluster: Cluster
    other: Any

    @property
    def settings(self) -> dict[str, Any]:
        return {"executor": "ray", "address": self.cluster.address, "dims": "2"}

    def lose_one(self) -> None:
        self.cluster.remove_node(self.other, allow_graceful=False)


@pytest.fixture(scope="module")
def nodes(folder: str) -> Iterator[TwoNodes]:
    size = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    with discreet(on_loopback=True):
        head = {"num_gpus": 0, "include_dashboard": False, "_system_config": NOT_NICE, **size}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        yield TwoNodes(cluster, cluster.add_node(num_gpus=1, **{**size, "num_cpus": 2}))
        cluster.shutdown()


def test_what_user_code_does_to_its_process_is_what_it_does_on_one_machine_and_a_gpu_is_had(
    nodes: TwoNodes, folder: str, tmp_path: Path
):
    problems = f"{folder}:sees_gpu,{folder}:leaves_the_process,{folder}:hangs,sphere"
    settings = {"dims": "2", "trials": 4, "seeds": 1, "problems": problems, "strategies": "optuna-tpe"}
    settings["trial_timeout"] = 3.0  # nothing but what hangs takes so long
    experiment = run_experiment(settings, **nodes.settings, results=tmp_path / "ray")
    assert not ray.is_initialized()
    assert_same_tables(experiment, run_experiment(settings, jobs=1, results=tmp_path / "local"))
    status = experiment.runs.groupby("problem")["status"].unique().map(list).to_dict()
    assert status == {name: ["failed" if "leaves" in name else "done"] for name in problems.split(",")}
    assert "timeout" in set(experiment.trials["status"])


@pytest.mark.usefixtures("plugins")
def test_the_trials_are_those_of_the_other_executors(nodes: TwoNodes, tmp_path: Path):
    experiment = run_experiment(nodes.settings, **CONTRACT, results=tmp_path / "ray")
    assert_same_tables(experiment, run_experiment(CONTRACT, executor="serial", results=tmp_path / "serial"))


def test_that_others_use_the_cluster_is_said_and_waited_for(
    nodes: TwoNodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bench.executors.ray_cluster.WAKE_S", 0.5)
    told = []

    class Somebody:  # here, so that nodes need not import it
        """Who has a CPU, and does nothing with it."""

    class MakesRoom(Silent):
        def waiting(self) -> None:
            told.append("waiting")
            for one in others:
                ray.kill(one)

    with discreet(on_loopback=False):
        ray.init(nodes.cluster.address, log_to_driver=False, logging_level="error")
    try:
        others = [ray.remote(Somebody).options(num_cpus=1).remote() for _ in range(int(ray.cluster_resources()["CPU"]))]
        ray.get([one.__ray_ready__.remote() for one in others])
        settings = {"problems": "sphere", "dims": "2", "strategies": "random", "trials": 4, "seeds": 3}
        experiment = run_experiment(settings, executor="ray", watcher=MakesRoom(), results=tmp_path)
    finally:
        ray.shutdown()
    assert told == ["waiting"]
    assert set(experiment.runs["status"]) == {"done"}


def test_a_lost_node_costs_no_trial_and_where_a_gpu_is_missed_the_same_command_goes_on(
    nodes: TwoNodes, folder: str, tmp_path: Path
):
    """The node is lost while the GPU is used and runs are under way on both nodes."""
    settings = {"problems": f"{folder}:waits_on_gpu,{folder}:waits", "trials": 16, "seeds": 3, "name": "lost"}
    settings |= {"dims": "2", "strategies": f"{UNRULY}:Climber"}  # which learns: a replay must bring it to where it was
    watcher = LosesANode(nodes.lose_one, tmp_path / "lost")
    with pytest.raises(UsageError, match="no node of the cluster has a GPU any more; the same command goes on"):
        run_experiment(settings, **nodes.settings, jobs=3, watcher=watcher, results=tmp_path)
    assert watcher.lost
    cut = load_experiment(tmp_path / "lost").runs.groupby("problem")["status"].unique().map(set)
    assert cut[f"{folder}:waits"] == {"done"}
    assert "running" in cut[f"{folder}:waits_on_gpu"]
    with pytest.raises(UsageError, match="waits_on_gpu asks for a GPU, and no node of the cluster has one"):
        run_experiment(settings, **nodes.settings, results=tmp_path)
    resumed = run_experiment(settings, jobs=1, results=tmp_path)
    serial = run_experiment(settings, executor="serial", results=tmp_path / "serial")
    assert len(watcher.committed) >= 3
    befell("a lost node", lost=lost(watcher.committed, resumed.trials), changed=changed(resumed, serial))
    assert_same_tables(resumed, serial)


def test_other_code_on_a_node_is_refused(nodes: TwoNodes, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    here = {**libraries(), "numpy": "0.9"}
    monkeypatch.setattr("bench.code.libraries", lambda: here)
    settings = {"problems": "sphere", "strategies": "random", "trials": 3, "seeds": 1}
    with pytest.raises(UsageError, match=r"the node .* has numpy as 2.*, not as 0.9; install the same on every node"):
        run_experiment(settings, **nodes.settings, results=tmp_path)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--address=auto",), "address is that of a Ray cluster, got 'auto'; add --executor ray"),
        (("--executor=ray", "--address=auto"), "nothing answers at auto (Connection refused); give the"),
    ],
)
def test_a_cluster_that_is_none_is_one_line_and_nothing_is_written(
    bench: Bench, tmp_path: Path, words: tuple[str, ...], complaint: str
):
    done = bench("run", "--strategies=random", *words, RAY_ADDRESS="127.0.0.1:9")
    said = [line for line in done.stderr.splitlines() if not line.startswith("results/")]  # what was planned
    assert (done.returncode, done.stdout, len(said)) == (2, "", 1)
    assert complaint in said[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("ray://here", "address must look like auto or 10.0.0.1:6379, got 'ray://here'"),
        ("127.0.0.1:9", r"nothing answers at 127.0.0.1:9 \(Connection refused\); give the head's host:port, or auto"),
        ("127.0.0.1:99999", "nothing answers at 127.0.0.1:99999"),
        ("[::1]:9", r"nothing answers at \[::1\]:9"),
    ],
)
def test_an_address_where_nobody_is(address: str, complaint: str, tmp_path: Path):
    with pytest.raises(UsageError, match=complaint):
        run_experiment(problems="sphere", strategies="random", executor="ray", address=address, results=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "complaint"), [(b"", "timed out"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", "is no Ray cluster; give the")]
)
def test_what_answers_and_is_no_ray_is_said_in_a_moment(said: bytes, complaint: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bench.executors.ray_cluster.ANSWER_S", 0.5)
    with discreet(on_loopback=True), closing(socket.create_server(("127.0.0.1", 0))) as server:
        Thread(target=answer_once, args=(server, said), daemon=True).start()
        with pytest.raises(UsageError, match=complaint):
            check_answers(f"127.0.0.1:{server.getsockname()[1]}")


def answer_once(server: socket.socket, said: bytes) -> None:
    """Say something to the first who connects, and wait until he goes."""
    with server.accept()[0] as connection:
        connection.sendall(said)
        while connection.recv(100):
            pass


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("bench.experiment.RAY", Needs("ray", ("no_ray_here",), "ray"))
    with pytest.raises(UsageError, match=r"--executor ray needs no_ray_here; install with: .*search-bench\[ray\]"):
        run_experiment(problems="sphere", dims="2", strategies="random", executor="ray", results=tmp_path)
    assert list(tmp_path.iterdir()) == []


def start(folder: str, results: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench", "run", *FLAGS, "--executor=ray", "--jobs=2", f"--results={results}"],
        env=environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip


SETTINGS = {"problems": "hostile.py:works", "dims": "2", "strategies": f"random,{UNRULY}:Climber", "trials": 150}
SETTINGS |= {"seeds": 2, "name": "cut"}
FLAGS = [f"--{name}={value}" for name, value in SETTINGS.items()]


def test_a_driver_that_is_killed_or_interrupted_takes_its_workers_along_and_the_same_command_goes_on(
    folder: str, tmp_path: Path
):
    kept = [pd.DataFrame()]  # the trials that were stored before each
    for request_to_end in (signal.SIGKILL, signal.SIGINT):
        of_others = processes_in(Path.cwd())
        driver = start(folder, tmp_path)
        try:
            wait_for_trials(tmp_path, len(kept[-1]) + 4)
            began = processes_in(Path.cwd()) - of_others
            driver.send_signal(request_to_end)
            _, stderr = driver.communicate(timeout=60)
        finally:
            driver.kill()
        assert len(began) > 5
        if request_to_end == signal.SIGKILL:  # two agents of Ray's take half a minute to notice it
            began = {pid for pid in began if b"executors.worker" in command_of(pid)}
        deadline = time.monotonic() + 20
        while any(map(is_alive, began)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(map(is_alive, began))
        kept.append(load_experiment(tmp_path / "cut").trials)
    assert driver.returncode == 130
    assert "same command" in stderr
    assert "Traceback" not in stderr
    resumed = run_experiment(SETTINGS, jobs=1, results=tmp_path)
    assert 4 < len(kept[-1]) < len(resumed.trials)
    serial = run_experiment(SETTINGS, executor="serial", results=tmp_path / "serial")
    gone = sum(lost(trials, resumed.trials) for trials in kept)
    befell("the end of a driver on a cluster", 2, lost=gone, changed=changed(resumed, serial))
    assert_same_tables(resumed, serial)


def processes_in(folder: Path) -> set[int]:
    """The processes that work in a folder: what a command line there started, Ray's and the workers."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink() == folder:
                found.add(int(link.parent.name))
    return found


def command_of(pid: int) -> bytes:
    """A process's command line; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
