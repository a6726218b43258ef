"""What the recorded trainings say: the best of them, which parameters matter, and what to expect elsewhere."""

import json
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from threading import Lock

import numpy as np
import pandas as pd

from bench.analysis.sensitivity.partial_dependence import curves_of, places
from bench.explore.views.sensitivity.training import Number
from bench.records import Instance
from bench.seeding import rng_for
from bench.sensitivity.cells import Cell, cell_of
from bench.sensitivity.instances import Refusal, Task, answer, die_at_once
from problems.recorded.problem import surrogate_of
from problems.recorded.recording import RecordedTrial, Recording
from problems.recorded.storage import read
from problems.registry import problem_entry
from problems.space import Config, Float, Floats, Int

PROBLEM, DIM = "recorded-mlp-digits", 5
REFITS = 10  # half of what `bench sensitivity` takes: seconds count here
RANKING, FOREST = Lock(), Lock()  # two pages that open at once wait for one answer


def recording() -> Recording:
    """The trainings that ship with the project; read once."""
    return read(Path(str(problem_entry(PROBLEM).options["file"])))


def parameters() -> list[Number]:
    """The recorded hyperparameters; all of them are numbers."""
    return [parameter for parameter in recording().space if isinstance(parameter, (Float, Int))]


@lru_cache(1)
def best() -> RecordedTrial:
    """The recorded training with the lowest validation error, the first of them."""
    ended = [trial for trial in recording().trials if trial.value is not None]
    return min(ended, key=lambda trial: trial.value if trial.value is not None else np.inf)


def trials() -> pd.DataFrame:
    """Columns `config`, `value`, `status`, as the analysis takes them."""
    rows = [(json.dumps(trial.config), trial.value, trial.status) for trial in recording().trials]
    return pd.DataFrame(rows, columns=["config", "value", "status"]).astype({"value": float})


def ranked() -> Cell:
    """Sensitivities and tuning order, computed once, in a process of its own: the page stays quick meanwhile."""
    with RANKING:
        return _ranked()


@lru_cache(1)
def _ranked() -> Cell:
    task = Task(Instance(PROBLEM, DIM, 0), recording().space, False, trials())
    with ProcessPoolExecutor(1, get_context("spawn"), die_at_once) as pool:
        found = pool.submit(answer, task, REFITS).result()
    if isinstance(found, Refusal):
        raise ValueError(found.reason)
    return cell_of([found])


def expected(units: Floats) -> Floats:
    """The error (m,) that the forest expects at points (m, d) of the unit cube; what fails counts as the worst."""
    with FOREST:
        surrogate = surrogate_of(recording())
        values = surrogate.final_values(units)
    worst = max(trial.value for trial in recording().trials if trial.value is not None)
    return np.where(np.isfinite(values), values, worst)


@lru_cache(1)
def averages() -> pd.DataFrame:
    """Partial dependence of the forest: columns `parameter`, `unit`, `value`."""
    means, _ = curves_of(recording().space, lambda units: expected(units[:, :-1]), rng_for("explore", PROBLEM))
    return means


def along(config: Config, name: str) -> tuple[list[float], Floats]:
    """Values of the parameter `name`, and the expected error (n,) at each with the rest of `config` as it is."""
    space = recording().space
    column = space.names.index(name)
    units = places(tuple(space)[column])
    points = np.repeat(space.to_unit(config)[None, :], len(units), axis=0)
    points[:, column] = units
    return [float(config[name]) for config in map(space.from_unit, points)], expected(points)


def refusal() -> str:
    """What to install before the recording can be asked; empty where all is there."""
    return problem_entry(PROBLEM).unavailable(DIM) or ""
