"""What the harness itself costs: `make benchmark`."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest

from bench.executors import Task
from bench.executors.serial import run_serial
from bench.experiment import Silent, run_experiment
from bench.plan import make_plan, resolve_spec
from bench.records import RunKey
from bench.run import make_problem, make_strategy
from bench.settings import check_settings
from bench.store import Store
from tests.benchmarks.conftest import TRIALS

KEY = RunKey("sphere", 5, 0, "random", 0, 10_000)
ON_SQLITE = 200  # trials: each takes tens of milliseconds


def test_bare_loop(benchmark: Any):
    """Objective and strategy alone."""

    def loop() -> None:
        problem = make_problem(KEY)
        strategy = make_strategy(KEY, problem)
        rng = np.random.default_rng(0)
        for _ in range(KEY.budget):
            proposal = strategy.ask()
            (look,) = problem.observe(proposal.config, rng)
            strategy.tell(proposal, look.value)

    benchmark.extra_info[TRIALS] = KEY.budget
    benchmark.pedantic(loop, rounds=7)


def test_harness(benchmark: Any, tmp_path: Path):
    """The same through loop, records and store, in this process."""
    plan = make_plan(
        resolve_spec(
            check_settings(
                {"problems": "sphere", "dims": "5", "strategies": "random", "trials": KEY.budget, "seeds": 1}
            )
        )
    )
    folders = iter(tmp_path / str(number) for number in range(100))

    def run() -> None:
        with Store.open(next(folders), plan, {}) as store:
            run_serial(store, [Task(*row) for row in store.unfinished()], Silent(), 1, lambda: False)

    benchmark.extra_info[TRIALS] = KEY.budget
    benchmark.pedantic(run, rounds=7)


def objective(trial: optuna.Trial) -> float:
    return sum(trial.suggest_float(f"x{i}", -5, 5) ** 2 for i in range(5))


def optimise(trials: int, storage: str | None) -> None:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0), storage=storage)
    study.optimize(objective, n_trials=trials)


def test_optuna_objective(benchmark: Any):
    """Optuna's objective and random draws without its study: what to take off."""
    rng = np.random.default_rng(0)

    def loop() -> None:
        for _ in range(KEY.budget):
            sum(x**2 for x in [rng.uniform(-5, 5) for _ in range(5)])

    benchmark.extra_info[TRIALS] = KEY.budget
    benchmark.pedantic(loop, rounds=7)


def test_optuna_in_memory(benchmark: Any):
    benchmark.extra_info[TRIALS] = 2000
    benchmark.pedantic(optimise, args=(2000, None), rounds=5)


def test_optuna_on_sqlite(benchmark: Any, tmp_path: Path):
    storages = iter(f"sqlite:///{tmp_path / str(number)}.db" for number in range(100))
    benchmark.extra_info[TRIALS] = ON_SQLITE
    benchmark.pedantic(lambda: optimise(ON_SQLITE, next(storages)), rounds=3)


@pytest.mark.parametrize("jobs", [1, 2])
def test_jobs(benchmark: Any, tmp_path: Path, jobs: int):
    """A pool on 32 evaluation-bound runs of a second or two, enough that each worker's import of torch is small."""
    folders = iter(tmp_path / str(number) for number in range(100))

    def run() -> None:
        run_experiment(
            problems="mlp-digits",
            dims="2,3",
            strategies="random,sobol",
            trials=30,
            seeds=8,
            jobs=jobs,
            results=next(folders),
        )

    benchmark.pedantic(run, rounds=1)


def test_help(benchmark: Any):
    """`python -m bench --help`, goal 0.2 s."""
    benchmark.pedantic(
        subprocess.run, args=([sys.executable, "-m", "bench", "--help"],), kwargs={"capture_output": True}, rounds=7
    )
