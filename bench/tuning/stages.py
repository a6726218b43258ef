"""The stages of a tuning, each an experiment of its own below one folder: run, resumed, read back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.executors import Watcher
from bench.experiment import Experiment, carry_out, load_experiment
from bench.plan import Plan
from bench.records import RunKey
from bench.report.files import replacing
from bench.seeding import rng_for
from bench.spec import ExperimentSpec
from bench.tuning.design import Design
from problems.space import Config, SearchSpace
from strategies.pruners.registry import NO_PRUNER
from strategies.registry import PREPARED, strategy_entry

# Folders; the numbers are their order.
DEFAULTS, FIRST, REST, CONFIRM = "1-defaults", "2-first", "3-all", "4-confirm"
WINNER = "winner"  # beside "defaults", who is trained again


@dataclass(frozen=True)
class Stage:
    """What is run: a run per seed of each of the `prepared` strategies, label -> what its file says."""

    name: str
    prepared: Mapping[str, Mapping[str, Any]]
    seeds: Sequence[int]
    budget: int
    pruner: str = NO_PRUNER


@dataclass(frozen=True)
class Place:
    """Where results go, how runs are executed (settings of `run`), and who is told."""

    folder: Path
    settings: Mapping[str, Any]
    watcher: Watcher


def defaults_stage(design: Design) -> Stage:
    """The config in use today, once per seed."""
    seeds = range(2, 2 + design.shares.defaults)
    return Stage(DEFAULTS, {"defaults": {"configs": [design.problem.defaults]}}, seeds, 1)


def first_stage(design: Design, known: Sequence[Any], pruner: str) -> Stage:
    """One parameter alone, the others as they are today."""
    hold = {name: value for name, value in design.problem.defaults.items() if name != design.first}
    search: dict[str, Any] = {"searcher": design.strategy, "hold": hold, "known": known, "start": []}
    return Stage(FIRST, {design.strategy: search}, [0], design.shares.first, pruner)


def rest_stage(design: Design, known: Sequence[Any], pruner: str, best: Config) -> Stage:
    """Every parameter, by a strategy that knows all that came before, from the `best` config of that.

    After a stage of one parameter, all that is known lies on a line: a model would take the others for unimportant. So
    the search starts with Sobol' points of the others at the first one's best value.
    """
    start = around(design, best) if design.first else []
    search: dict[str, Any] = {"searcher": design.strategy, "hold": {}, "known": known, "start": start}
    return Stage(REST, {design.strategy: search}, [1], design.shares.rest, pruner)


def around(design: Design, best: Config) -> list[Config]:
    """Configs with the first parameter as in `best`: one per parameter, but no more than an eighth of the rest."""
    space = design.problem.space
    others = SearchSpace(tuple(parameter for parameter in space if parameter.name != design.first))
    count = min(len(space), design.shares.rest // 8)
    points = strategy_entry("sobol").make(others, budget=max(1, count), rng=rng_for("start", design.problem.name))
    drawn = (points.ask().config for _ in range(count))
    return [{name: {**best, **config}[name] for name in space.names} for config in drawn]


def confirm_stage(design: Design, winner: Mapping[str, Any]) -> Stage:
    """The winner and the defaults on the same seeds, of which no earlier stage saw any."""
    begin = 2 + design.shares.defaults
    listed: dict[str, dict[str, Any]] = {
        "defaults": {"configs": [design.problem.defaults]},
        WINNER: {"configs": [winner]},
    }
    return Stage(CONFIRM, listed, range(begin, begin + design.shares.repeats), 1)


def run_stage(design: Design, stage: Stage, place: Place) -> Experiment:
    """The stage's experiment, run, gone on with, or read back when it is done."""
    folder = place.folder / stage.name
    folder.mkdir(parents=True, exist_ok=True)
    problem = design.problem
    names = tuple(
        f"{PREPARED}{write(folder / f'{file_name(label)}.json', form)}" for label, form in stage.prepared.items()
    )
    spec = ExperimentSpec(
        problems=(problem.name,), dims=(problem.dim,), strategies=names, trials=str(stage.budget),
        seeds=len(stage.seeds), pruners=(stage.pruner,),
    )  # fmt: skip
    runs = tuple(
        RunKey(problem.name, problem.dim, 0, name, seed, stage.budget, stage.pruner)
        for seed in stage.seeds
        for name in names
    )
    carry_out(place.settings, Plan(spec, runs, ()), folder, place.watcher)
    return load_experiment(folder)


def write(file: Path, form: Mapping[str, Any]) -> Path:
    """Have `file` say `form`; the same bytes for the same form."""
    with replacing(file) as draft:
        draft.write_text(json.dumps(form, allow_nan=False), encoding="utf-8")
    return file


def file_name(label: str) -> str:
    """`label` as a file's name: a strategy of one's own is named by a path."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in label)[:80]
