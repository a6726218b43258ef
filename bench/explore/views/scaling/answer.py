"""What the page of "Strategies against dimension and budget" shows for a state: from runs here and now, or recorded."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.charts.chart import plain
from bench.errors import UsageError
from bench.explore.background import Background
from bench.explore.views.scaling.figures import DIMS, Part
from bench.explore.views.scaling.live import (
    Asked,
    Result,
    parts_of,
    refusal,
    space_of,
    told_budget,
    unavailable_problem,
)
from bench.explore.views.scaling.recorded import MARK, Recorded, recorded, told_more
from bench.explore.views.scaling.words import GRIDS, finding, grid_words, listed, running
from bench.records import RunKey
from strategies.names import parts_of_name


@dataclass(frozen=True)
class Answer:
    """What is shown: `parts` by dimension, sentences, what is still to come; `why` there is nothing, if so."""

    parts: Mapping[int, Part]
    said: Sequence[str]
    running: str = ""
    lacking: str = ""  # of what was asked for
    busy: bool = False
    notes: Sequence[str] = ()
    why: str = ""
    seen: Mapping[int, int] = field(default_factory=dict)  # finished runs by dimension: what a figure depends on


def live_answer(asked: Asked, dim: int, every: bool, page: str, background: Background[Result]) -> Answer:
    """Of runs here and now in `dim` dimensions, with `every` in all; what is missing is asked of `background`."""
    if reason := unavailable_problem(asked.problem, dim):
        background.ask(page, [])
        return Answer({}, [reason], why=reason)
    others = sorted(set(range(DIMS[0], DIMS[1] + 1)) - {dim}, key=lambda other: (abs(other - dim), other))
    own = list(asked.keys(dim))
    more = [key for other in others for key in asked.keys(other)]
    found = dict(background.ask(page, own + more if every else own))
    found |= {} if every else background.known(more)
    parts = parts_of(found, asked.trials)
    done = Counter(key.strategy for key in own if key in found)
    waiting = sum(key not in found for key in more) if every else 0
    missing = {name: done[name] for name in dict.fromkeys(key.strategy for key in own) if done[name] < asked.seeds}
    at = {key: f", trial {trials + 1} of {key.budget}" for key, trials in background.at().items() if key in set(own)}
    where = {key.strategy: words for key, words in at.items()}
    refused = [why for name in asked.strategies if (why := refusal(name, dim))]
    return Answer(
        parts,
        [*([finding(parts[dim], missing)] if dim in parts else []), *grids(asked, dim)],
        running=running(missing, asked.seeds, where, waiting),
        busy=bool(missing or waiting),
        lacking=f"Not shown: {'; '.join(plain(why, 200) for why in refused)}." if refused else "",
        notes=failures(found, dim),
        why="" if dim in parts else nothing(asked.strategies, missing, dim),
        seen=Counter(key.dim for key in found),
    )


def nothing(names: Sequence[str], missing: Mapping[str, int], dim: int) -> str:
    """Why there is nothing to be drawn."""
    if not names:
        return "Choose at least one strategy."
    return f"The first runs at d = {dim} are under way …" if missing else f"None of these strategies runs at d = {dim}."


def grids(asked: Asked, dim: int) -> list[str]:
    """Why the grids among the strategies are where they are."""
    shown = [name for name in asked.strategies if parts_of_name(name).searcher in GRIDS and not refusal(name, dim)]
    return [grid_words(space_of(asked.problem, dim), told_budget(name, asked.trials), name) for name in shown]


def failures(found: Mapping[RunKey, Result], dim: int) -> list[str]:
    """What went wrong in `dim` dimensions."""
    wrong: dict[str, list[str]] = {}
    for key, result in found.items():
        if key.dim == dim and result.error:
            wrong.setdefault(key.strategy, []).append(result.error)
    return [
        f"{plain(name)} failed in {len(errors)} run{'s' if len(errors) > 1 else ''}, infinitely bad from there on: "
        f"{plain(errors[0].strip().splitlines()[-1], 200)}"
        for name, errors in wrong.items()
    ]


def recorded_answer(asked: Asked, dim: int, source: str, results: Path) -> Answer:
    """Of the experiment that `source` names."""
    try:
        found = recorded(results, source, asked.problem, asked.strategies, asked.trials, asked.seeds)
    except UsageError as error:
        return Answer({}, [str(error)], why=str(error))
    name = source.removeprefix(MARK)
    told = told_more(name, found.budgets.get(dim, 0), asked.trials)
    if dim in found.parts:
        why = ""
    elif not asked.strategies:
        why = "Choose at least one strategy."
    else:
        dims = listed([str(own) for own in found.parts]) if found.parts else "nothing of these strategies"
        why = f"{plain(name)} has no finished runs at d = {dim}; it has {'d = ' if found.parts else ''}{dims}."
    budget = found.budgets.get(dim, asked.trials)
    said = [why] if why else [finding(found.parts[dim]), *recorded_grids(asked, found.parts[dim], budget)]
    lacking = absent(name, found, asked.strategies)
    return Answer(found.parts, said, lacking=lacking, notes=[told] if told else [], why=why)


def recorded_grids(asked: Asked, part: Part, budget: int) -> Iterable[str]:
    """Why the grids are where they are, of problems whose space costs nothing to make."""
    if unavailable_problem(asked.problem, part.dim):
        return []
    return [
        grid_words(space_of(asked.problem, part.dim), budget, name)
        for name in part.order
        if parts_of_name(name).searcher in GRIDS
    ]


def absent(name: str, found: Recorded, asked: Sequence[str]) -> str:
    """Which of the strategies an experiment lacks, and which others it has; empty where it lacks none."""
    lacking = [plain(strategy) for strategy in asked if strategy not in found.strategies]
    others = [plain(strategy) for strategy in found.strategies if strategy not in asked]
    if not lacking:
        return ""
    return f"{plain(name)} did not record {listed(lacking)}{f'; it also has {listed(others)}' if others else ''}."
