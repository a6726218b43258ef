"""Runs on a Ray cluster: the same runs, by the same worker processes, each kept by a small actor on some node.

An actor answers one call at a time: the call brings what the driver has to say, and returns with what the worker says
next. So every message has its receipt, the driver waits for all of them in one place, and a lost node is a lost call.
"""

import logging
import os
import random
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ray
from ray._private import ray_constants
from ray._private import worker as driver
from ray.exceptions import ActorDiedError, RayError, RayTaskError

from bench.code import Code, code_of
from bench.errors import UsageError
from bench.executors import Executor, Order, Task, Watcher
from bench.executors.crew import Message, Worker
from bench.executors.host import Host, variables_to_share
from bench.executors.local import usable_cores
from bench.executors.pool import Pool
from bench.store import Store
from problems.registry import problem_entry

WAKE_S = 5.0  # to look again whether there is room on the cluster, and whether it is still needed
ANSWER_S = 5.0  # for what a machine that is there does at once
NOT_NICE = {"worker_niceness": 0}  # Ray's workers give way to everything else, and what they time would be slow
SMALL = {  # a local Ray, for our messages alone
    "include_dashboard": False,
    "object_store_memory": 100 * 2**20,  # bytes
    "_system_config": NOT_NICE,
}
SHOWN = 300  # characters of what Ray says
ENDING = "ending"  # the thread of an actor that ends its worker while another one waits for it
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))  # of a client; RFC 9113, section 3.4
FRAME_HEADER = 9  # bytes: three of the length, one of the type, the flags, four of the stream
SETTINGS = b"\x04"  # the type of a server's first frame
EQUAL_NODES = "every node needs the same search-bench and libraries (docs/cluster.md)"

untyped: Any = ray
inside: Any = driver
Room = Mapping[str, float]  # what a node has, by Ray's names: CPU, GPU


@dataclass(eq=False, kw_only=True)
class RemoteWorker(Worker):
    """A worker on some node, and what is to be said to it with the next call."""

    actor: Any
    gpu: bool
    cluster: "Cluster"
    call: Any = None  # that it has not answered
    to_say: list[object] = field(default_factory=list)
    words: str = ""  # its last ones

    def suits(self, task: Task) -> bool:
        """Whether both of them, or neither, are for a GPU."""
        return self.cluster.asks_for_gpu(task) == self.gpu

    def begin(self, task: Task, order: Order) -> None:
        """Hand `task` over, with the code that it is to be done by."""
        self.task, self.step = task, None
        self.to_say.append((order, self.cluster.code(task)))

    def acknowledge(self) -> None:
        """Tell it that what it said is committed."""
        self.to_say.append(None)

    def listen(self) -> Any:
        """The call that it answers next."""
        if self.call is None:
            self.call = self.actor.exchange.remote(self.to_say) if self.ready else self.actor.ready.remote()
            self.to_say = []
        return self.call

    def answer(self) -> Message | None:
        """What it answered; None where it is gone. Raises `UsageError` where no worker can be on its node at all."""
        call, self.call = self.call, None
        try:
            message: Message = ray.get(call)
        except RayTaskError:  # a fault of ours
            raise
        except RayError as error:
            if isinstance(error, ActorDiedError) and error.actor_init_failed:
                reason = str(error).strip().splitlines()[-1]
                raise UsageError(f"a node of the cluster has no worker: {reason}; {EQUAL_NODES}") from error
            self.lost, self.words = True, f"the cluster lost its worker: {shortened(error)}"
            return None
        if message[0] == "died":
            self.words = message[1]
            return None
        return message

    def has_news(self) -> bool:
        """Whether it answered what was not heard yet."""
        return self.call is not None and bool(ray.wait([self.call], timeout=0)[0])

    def last_words(self) -> str:
        """How it ended."""
        return self.words

    def kill(self) -> None:
        """End the worker, and the actor that keeps it; one that waits for a place never gets it."""
        if self.ready and not self.lost:  # the worker may have closed what would tell it that its actor is dead
            ray.wait([self.actor.end.options(concurrency_group=ENDING).remote()], timeout=ANSWER_S)
        ray.kill(self.actor)


class Cluster:
    """Where workers on a cluster come from: a CPU for each, and a GPU for those whose problem asks for one."""

    def __init__(self) -> None:
        self.rooms = rooms()
        self._gpus: dict[str, bool] = {}
        self._codes: dict[tuple[str, str, str], Code] = {}

    def asks_for_gpu(self, task: Task) -> bool:
        """Whether the problem of `task` does."""
        name = task.key.problem
        if name not in self._gpus:
            self._gpus[name] = problem_entry(name).asks_for_gpu()
        return self._gpus[name]

    def code(self, task: Task) -> Code:
        """The code of a run, as it was when it was first asked for."""
        parts = task.key.problem, task.key.strategy, task.key.pruner
        if parts not in self._codes:
            self._codes[parts] = code_of(task.key)
        return self._codes[parts]

    def total(self, kind: str) -> int:
        """How many `"CPU"` or `"GPU"` all nodes have."""
        return int(sum(room.get(kind, 0) for room in self.rooms))

    def has_room(self, gpu: bool) -> bool:
        """Whether a worker could be on some node if nobody else were."""
        return any(room.get("CPU", 0) >= 1 and room.get("GPU", 0) >= gpu for room in self.rooms)

    def hire(self, task: Task, workers: Sequence[RemoteWorker]) -> RemoteWorker | None:
        """One that is ready when Ray has a place for it; None where every GPU has one."""
        gpu = self.asks_for_gpu(task)
        if gpu and sum(worker.gpu for worker in workers) >= self.total("GPU"):
            return None
        options = {"num_cpus": 1, "num_gpus": int(gpu), "max_restarts": 0}
        actor = untyped.remote(concurrency_groups={ENDING: 1})(Host).options(**options)
        paths = [path for path in sys.path if path]
        return RemoteWorker(
            actor=actor.remote(str(Path.cwd()), paths, variables_to_share()), gpu=gpu, cluster=self, ready=False
        )

    def news(
        self, workers: Sequence[RemoteWorker], timeout_s: float | None
    ) -> Iterator[tuple[RemoteWorker, Message | None]]:
        """Wait until one of them says something or is lost, and give what each says.

        Raises `UsageError` where none of them works, and there is no node left that any could work on.
        """
        calls = {worker.listen(): worker for worker in workers}
        if not all(worker.ready for worker in workers):
            timeout_s = WAKE_S if timeout_s is None else min(WAKE_S, timeout_s)
        if not ray.wait(list(calls), timeout=timeout_s)[0]:
            self.rooms = rooms()
            if not any(worker.ready or self.has_room(worker.gpu) for worker in workers):
                what = "GPU" if any(worker.gpu for worker in workers) else "CPU"
                raise UsageError(f"no node of the cluster has a {what} any more; the same command goes on when one has")
            return
        for call in ray.wait(list(calls), num_returns=len(calls), timeout=0)[0]:
            yield calls[call], calls[call].answer()


def rooms() -> list[Room]:
    """What each living node has, whoever uses it."""
    return [node["Resources"] for node in untyped.nodes() if node["Alive"]]


def run_ray(
    store: Store, tasks: Sequence[Task], watcher: Watcher, jobs: int | None, expired: Callable[[], bool]
) -> None:
    """Execute `tasks` by `jobs` workers on the cluster that is connected; without a number, by one per CPU."""
    cluster = Cluster()
    for task in tasks:
        if cluster.asks_for_gpu(task) and not cluster.has_room(gpu=True):
            raise UsageError(f"{task.key.problem} asks for a GPU, and no node of the cluster has one; add one to it")
    Pool(cluster, store, watcher, deque(tasks), expired, jobs or max(1, cluster.total("CPU"))).work()


@contextmanager
def on_cluster(address: str | None, jobs: int | None) -> Iterator[Executor]:
    """Connect to the Ray cluster at `address`, or for this once start one of `jobs` CPUs here, on loopback alone.

    Raises `UsageError` where there is none. A cluster that this process is connected to already is used, and left.
    """
    if ray.is_initialized():
        if address is not None:
            raise UsageError(f"this process is connected to Ray already, got address {address!r}; leave it out")
        yield run_ray
        return
    with TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        try:
            with discreet(on_loopback=address is None):
                if address is None:
                    connect("local", num_cpus=jobs or usable_cores(), _temp_dir=folder, **SMALL)
                else:
                    check_answers(address)
                    connect(address)
            yield run_ray
        finally:
            ray.shutdown()


def connect(address: str, **options: Any) -> None:
    """`ray.init`, with everything that it may say in one line."""
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **options)
    except SystemExit as error:  # Ray's answer to a cluster that is none, and to a signal
        if address == "local":
            raise KeyboardInterrupt from error
        raise UsageError(f"what answers at {address} is no Ray cluster that this machine is a part of") from error
    except (RayError, ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise UsageError(f"cannot use the Ray cluster at {address}: {shortened(error)}") from error


def check_answers(address: str) -> None:
    """Raise `UsageError` where nothing answers at `address`: Ray itself would try for two minutes."""
    try:
        host, _, port = inside.services.canonicalize_bootstrap_address_or_die(address).rpartition(":")
    except ConnectionError as error:
        raise UsageError(f"cannot use the Ray cluster at {address}: {shortened(error)}") from error
    try:
        with socket.create_connection((host.strip("[]"), int(port)), ANSWER_S) as connection:
            speaks_http2 = encrypted() or greeting(connection)[3:4] == SETTINGS
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"nothing answers at {address} ({reason}); give the head's host:port, or auto") from error
    if not speaks_http2:
        raise UsageError(f"what answers at {address} is no Ray cluster; give the head's host:port, or auto")


def greeting(connection: socket.socket) -> bytes:
    """The header of the first frame that a gRPC server sends, as the head of a Ray cluster is one."""
    connection.sendall(PREFACE)
    with connection.makefile("rb") as answer:
        return answer.read(FRAME_HEADER)


def encrypted() -> bool:
    """Whether Ray was told to use TLS, where nobody says anything before the handshake."""
    return os.environ.get("RAY_USE_TLS", "").lower() in ("1", "true")


@contextmanager
def discreet(on_loopback: bool) -> Iterator[None]:
    """Let Ray start or connect without telling anybody, and without changing this process.

    It takes over SIGTERM, draws from the global random numbers, prints on stdout how other processes end, and listens
    on the network even where it is told not to.
    """
    listen, cluster = inside.listen_error_messages, ray_constants.ENABLE_RAY_CLUSTER
    drawn, is_main = random.getstate(), threading.current_thread() is threading.main_thread()
    terminate = signal.getsignal(signal.SIGTERM)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    logging.getLogger("ray").setLevel(logging.ERROR)
    inside.listen_error_messages = say_nothing
    ray_constants.ENABLE_RAY_CLUSTER = cluster and not on_loopback
    try:
        yield
    finally:
        inside.listen_error_messages, ray_constants.ENABLE_RAY_CLUSTER = listen, cluster
        random.setstate(drawn)
        if is_main:
            signal.signal(signal.SIGTERM, terminate)


def say_nothing(*_: Any) -> None:
    """In place of the thread that prints what other processes do."""


def shortened(error: BaseException) -> str:
    """What Ray says, in part of a line."""
    text = " ".join(str(error).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"
