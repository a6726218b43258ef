"""The store of an experiment: one SQLite database in write-ahead mode, the only source of truth. One process writes."""

import fcntl
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.database import (
    DATABASE,
    FORMAT,
    WITHOUT_CHECKSUMS,
    connect_for_reading,
    has_tables,
    is_begun,
    read_meta,
)
from bench.errors import UsageError
from bench.integrity import checksum, reading_errors, sign, teach_checksums
from bench.plan import Plan
from bench.records import FINISHED, Outcome, RunKey, Setting, Trial
from bench.spec import ExperimentSpec
from problems.registry import problem_entry
from strategies.pruners.registry import pruner_entry
from strategies.registry import strategy_entry

SCHEMA = """
CREATE TABLE experiment (key TEXT PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    problem TEXT NOT NULL, dim INTEGER NOT NULL, instance INTEGER NOT NULL,
    strategy TEXT NOT NULL, strategy_version TEXT NOT NULL, pruner TEXT NOT NULL DEFAULT 'none',
    seed INTEGER NOT NULL, budget INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'planned', error TEXT,
    optimum REAL, optimum_origin TEXT, value_label TEXT, setup_s REAL, checksum INTEGER,
    UNIQUE (problem, dim, instance, strategy, pruner, seed, budget)
);
CREATE TABLE skips (
    problem TEXT NOT NULL, dim INTEGER NOT NULL, strategy TEXT NOT NULL, pruner TEXT NOT NULL, reason TEXT NOT NULL,
    checksum INTEGER
);
CREATE TABLE trials (
    run INTEGER NOT NULL REFERENCES runs (id), trial INTEGER NOT NULL, config TEXT NOT NULL,
    value REAL, true_value REAL, test_value REAL, status TEXT NOT NULL, error TEXT,
    cost REAL NOT NULL, fidelity INTEGER NOT NULL, observations TEXT,
    ask_s REAL NOT NULL, evaluate_s REAL NOT NULL, tell_s REAL NOT NULL, started_at REAL NOT NULL, checksum INTEGER,
    PRIMARY KEY (run, trial)
) WITHOUT ROWID;
"""
KEY_COLUMNS = "problem, dim, instance, strategy, seed, budget, pruner"
TRIAL_COLUMNS = ", ".join(Trial._fields)
MARKS = ", ".join("?" * (len(Trial._fields) + 1))
INSERT_TRIAL = f"INSERT INTO trials (run, {TRIAL_COLUMNS}) VALUES ({MARKS})"
INSERT_SIGNED_TRIAL = f"INSERT INTO trials (run, {TRIAL_COLUMNS}, checksum) VALUES ({MARKS}, ?)"


class Store:
    """The writer's side of an experiment's database; use as a context manager."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: Any) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = lock
        self._signed = read_meta(connection, "format") != WITHOUT_CHECKSUMS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._lock.close()

    @classmethod
    def open(cls, folder: Path, plan: Plan, environment: dict[str, Any]) -> Self:
        """Open the experiment in `folder`, or make it; raises `UsageError` where another spec's results lie.

        A folder that cannot be used is left exactly as it was.
        """
        path = folder / DATABASE
        if is_begun(path):
            with closing(connect_for_reading(folder)) as existing, reading_errors(path):
                stored = ExperimentSpec.model_validate(read_meta(existing, "spec"))
            if stored != plan.spec:
                raise UsageError(
                    f"{folder} holds another experiment ({first_difference(stored, plan.spec)}); use another --name"
                )
        folder.mkdir(parents=True, exist_ok=True)
        lock = _lock(folder)
        try:
            return cls(folder, _connect_for_writing(path, plan, environment), lock)
        except BaseException:
            lock.close()
            raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with reading_errors(self.folder / DATABASE):
            yield self._connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite may have taken it back itself, as on a full disk
                    connection.execute("ROLLBACK")
                raise

    def _sign(self, table: str, where: str, values: tuple[object, ...] = ()) -> None:
        if self._signed:
            sign(self._connection, table, where, values)

    def keep_cards(self, cards: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what the strategies say of themselves, unless it is kept already: the first were those that ran."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO experiment (key, value) VALUES ('cards', ?)", (json.dumps(cards),)
            )
            self._sign("experiment", "key = 'cards'")

    def unfinished(self) -> list[tuple[int, RunKey]]:
        """The runs that are still to be done, with their ids, in the plan's order."""
        marks = ", ".join("?" * len(FINISHED))
        query = f"SELECT id, {KEY_COLUMNS} FROM runs WHERE status NOT IN ({marks}) ORDER BY id"
        with self._reading() as connection:
            return [(run, RunKey(*key)) for run, *key in connection.execute(query, tuple(FINISHED))]

    def spent_on_unfinished(self) -> float:
        """What the stored trials of the runs that are still to be done took off their budgets: see `Trial.spent`."""
        marks = ", ".join("?" * len(FINISHED))
        spent = "total(CASE status WHEN 'pruned' THEN cost ELSE 1 END)"
        query = f"SELECT {spent} FROM trials WHERE run IN (SELECT id FROM runs WHERE status NOT IN ({marks}))"
        with self._reading() as connection:
            return float(connection.execute(query, tuple(FINISHED)).fetchone()[0])

    def trials(self, run: int) -> list[Trial]:
        """What is stored of a run, in order."""
        query = f"SELECT {TRIAL_COLUMNS} FROM trials WHERE run = ? ORDER BY trial"
        with self._reading() as connection:
            return [Trial(*row) for row in connection.execute(query, (run,))]

    def begin(self, run: int, setting: Setting) -> None:
        """Mark a run as running; the library's version is the one that runs now."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE runs SET status = 'running', optimum = ?, optimum_origin = ?, value_label = ?, setup_s = ? "
                "WHERE id = ?",
                (*setting, run),
            )
            self._sign("runs", "id = ?", (run,))

    def add(self, run: int, trials: Sequence[Trial]) -> None:
        """Commit `trials`; once this returns they survive anything."""
        with self._transaction() as connection:
            if self._signed:
                rows = [(run, *trial, checksum(run, *trial)) for trial in trials]
                connection.executemany(INSERT_SIGNED_TRIAL, rows)
            else:
                connection.executemany(INSERT_TRIAL, [(run, *trial) for trial in trials])

    def restart(self, run: int, reason: str) -> float:
        """Drop what is stored of a run that does not repeat itself, and keep why; returns what that had spent."""
        spent = sum(trial.spent for trial in self.trials(run))
        with self._transaction() as connection:
            connection.execute("DELETE FROM trials WHERE run = ?", (run,))
            connection.execute("UPDATE runs SET error = ? WHERE id = ?", (reason, run))
            self._sign("runs", "id = ?", (run,))
        return spent

    def finish(self, run: int, outcome: Outcome) -> None:
        """Record how a run ended; that it began again stays with it unless it failed."""
        with self._transaction() as connection:
            connection.execute("UPDATE runs SET status = ?, error = coalesce(?, error) WHERE id = ?", (*outcome, run))
            self._sign("runs", "id = ?", (run,))

    def forget_failures(self) -> int:
        """Make every failed run a planned one again, without its trials; returns how many there were."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM trials WHERE run IN (SELECT id FROM runs WHERE status = 'failed')")
            forgotten = connection.execute(
                "UPDATE runs SET status = 'planned', error = NULL WHERE status = 'failed'"
            ).rowcount
            self._sign("runs", "status = 'planned'")
            return forgotten


def _lock(folder: Path) -> Any:
    """Keep a second writer out for as long as the returned file is open; the system releases it when we die."""
    lock = (folder / ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise UsageError(f"another run is writing to {folder}; wait for it, or use another --name") from None
    return lock


def _connect_for_writing(path: Path, plan: Plan, environment: dict[str, Any]) -> sqlite3.Connection:
    """The database at `path`, made where it is not; raises `UsageError` where other code would go on with it."""
    with reading_errors(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            teach_checksums(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # a paid trial survives a power cut
            if not has_tables(connection):
                _create(connection, plan, environment)
            if changed := changed_code(connection):
                raise UsageError(f"{path.parent} {changed}; go on with that version, or use another --name")
        except BaseException:
            connection.close()
            raise
    return connection


def _create(connection: sqlite3.Connection, plan: Plan, environment: dict[str, Any]) -> None:
    meta = {
        "format": FORMAT,
        "spec": plan.spec.model_dump(mode="json"),
        "environment": environment,
        "problem_versions": {name: code for name in plan.spec.problems if (code := problem_entry(name).fingerprint)},
    }
    versions = {pair: version_of(*pair) for pair in dict.fromkeys((key.strategy, key.pruner) for key in plan.runs)}
    connection.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA.split(";"):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO experiment (key, value) VALUES (?, ?)", [(key, json.dumps(value)) for key, value in meta.items()]
    )
    connection.executemany(
        f"INSERT INTO runs ({KEY_COLUMNS}, strategy_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*astuple(key), versions[key.strategy, key.pruner]) for key in plan.runs],
    )
    connection.executemany(
        "INSERT INTO skips (problem, dim, strategy, pruner, reason) VALUES (?, ?, ?, ?, ?)",
        [astuple(skip) for skip in plan.skips],
    )
    for table in ("experiment", "runs", "skips"):
        sign(connection, table)
    connection.execute("COMMIT")


def changed_code(connection: sqlite3.Connection) -> str:
    """The first strategy or problem with unfinished runs that is another version than at the beginning; else empty.

    Their trials would be those of two programs under one name.
    """
    marks = ", ".join("?" * len(FINISHED))
    query = f"SELECT DISTINCT strategy, pruner, strategy_version FROM runs WHERE status NOT IN ({marks})"
    for strategy, pruner, before in connection.execute(query, tuple(FINISHED)):
        now = version_of(strategy, pruner)
        if now != before:
            return f"began with {strategy} as {before}, which is {now} now"
    query = f"SELECT DISTINCT problem FROM runs WHERE status NOT IN ({marks})"
    versions = read_meta(connection, "problem_versions", {})
    for (problem,) in connection.execute(query, tuple(FINISHED)):
        if problem in versions and (now := problem_entry(problem).fingerprint) != versions[problem]:
            return f"began with {problem} as {versions[problem]}, which is {now} now"
    return ""


def version_of(strategy: str, pruner: str) -> str:
    """What identifies the code that proposes, and that of a library's pruner: `"optuna 5.0.0"`."""
    stops = pruner_entry(pruner)
    library = stops.fingerprint or stops.needs.version()
    version = strategy_entry(strategy).version()
    return version if library in (None, version) else f"{version}, pruner of {library}"


def first_difference(stored: ExperimentSpec, asked: ExperimentSpec) -> str:
    """The first field in which two specs differ, for a message."""
    for field in ExperimentSpec.model_fields:
        before, now = getattr(stored, field), getattr(asked, field)
        if before != now:
            return f"its {field} are {_plain(before)}, not {_plain(now)}"
    return "equal"


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
