"""Is what an experiment holds what happened? Its database, and a sample of runs done again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.agreement import first_difference, first_difference_again
from bench.database import connect_for_reading
from bench.environment import environment
from bench.executors import Executor, Limits, Task, Watcher
from bench.merging import Source
from bench.plan import Plan
from bench.records import Retraining, RunKey, Trial, pair_label
from bench.retraining import Incumbent
from bench.store import Store
from bench.tables import version_of
from strategies.pruners.base import TOLERANCE

ENDED = ("done", "exhausted")  # runs that can be done again to the same end


@dataclass(frozen=True)
class Finding:
    """What was looked at, and what does not hold: nothing where all does."""

    subject: str
    faults: tuple[str, ...] = ()


def parse_sample(text: str, count: int) -> int:
    """`"5%"` or `"20"` of `count` runs, at least one; raises `ValueError` with the remedy."""
    match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d+)?)(%?)\s*", text, re.ASCII)
    number = float(match[1]) if match else -1.0
    if not match or number <= 0 or (match[2] and number > 100) or not (match[2] or number.is_integer()):
        raise ValueError(f"sample must look like 5% (of the runs that ended) or 20 (runs), got {text!r}")
    return min(count, max(1, round(number * count / 100 if match[2] else number)))


def database_findings(folder: Path) -> Iterator[Finding]:
    """Whether the database is whole, and every run is what its status says."""
    with closing(connect_for_reading(folder)) as connection:
        verdicts = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        yield Finding("the database is whole", tuple(verdict for verdict in verdicts if verdict != "ok"))
        source = Source.open(folder, connection)
        faults = tuple(fault for key in source.runs if (fault := fault_of(source, key)))
        yield Finding(f"{len(source.runs)} runs are what their status says", faults)


def fault_of(source: Source, key: RunKey) -> str:
    """What is wrong with the stored trials of a run; empty where nothing is."""
    status, trials = source.outcome(key)[0], source.trials(key)
    spent = sum(trial.spent for trial in trials)
    if [trial.trial for trial in trials] != list(range(1, len(trials) + 1)):
        return f"{key}: its trials are not numbered from 1 to {len(trials)}"
    if spent > key.budget + TOLERANCE:
        return f"{key}: {spent:g} of {key.budget} trials were spent"
    if status == "done" and spent <= key.budget - 1 + TOLERANCE:
        return f"{key}: it is done, and only {spent:g} of {key.budget} trials were spent"
    if status == "planned" and trials:
        return f"{key}: it is planned, and has {len(trials)} trials"
    return fault_of_retrainings(key, trials, source.retrainings(key))


def fault_of_retrainings(key: RunKey, trials: Sequence[Trial], retrainings: Sequence[Retraining]) -> str:
    """What is wrong with those of a run; empty where nothing is."""
    if [each.repeat for each in retrainings] != list(range(1, len(retrainings) + 1)):
        return f"{key}: its retrainings are not numbered from 1 to {len(retrainings)}"
    incumbent = Incumbent()
    for trial in trials:
        incumbent.see(trial)
    number = incumbent.trial and incumbent.trial.trial
    strangers = [each.trial for each in retrainings if each.trial != number]
    return f"{key}: trial {strangers[0]} was trained again, and its best is trial {number}" if strangers else ""


def sampled(source: Source, sample: str) -> list[RunKey]:
    """Runs that ended, drawn at random."""
    ended = [key for key in source.runs if source.outcome(key)[0] in ENDED]
    if not ended:
        return []
    chosen = np.random.default_rng(0).permutation(len(ended))[: parse_sample(sample, len(ended))]
    return [ended[index] for index in sorted(chosen)]


def rerun_finding(folder: Path, sample: str, execute: Executor, jobs: int, watcher: Watcher) -> Finding:
    """Whether a `sample` of the runs comes out the same when it is done again."""
    with closing(connect_for_reading(folder)) as connection, TemporaryDirectory() as rest:
        source = Source.open(folder, connection)
        keys = sampled(source, sample)
        faults = [fault for key in keys if (fault := other_version(source, key))]
        able = [key for key in keys if not other_version(source, key)]
        if able:
            repeats = {key: len(source.retrainings(key)) for key in able}
            again = do_again(Plan(source.spec, tuple(able), ()), repeats, Path(rest), execute, jobs, watcher)
            faults += compare(source, able, again)
    total = f"{len(keys)} of {len(source.runs)} runs"
    return Finding(
        f"{total}, done again, came out the same" if keys else "no run has ended: none was done again", tuple(faults)
    )


def other_version(source: Source, key: RunKey) -> str:
    """Why a run cannot be judged here: its program is another one by now; empty where it is the same."""
    before, now = source.outcome(key)[-1], version_of(key.strategy, key.pruner)
    if before == now:
        return ""
    return f"{pair_label(key.strategy, key.pruner)} ran as {before} and is {now} here: its runs cannot be done again"


def do_again(
    plan: Plan, repeats: Mapping[RunKey, int], folder: Path, execute: Executor, jobs: int, watcher: Watcher
) -> Path:
    """The runs of `plan` in a new experiment, the final incumbent of each evaluated again as often as `repeats` say."""
    with Store.open(folder, plan, environment()) as store:
        tasks = [Task(run, key, Limits(), repeats[key]) for run, key in store.unfinished()]
        watcher.starting([task.key for task in tasks], 0, 0.0)
        execute(store, tasks, watcher, jobs, lambda: False)
    return folder


def compare(source: Source, keys: Sequence[RunKey], again: Path) -> list[str]:
    """What differs between the stored runs and those that were done again."""
    faults = []
    with closing(connect_for_reading(again)) as connection:
        fresh = Source.open(again, connection)
        for key in keys:
            before, now = source.trials(key), fresh.trials(key)
            difference = first_difference(before, now)
            if not difference and len(before) != len(now):
                difference = f"it had {len(before)} trials and has {len(now)}: {fresh.outcome(key)[1] or ''}".strip()
            difference = difference or first_difference_again(source.retrainings(key), fresh.retrainings(key))
            if difference:
                faults.append(f"{key}, done again, {difference}".replace("\n", " "))
    return faults
