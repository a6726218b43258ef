"""Every run in this process, one after the other: for debugging, notebooks and benchmarks."""

from collections.abc import Callable, Sequence
from functools import partial

from bench.executors import Order, Task, Watcher
from bench.executors.batch import Batcher
from bench.records import Trial
from bench.run import execute
from bench.store import Store
from bench.threads import one_thread


def run_serial(
    store: Store, tasks: Sequence[Task], watcher: Watcher, jobs: int | None, expired: Callable[[], bool]
) -> None:
    """Execute `tasks` here; `jobs` does not matter."""
    with one_thread():
        for task in tasks:
            if expired():
                return
            run_one(store, task, watcher)


def run_one(store: Store, task: Task, watcher: Watcher) -> None:
    """Execute one run and store it."""

    def send(trials: list[Trial]) -> None:
        store.add(task.id, trials)
        watcher.trials(task.key, sum(trial.spent for trial in trials))

    def restart(reason: str) -> None:
        watcher.trials(task.key, -store.restart(task.id, reason))

    order = Order.of(store, task)
    batcher = Batcher(partial(store.begin, task.id), send, restart, partial(store.add_again, task.id))
    outcome = execute(order.key, order.stored, batcher, again=order.again, sign=order.sign)
    batcher.flush()
    store.finish(task.id, outcome)
    watcher.finished(task.key, outcome)
