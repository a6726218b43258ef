"""An experiment whose trials are to be kept as a problem: one instance, searched by nobody.

Its runs are parts of one design, so that all cores take part, it goes on after an interruption, and `verify` can check
it like any other. The parts do not depend on the number of cores.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bench.environment import environment
from bench.errors import UsageError
from bench.exchange.rows import records
from bench.experiment import Experiment
from bench.limits import MOST_RECORDED, MOST_SEEDS
from bench.plan import Plan
from bench.records import RunKey
from bench.report.files import safe_name
from bench.run import make_problem
from bench.spec import ExperimentSpec
from problems.recorded.recording import FEWEST, Facts, RecordedTrial, Recording
from problems.registry import problem_entry

DESIGNS = ("random", "sobol")
PART = 64  # trials of a run: a power of two, which Sobol' points want
FAILED = ("failed", "timeout")


@dataclass(frozen=True)
class Request:
    """What is to be recorded."""

    problem: str
    dim: int
    trials: int = 2000
    design: str = DESIGNS[0]
    instance: int = 0
    seed: int = 0

    @property
    def name(self) -> str:
        """Of the experiment: the same request finds its own trials again."""
        digest = hashlib.sha256(json.dumps(list(vars(self).values())).encode()).hexdigest()[:6]
        return f"record-{safe_name(self.problem)}-{self.dim}d-{digest}"

    @property
    def file_name(self) -> str:
        """Of the recording, unless another one is given."""
        parts = [self.problem.rpartition("/")[2], f"{self.dim}d"]
        parts += [f"{letter}{number}" for letter, number in (("i", self.instance), ("s", self.seed)) if number]
        return f"{safe_name('-'.join(parts))}.parquet"

    @property
    def how(self) -> str:
        """In words."""
        return (
            f"{self.trials} {self.design} trials in {self.dim} dimensions, instance {self.instance}, seed {self.seed}"
        )


def request(problem: str, dim: int | None, **more: Any) -> Request:
    """A request that can be carried out; raises `UsageError`."""
    try:
        entry = problem_entry(problem)
    except KeyError as error:
        raise UsageError(error.args[0]) from error
    if dim is None and entry.min_dim != entry.max_dim:
        raise UsageError(f"{problem} exists in dimensions {entry.dimensions}; say which to record, as --dim 4")
    asked = Request(problem, entry.min_dim if dim is None else dim, **more)
    if asked.design not in DESIGNS:
        raise UsageError(f"--design must be {' or '.join(DESIGNS)}, got {asked.design!r}")
    if not FEWEST <= asked.trials <= MOST_RECORDED:
        raise UsageError(f"--trials must lie in {FEWEST}..{MOST_RECORDED}, got {asked.trials}")
    for name, number in (("--instance", asked.instance), ("--seed", asked.seed)):
        if not 0 <= number < MOST_SEEDS:
            raise UsageError(f"{name} must lie in 0..{MOST_SEEDS - 1}, got {number}")
    if reason := entry.unavailable(asked.dim):
        raise UsageError(reason)
    return asked


def plan_of(asked: Request) -> Plan:
    """The runs that are its parts."""
    budgets = [min(PART, asked.trials - begun) for begun in range(0, asked.trials, PART)]
    spec = ExperimentSpec(
        problems=(asked.problem,),
        dims=(asked.dim,),
        strategies=(asked.design,),
        trials=str(budgets[0]),
        seeds=len(budgets),
    )
    first = asked.seed * MOST_SEEDS
    runs = (
        RunKey(asked.problem, asked.dim, asked.instance, asked.design, first + part, budget)
        for part, budget in enumerate(budgets)
    )
    return Plan(spec, tuple(runs), ())


def recording_of(asked: Request, plan: Plan, experiment: Experiment) -> Recording:
    """What the runs of `plan` came to, not judged yet."""
    problem = make_problem(plan.runs[0])
    entry = problem_entry(asked.problem)
    code = {asked.problem: entry.fingerprint} if entry.fingerprint else {}
    facts = Facts(
        problem=asked.problem,
        how=asked.how,
        source=problem.source,
        value_label=problem.value_label,
        fidelity_unit=problem.fidelity_unit,
        versions={"python": environment()["python"], **experiment.environment["versions"], **code},
    )
    return Recording(facts, problem.space, tuple(recorded_trials(experiment.trials)))


def recorded_trials(trials: pd.DataFrame) -> Iterator[RecordedTrial]:
    """The rows of an experiment's trials; none of them was pruned."""
    for row in records(trials):
        failed = row["status"] in FAILED
        looks = json.loads(row["observations"]) if isinstance(row["observations"], str) else []
        yield RecordedTrial(
            config=json.loads(row["config"]),
            status="failed" if failed else "ok",
            value=None if failed else float(row["value"]),
            test_value=None if failed or pd.isna(row["test_value"]) else float(row["test_value"]),
            seconds=float(row["evaluate_s"]),
            looks=tuple(value for value, _, _ in looks),
            share=min(float(row["cost"]), 1.0) if failed else 1.0,
        )
