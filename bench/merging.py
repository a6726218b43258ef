"""Several experiments made one: the shards of a job array, or strategies that were run at other times and places.

Runs are the same where their keys are: then the trials must agree bit for bit, as far as both go.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bench import signatures
from bench.agreement import first_difference, first_difference_again
from bench.conflicts import other_instance, other_program, problem_versions
from bench.database import DATABASE, connect_for_reading, read_meta
from bench.errors import UsageError
from bench.integrity import reading_errors, sign, teach_checksums
from bench.plan import Plan, Skip, make_plan
from bench.records import FINISHED, Instance, Retraining, RunKey, Signature, Trial, pair_label
from bench.spec import ExperimentSpec
from bench.tables import (
    KEY_COLUMNS,
    TRIAL_COLUMNS,
    Versions,
    create,
    insert_retrainings,
    insert_trials,
    stored_retrainings,
    versions_now,
)

OUTCOME = "status, error, optimum, optimum_origin, value_label, setup_s, strategy_version"
BETTER = ("planned", "running", "failed", "exhausted", "done")  # of two outcomes, the later one stays


class Stored(NamedTuple):
    """A run in one of the experiments."""

    where: str
    outcome: tuple[Any, ...]  # the columns `OUTCOME`
    trials: list[Trial]
    retrainings: list[Retraining]

    @property
    def completeness(self) -> tuple[int, int, int]:
        """Of two, the larger one stays."""
        return BETTER.index(self.outcome[0]), len(self.trials), len(self.retrainings)


@dataclass(frozen=True)
class Source:
    """An experiment that is merged."""

    name: str
    connection: sqlite3.Connection
    spec: ExperimentSpec
    runs: Mapping[RunKey, int]  # their ids

    @classmethod
    def open(cls, folder: Path, connection: sqlite3.Connection) -> "Source":
        """The experiment in `folder`."""
        spec = ExperimentSpec.model_validate(read_meta(connection, "spec"))
        rows = connection.execute(f"SELECT id, {KEY_COLUMNS} FROM runs ORDER BY id")
        return cls(folder.name, connection, spec, {RunKey(*key): run for run, *key in rows})

    def outcome(self, key: RunKey) -> tuple[Any, ...]:
        """The columns `OUTCOME` of a run."""
        row: tuple[Any, ...] = self.connection.execute(
            f"SELECT {OUTCOME} FROM runs WHERE id = ?", (self.runs[key],)
        ).fetchone()
        return row

    def trials(self, key: RunKey) -> list[Trial]:
        """The trials of a run, in order."""
        query = f"SELECT {TRIAL_COLUMNS} FROM trials WHERE run = ? ORDER BY trial"
        return [Trial(*row) for row in self.connection.execute(query, (self.runs[key],))]

    def retrainings(self, key: RunKey) -> list[Retraining]:
        """The retrainings of a run, in order."""
        return stored_retrainings(self.connection, self.runs[key])

    def stored(self, key: RunKey) -> "Stored":
        """All that there is of a run."""
        return Stored(self.name, self.outcome(key), self.trials(key), self.retrainings(key))

    def versions(self, where: str = "TRUE") -> Versions:
        """The programs of its runs."""
        query = f"SELECT DISTINCT strategy, pruner, strategy_version FROM runs WHERE {where}"
        return {(strategy, pruner): version for strategy, pruner, version in self.connection.execute(query)}


def merge(folders: Sequence[Path], target: Path) -> None:
    """Write the runs of all `folders` to `target`, which must not exist; raises `UsageError`, and then writes nothing.

    Problems, dimensions, strategies and seeds may differ: what nobody ran is planned, and `run` goes on with it.
    """
    if target.exists():
        raise UsageError(f"{target} exists already; merge under another --name, or delete it")
    with ExitStack() as stack:
        sources = [Source.open(f, stack.enter_context(closing(connect_for_reading(f)))) for f in folders]
        write(sources, target)


def write(sources: Sequence[Source], target: Path) -> None:
    """The whole of the `sources`, as the experiment `target`."""
    versions, plan = common_versions(sources), whole_plan(sources)
    check_instances(sources)
    with (
        drafted(target) as draft,
        reading_errors(draft / DATABASE),
        closing(sqlite3.connect(draft / DATABASE, isolation_level=None)) as connection,
    ):
        teach_checksums(connection)
        new = [key for key in plan.runs if (key.strategy, key.pruner) not in versions]
        create(connection, plan, merged_facts(plan, sources), {**versions, **versions_now(new)})
        connection.execute("BEGIN IMMEDIATE")
        for run, *row in connection.execute(f"SELECT id, {KEY_COLUMNS} FROM runs ORDER BY id").fetchall():
            fill(connection, run, RunKey(*row), sources)
        connection.execute("COMMIT")


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """A folder that becomes `target` when all went well, and is gone otherwise."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".merging-") as rest:
        draft = Path(rest) / target.name
        draft.mkdir()
        yield draft
        draft.rename(target)


def whole_plan(sources: Sequence[Source]) -> Plan:
    """The union of the specs; its runs are those of the sources, and what none of them planned."""
    spec = union([source.spec for source in sources], [source.name for source in sources])
    keys = dict.fromkeys(key for source in sources for key in source.runs)
    skips = [
        Skip(*row)
        for source in sources
        for row in source.connection.execute("SELECT problem, dim, strategy, pruner, reason FROM skips")
    ]
    if any(source.spec != spec for source in sources):  # a cell that is in no source
        planned = make_plan(spec)
        keys |= dict.fromkeys(planned.runs)
        skips += planned.skips
    ran = {(key.problem, key.dim, key.strategy, key.pruner) for key in keys}
    left = dict.fromkeys(skip for skip in skips if (skip.problem, skip.dim, skip.strategy, skip.pruner) not in ran)
    return Plan(spec, tuple(sorted(keys, key=lambda key: key.seed)), tuple(left))


def union(specs: Sequence[ExperimentSpec], names: Sequence[str]) -> ExperimentSpec:
    """One spec for all; raises `UsageError` unless every run has the same budget."""
    for spec, name in zip(specs, names, strict=True):
        if spec.trials != specs[0].trials:
            raise UsageError(
                f"{names[0]} has {specs[0].trials} trials a run and {name} has {spec.trials}; merge equal budgets only"
            )
    together = {
        field: tuple(dict.fromkeys(item for spec in specs for item in getattr(spec, field)))
        for field in ("problems", "strategies", "pruners")
    }
    dims = tuple(sorted({dim for spec in specs for dim in spec.dims}))
    return specs[0].model_copy(update={**together, "dims": dims, "seeds": max(spec.seeds for spec in specs)})


def common_versions(sources: Sequence[Source]) -> Versions:
    """The programs of all; raises `UsageError` where one name stands for two that ran."""
    told = [
        (source.name, {**source.versions("status != 'planned'"), **problem_versions(source.connection)})
        for source in sources
    ]
    if conflict := other_program(told, lambda name: pair_label(*name) if isinstance(name, tuple) else name):
        raise UsageError(f"{conflict}; leave out one of them")
    planned = {pair: version for source in sources for pair, version in source.versions().items()}
    ran = {name: version for _, programs in told for name, version in programs.items() if isinstance(name, tuple)}
    return planned | ran


def check_instances(sources: Sequence[Source]) -> None:
    """Raise `UsageError` where two met another problem under one name."""
    if conflict := other_instance((source.name, source.connection) for source in sources):
        raise UsageError(f"{conflict}; leave out one of them")


def fill(connection: sqlite3.Connection, run: int, key: RunKey, sources: Iterable[Source]) -> None:
    """Write the most complete of the sources' runs; raises `UsageError` where two contradict each other."""
    best: Stored | None = None
    for source in sources:
        if key not in source.runs or source.outcome(key)[0] == "planned":
            continue
        found = source.stored(key)
        if best is not None:
            check_agreement(key, best, found)
        if best is None or found.completeness > best.completeness:
            best = found
    if best is not None:
        assignments = ", ".join(f"{column} = ?" for column in OUTCOME.split(", "))
        connection.execute(f"UPDATE runs SET {assignments} WHERE id = ?", (*best.outcome, run))
        sign(connection, "runs", "id = ?", (run,))
        insert_trials(connection, run, best.trials)
        insert_retrainings(connection, run, best.retrainings)


def check_agreement(key: RunKey, one: Stored, other: Stored) -> None:
    """Raise `UsageError` with the first difference of two versions of one run."""
    places = f"{one.where} and {other.where} contradict each other: {key}"
    remedy = "leave out one of them"
    difference = first_difference(one.trials, other.trials)
    if difference := difference or first_difference_again(one.retrainings, other.retrainings):
        raise UsageError(f"{places}, {difference}; {remedy}")
    shorter, longer = sorted((len(each.trials), each.outcome[0]) for each in (one, other))
    if shorter[0] < longer[0] and shorter[1] in FINISHED - {"failed"}:
        raise UsageError(f"{places} ended after {shorter[0]} trials and after {longer[0]}; {remedy}")


def merged_facts(plan: Plan, sources: Sequence[Source]) -> dict[str, Any]:
    """What the `experiment` table holds: the first one's environment, who the others are, and the cards of all."""
    environments = [read_meta(source.connection, "environment") for source in sources]
    processors = dict.fromkeys(str(found.get("processor")) for found in environments)
    merged = {"merged": [source.name for source in sources], "processor": "; ".join(processors)}
    codes, cards, met = dict[str, str](), dict[str, Any](), dict[Instance, Signature]()
    for source in reversed(sources):  # of two cards, that of the first one stays
        codes |= problem_versions(source.connection)
        cards |= read_meta(source.connection, "cards", {})
        met |= signatures.read(source.connection)
    return {
        "spec": plan.spec.model_dump(mode="json"),
        "environment": {**environments[0], **merged},
        "problem_versions": codes,
        "cards": cards,
        **{signatures.fact(instance): signature for instance, signature in met.items()},
    }
