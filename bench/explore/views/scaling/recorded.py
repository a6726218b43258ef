"""What "Strategies against dimension and budget" shows of an experiment that was recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from bench.analysis.regret import regret_curves
from bench.charts.chart import plain
from bench.errors import UsageError
from bench.explore.recorded import Stamp, loaded, specs, stamp
from bench.explore.views.scaling.figures import Part, part_of
from bench.plots.regret_figures import measure_of
from bench.records import FINISHED
from bench.spec import ExperimentSpec
from problems.space import Floats

MARK = "recorded:"  # what such a source begins with; the experiment's name follows


@dataclass(frozen=True)
class Recorded:
    """What an experiment has: by dimension, and in each of them the largest budget and the strategies."""

    parts: Mapping[int, Part]
    budgets: Mapping[int, int]
    strategies: Sequence[str]
    seeds: int


def sources(results: Path, problem: str) -> dict[str, str]:
    """The experiments that recorded `problem`, as choices."""
    return {
        f"{MARK}{name}": f"{name}: d = {ranged(spec)}, {spec.trials} trials, {spec.seeds} seeds"
        for name, spec in specs(results).items()
        if problem in spec.problems
    }


def ranged(spec: ExperimentSpec) -> str:
    """The dimensions of an experiment, in short."""
    dims = sorted(spec.dims)
    whole = len(dims) > 2 and dims == list(range(dims[0], dims[-1] + 1))
    return f"{dims[0]}–{dims[-1]}" if whole else ", ".join(map(str, dims))


def problems_of(results: Path) -> list[str]:
    """Every problem that some experiment recorded."""
    return list(dict.fromkeys(name for spec in specs(results).values() for name in spec.problems))


def strategies_of(results: Path) -> list[str]:
    """Every strategy that some experiment recorded."""
    return list(dict.fromkeys(name for spec in specs(results).values() for name in spec.strategies))


def recorded(results: Path, source: str, problem: str, names: tuple[str, ...], trials: int, seeds: int) -> Recorded:
    """What `source` has of `problem`, cut at so many `trials` and `seeds`; raises `UsageError` where it has nothing."""
    name, known = source.removeprefix(MARK), specs(results)
    if name not in known:
        raise UsageError(f"there is no experiment called {name}; there are: {', '.join(known) or 'none yet'}")
    if problem not in known[name].problems:
        raise UsageError(f"{name} did not record {problem}; it has {', '.join(known[name].problems)}")
    return read(results / name, stamp(results / name), problem, names, trials, seeds)


@lru_cache(maxsize=32)
def read(folder: Path, stamp: Stamp, problem: str, names: tuple[str, ...], trials: int, seeds: int) -> Recorded:
    """See `recorded`."""
    every, told = (frame[frame["problem"] == problem] for frame in loaded(folder, stamp))
    finished = every[every["status"].isin(FINISHED - {"skipped"})]
    runs, rows = (
        frame[frame["strategy"].isin(names) & (frame["seed"] < seeds)].reset_index(drop=True) for frame in (every, told)
    )
    cut = runs.assign(budget=runs["budget"].clip(upper=trials))
    curves = regret_curves(cut, rows[rows["trial"] <= trials].reset_index(drop=True))
    parts = {dim: of_dimension(dim, curves[curves["dim"] == dim]) for dim in sorted(set(curves["dim"].tolist()))}
    return Recorded(
        parts,
        {dim: int(runs.loc[runs["dim"] == dim, "budget"].max()) for dim in set(runs["dim"].tolist())},
        list(finished["strategy"].unique()),
        int(finished["seed"].nunique()),
    )


def of_dimension(dim: int, curves: pd.DataFrame) -> Part:
    """Of `regret_curves` in one dimension."""
    measure = measure_of(curves)
    length = curves["trial"].max()
    matrices: dict[str, Floats] = {
        str(name): own.pivot(index="seed", columns="trial", values=measure.column)
        .reindex(columns=range(1, length + 1))
        .to_numpy(dtype=float)
        for name, own in curves.groupby("strategy")
    }
    return part_of(dim, measure, matrices)


def told_more(name: str, budget: int, trials: int) -> str:
    """What must be said where the strategies were told a larger budget than is shown; empty where not."""
    if budget <= trials:
        return ""
    return (
        f"In {plain(name)}, the strategies were told a budget of {budget} trials: those that plan with it, as grid, "
        f"lhs and gp do, would have done otherwise with {trials}."
    )
