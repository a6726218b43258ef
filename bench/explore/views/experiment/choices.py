"""What of an experiment is looked at: what the address asks for, fitted to what there is, with words on what is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from bench.charts.chart import plain
from bench.explore.query import Query
from bench.explore.views.experiment.stored import Cell, Opened
from bench.records import FINISHED
from bench.visible import cut, visible

ALL = "all"
LONGEST = 48  # characters of a name in a menu


class State(Query):
    """What is looked at; what is empty is chosen by what there is: the latest experiment, its first problem, all."""

    name: str = ""
    problem: str = ""
    dim: str = ""
    strategies: tuple[str, ...] = ()  # without their pruners; none: all
    pruner: str = ALL
    strategy: str = ""  # with its pruner; empty: the best
    run: str = ""  # its seed; empty: the best
    order: Literal["tried", "best"] = "tried"  # of the trials
    watch: bool = False


@dataclass(frozen=True)
class Shown:
    """What is shown of an opened experiment; every part of it exists. `strategy` is None where nothing is left."""

    name: str
    version: str  # of what was read
    problem: str
    dim: int
    strategies: Sequence[str]
    pruner: str
    curves: Sequence[str]  # strategies with their pruners, the best first
    strategy: str | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Menus:
    """What there is to choose from: value -> label."""

    problem: Mapping[str, str]
    dim: Mapping[str, str]
    strategies: Mapping[str, str]
    pruner: Mapping[str, str]
    strategy: Mapping[str, str]
    run: Mapping[str, str]


def fitted(state: State, opened: Opened) -> tuple[Shown, Menus, list[str]]:
    """What `state` asks for as far as it exists, what else there is, and a line on each thing that does not exist."""
    runs = opened.experiment.runs
    said: list[str] = []
    problems = [str(name) for name in runs["problem"].unique()]
    problem = one_of(state.problem, problems, "problem", said)
    dims = [str(dim) for dim in sorted(runs.loc[runs["problem"] == problem, "dim"].unique())]
    dim = one_of(state.dim, dims, f"dimension of {plain(problem)}", said)
    there = runs[(runs["problem"] == problem) & (runs["dim"] == int(dim))]
    names = [str(name) for name in there["strategy"].unique()]
    strategies = several_of(state.strategies, names, said)
    stops = [str(name) for name in there["pruner"].unique()]
    pruner = one_of(state.pruner, [ALL, *stops], "pruner", said)
    cell = opened.cell(problem, int(dim))
    drawn = drawn_of(cell, there, strategies, pruner)
    shown = Shown(state.name, f"{opened.read_at}", problem, int(dim), strategies, pruner, drawn)
    menus = Menus(labels(problems), labels(dims), labels(names), labels([ALL, *stops]), labels(drawn), {})
    if not drawn:
        said.append("No run is of these strategies with this pruner; choose others.")
        return shown, menus, said
    strategy = one_of(state.strategy, drawn, "curve", said)
    seeds = run_labels(cell, strategy)
    seed = one_of(state.run, list(seeds), f"run of {plain(strategy)} with the seed", said)
    return replace(shown, strategy=strategy, seed=int(seed)), replace(menus, run=seeds), said


def one_of(asked: str, known: Sequence[str], what: str, said: list[str]) -> str:
    """`asked` where it is known, else the first one, and that is `said` unless nothing was asked for."""
    if asked in known:
        return asked
    if asked:
        instead = plain(known[0], LONGEST)
        said.append(f"There is no {what} {cut(visible(asked), LONGEST)!r} here; {instead} is shown.")
    return known[0]


def several_of(asked: Sequence[str], known: Sequence[str], said: list[str]) -> list[str]:
    """Those of `asked` that are known; commas of a name, which part it in an address, are put back."""
    found, rest = [], list(asked)
    while rest:
        sizes = [size for size in range(len(rest), 0, -1) if ",".join(rest[:size]) in known]
        if sizes:
            found.append(",".join(rest[: sizes[0]]))
        else:
            said.append(f"There is no strategy {cut(visible(rest[0]), LONGEST)!r} here; it was left out.")
        rest = rest[sizes[0] if sizes else 1 :]
    return list(dict.fromkeys(found))


def drawn_of(cell: Cell, there: pd.DataFrame, strategies: Sequence[str], pruner: str) -> list[str]:
    """The curves that the filters leave, the best first; `there` are the cell's runs with strategy and pruner apart."""
    left = there["strategy"].isin(strategies) | (not strategies)
    left &= (there["pruner"] == pruner) | (pruner == ALL)
    pairs = set(cell.runs.loc[left, "strategy"])
    return [name for name in cell.order if name in pairs]


def run_labels(cell: Cell, strategy: str) -> Mapping[str, str]:
    """The runs of a strategy by seed, the best at its end first, with what they came to."""
    runs = cell.runs[cell.runs["strategy"] == strategy]
    curves = cell.curves[cell.curves["strategy"] == strategy]
    last = curves.groupby("seed")[cell.measure.column].last()  # without NaN
    ends = runs.assign(end=runs["seed"].map(last)).sort_values(["end", "seed"], na_position="last")
    told = zip(ends["seed"].tolist(), ends["end"].tolist(), ends["status"], strict=True)
    return {str(seed): f"seed {seed}: {came_to(end, str(status))}" for seed, end, status in told}


def came_to(end: float, status: str) -> str:
    """How a run ended, in a few words."""
    number = f"{end:.3g}" if end == end else "no success"
    return number if status in FINISHED - {"failed"} else f"{number}, {status}"


def labels(names: Sequence[str]) -> Mapping[str, str]:
    """Names as a menu shows them."""
    return {name: plain(name, LONGEST) for name in names}
