"""IOHprofiler's data format, for IOHanalyzer and IOHinspector: one folder per strategy.

As ioh's own logger `Analyzer` writes it (checked against ioh 0.4.2): `IOHprofiler_f<id>_<name>.json` about a function,
beside it a `.dat` file per dimension, in which every run begins with a header. Readers tell runs apart by that header,
or by evaluation 1, which is therefore always there.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bench.errors import UsageError
from bench.exchange.evaluations import Sequences, bbob_function, position, sequences
from bench.exchange.rows import groups, rows
from bench.experiment import Experiment
from bench.report.files import safe_name

FORMAT_OF = "0.4.2"  # the version of ioh whose format this is
ATTRIBUTES = ("evaluations", "raw_y", "value")
FIRST = 101  # numbers of functions that are none of BBOB's
INFINITE = 1e308  # JSON knows no infinity


def write(experiment: Experiment, folder: Path) -> Sequence[str]:
    """One `.json` per strategy and problem; returns the runs that have no place there."""
    found = sequences(experiment)
    if found.runs.empty:
        raise UsageError(f"nothing of {experiment.name} can be exported: {'; '.join(found.left_out) or 'no runs'}")
    numbers = function_numbers(found.runs["problem"])
    for (strategy, problem), runs in groups(found.runs, ["strategy", "problem"]).items():
        write_function(found, runs, numbers[problem], folder / safe_name(strategy))
    return found.left_out


def function_numbers(problems: pd.Series) -> Mapping[str, int]:
    """BBOB's own numbers; the others by name, from `FIRST`."""
    names = sorted(problems.unique())
    others = [name for name in names if bbob_function(name) is None]
    ours = {name: FIRST + index for index, name in enumerate(others)}
    return {name: bbob_function(name) or ours[name] for name in names}


def write_function(found: Sequences, runs: pd.DataFrame, number: int, folder: Path) -> None:
    """The files of one strategy on one function, in all its dimensions."""
    first = next(rows(runs))
    name = safe_name(first.problem)
    data = folder / f"data_f{number}_{name}"
    data.mkdir(parents=True)
    scenarios = []
    for (dim,), of_dim in sorted(groups(runs, ["dim"]).items()):
        path = data / f"IOHprofiler_f{number}_DIM{dim}.dat"
        with path.open("w", encoding="utf-8") as file:
            for run in rows(of_dim):
                file.write(" ".join(ATTRIBUTES) + "\n")
                file.writelines(line(row, offset(run)) for row in rows(found.of(run)))
        of_runs = [summary(run, found.of(run)) for run in rows(of_dim)]
        scenarios.append({"dimension": dim, "path": path.relative_to(folder).as_posix(), "runs": of_runs})
    about = {
        "version": FORMAT_OF,
        "suite": "BBOB" if bbob_function(first.problem) else "search-bench",
        "function_id": number,
        "function_name": first.problem,
        "maximization": False,
        "algorithm": {"name": first.strategy, "info": first.strategy_version},
        "attributes": ATTRIBUTES,
        "scenarios": scenarios,
    }
    text = json.dumps(about, indent=1, allow_nan=False, default=int)  # numpy's integers
    (folder / f"IOHprofiler_f{number}_{name}.json").write_text(text + "\n", encoding="utf-8")


def offset(run: Any) -> float:
    """What `raw_y` is counted from: the optimum, or its bound; 0 where nothing but the best seen is known."""
    return float(run.optimum) if run.optimum_origin not in (None, "best seen") and math.isfinite(run.optimum) else 0.0


def line(row: Any, origin: float) -> str:
    """One evaluation; a trial that failed or was pruned found nothing."""
    return f"{row.evaluation} {text_of(row.truth - origin)} {text_of(row.told)}\n"


def text_of(value: float) -> str:
    """A number as R and polars read it."""
    return f"{value:.10g}" if math.isfinite(value) else "inf"


def summary(run: Any, evaluations: pd.DataFrame) -> dict[str, Any]:
    """A run in the `.json`."""
    trials = list(rows(evaluations))
    done = [row for row in trials if math.isfinite(row.truth)]
    if done:
        best = min(done, key=lambda row: row.truth)
        found = {"evals": best.evaluation, "y": best.truth - offset(run), "x": position(best.config)}
    else:
        found = {"evals": 1, "y": INFINITE, "x": []}
    return {"instance": run.instance + 1, "evals": trials[-1].evaluation, "best": found}
