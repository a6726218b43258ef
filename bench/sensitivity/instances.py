"""Sensitivity of the problems of an experiment: instance by instance, in as many processes as there are jobs."""

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

import pandas as pd

from bench.analysis.sensitivity.data import Observed, observed
from bench.analysis.sensitivity.direct import direct_shares, is_cheap
from bench.analysis.sensitivity.methods import METHODS
from bench.analysis.sensitivity.refits import REFITS, Refitted, refitted
from bench.errors import UsageError
from bench.exchange.rows import records
from bench.exchange.spaces import MADE, Spaces
from bench.experiment import Experiment
from bench.records import Instance, RunKey
from bench.run import make_problem
from bench.seeding import rng_for
from bench.threads import one_thread
from problems.space import Config, SearchSpace

OF_KEY = ("problem", "dim", "instance", "strategy", "seed")


@dataclass(frozen=True, eq=False)
class Task:
    """The trials of one instance, of whichever strategies."""

    instance: Instance
    space: SearchSpace
    made: bool  # whether the problem can be made here, so that it can be evaluated
    trials: pd.DataFrame


@dataclass(frozen=True, eq=False)
class InstanceAnswer:
    """What was found of one instance."""

    instance: Instance
    space: SearchSpace
    observed: Observed
    refitted: Refitted
    direct: pd.DataFrame | None  # Sobol' indices of the function itself


@dataclass(frozen=True)
class Refusal:
    """An instance of which nothing can be said, and why."""

    instance: Instance
    reason: str


def tasks_of(experiment: Experiment) -> list[Task]:
    """The instances of an experiment, in the order of its runs."""
    spaces, tasks = Spaces(), []
    for _, trials in experiment.trials.groupby(["problem", "dim", "instance"], sort=False):
        (row,) = records(trials.head(1))
        key = RunKey(**{name: row[name] for name in OF_KEY}, budget=len(trials))
        configs: list[Config] = [json.loads(config) for config in trials["config"]]
        origin = spaces.of(key, configs)
        if origin.space is not None:
            tasks.append(Task(key.met, origin.space, origin.how == MADE, trials))
    return tasks


def answer(task: Task, refits: int = REFITS) -> InstanceAnswer | Refusal:
    """All methods on one instance; the same trials give the same answer."""
    rng = rng_for("sensitivity", *task.instance)
    try:
        seen = observed(task.space, task.trials, rng)
    except ValueError as error:
        return Refusal(task.instance, str(error))
    able = [method for method in METHODS if not method.needs.missing()]
    found = refitted(seen.sample, rng, able, refits)
    names = seen.sample.space.names
    direct = None
    if task.made and is_cheap(task.trials, len(names)):
        with one_thread():
            direct = direct_shares(make_problem(key_of(task.instance)), names, rng)
    return InstanceAnswer(task.instance, task.space, seen, found, direct)


def answers_of(
    tasks: Sequence[Task], jobs: int | None, say: Callable[[str], None], refits: int = REFITS
) -> Iterator[InstanceAnswer | Refusal]:
    """The answers in the order of `tasks`; raises `UsageError` where a process dies."""
    workers = min(jobs or len(os.sched_getaffinity(0)), len(tasks))
    if workers < 2:
        for number, task in enumerate(tasks, start=1):
            say(f"analysing {task.instance} ({number} of {len(tasks)})")
            yield answer(task, refits)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), die_at_once) as pool:
        futures = [pool.submit(answer, task, refits) for task in tasks]
        try:
            for number, _ in enumerate(as_completed(futures), start=1):
                say(f"{number} of {len(tasks)} instances analysed")
            yield from (future.result() for future in futures)
        except BrokenProcessPool as error:
            raise UsageError(f"a process of the analysis died ({error}); try --jobs 1") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def die_at_once() -> None:
    """At Ctrl-C a worker ends without a word; what it did is done again in seconds."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def key_of(instance: Instance) -> RunKey:
    """A run that meets `instance`."""
    return RunKey(instance.problem, instance.dim, instance.number, "random", instance.number, 1)


def missing_methods() -> Mapping[str, str]:
    """Methods that are not installed, and what to do."""
    return {method.name: reason for method in METHODS if (reason := method.needs.missing())}
