"""The store of an experiment: one SQLite database in write-ahead mode, the only source of truth. One process writes."""

import fcntl
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from bench.errors import UsageError
from bench.plan import Plan
from bench.records import FINISHED, Outcome, RunKey, Setting, Trial
from bench.spec import ExperimentSpec
from problems.registry import problem_entry
from strategies.pruners.registry import pruner_entry
from strategies.registry import strategy_entry

Versions: TypeAlias = Mapping[tuple[str, str], str]  # of strategy and pruner

FORMAT = 1  # of the tables below
DATABASE = "experiment.db"

SCHEMA = """
CREATE TABLE experiment (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    problem TEXT NOT NULL, dim INTEGER NOT NULL, instance INTEGER NOT NULL,
    strategy TEXT NOT NULL, strategy_version TEXT NOT NULL, pruner TEXT NOT NULL DEFAULT 'none',
    seed INTEGER NOT NULL, budget INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'planned', error TEXT,
    optimum REAL, optimum_origin TEXT, value_label TEXT, setup_s REAL,
    UNIQUE (problem, dim, instance, strategy, pruner, seed, budget)
);
CREATE TABLE skips (
    problem TEXT NOT NULL, dim INTEGER NOT NULL, strategy TEXT NOT NULL, pruner TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE trials (
    run INTEGER NOT NULL REFERENCES runs (id), trial INTEGER NOT NULL, config TEXT NOT NULL,
    value REAL, true_value REAL, test_value REAL, status TEXT NOT NULL, error TEXT,
    cost REAL NOT NULL, fidelity INTEGER NOT NULL, observations TEXT,
    ask_s REAL NOT NULL, evaluate_s REAL NOT NULL, tell_s REAL NOT NULL, started_at REAL NOT NULL,
    PRIMARY KEY (run, trial)
) WITHOUT ROWID;
"""
KEY_COLUMNS = "problem, dim, instance, strategy, seed, budget, pruner"
TRIAL_COLUMNS = ", ".join(Trial._fields)
INSERT_TRIAL = f"INSERT INTO trials (run, {TRIAL_COLUMNS}) VALUES ({', '.join('?' * (len(Trial._fields) + 1))})"


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about `path` into one line for the user."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise UsageError(f"cannot use {path}: {error}; check the folder's permissions and free space") from error
    except sqlite3.DatabaseError as error:
        raise UsageError(
            f"{path} is damaged ({error}) and was left as it is; restore a copy, or run under another --name"
        ) from error


def connect_for_reading(folder: Path) -> sqlite3.Connection:
    """The database of the experiment in `folder`, read-only and checked; raises `UsageError` where there is none."""
    path = folder / DATABASE
    if not path.is_file():
        raise UsageError(f"no experiment at {folder}; known: {', '.join(experiments(folder.parent)) or 'none yet'}")
    with reading_errors(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        check(connection)
        if read_meta(connection, "format") != FORMAT:
            raise UsageError(f"{path} was written by another version of search-bench; run under another --name")
    return connection


def experiments(results: Path) -> list[str]:
    """The names of the experiments below `results`, the latest first."""
    found = sorted(results.glob(f"*/{DATABASE}"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [path.parent.name for path in found]


def check(connection: sqlite3.Connection) -> None:
    """Raise `sqlite3.DatabaseError` with the first fault of a database that is not whole."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict.splitlines()[-1])


def read_meta(connection: sqlite3.Connection, key: str, otherwise: Any = None) -> Any:
    """A value of the `experiment` table; `otherwise` where an older version did not write it."""
    row = connection.execute("SELECT value FROM experiment WHERE key = ?", (key,)).fetchone()
    if row is None and otherwise is not None:
        return otherwise
    if row is None:
        raise sqlite3.DatabaseError(f"the table experiment has no {key}")
    return json.loads(row[0])


class Store:
    """The writer's side of an experiment's database; use as a context manager."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: Any) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = lock

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
        if path.exists() and path.stat().st_size:
            with connect_for_reading(folder) as existing:
                stored = ExperimentSpec.model_validate(read_meta(existing, "spec"))
            existing.close()
            if stored != plan.spec:
                raise UsageError(
                    f"{folder} holds another experiment ({first_difference(stored, plan.spec)}); use another --name"
                )
        folder.mkdir(parents=True, exist_ok=True)
        lock = _lock(folder)
        with reading_errors(path):
            connection = sqlite3.connect(path, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # a paid trial survives a power cut
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'trials'").fetchone():
                create(connection, plan, first_facts(plan, environment), versions_now(plan.runs))
            if changed := changed_code(connection):
                connection.close()
                lock.close()
                raise UsageError(f"{folder} {changed}; go on with that version, or use another --name")
        return cls(folder, connection, lock)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with reading_errors(self.folder / DATABASE):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def keep_cards(self, cards: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what the strategies say of themselves, unless it is kept already: the first were those that ran."""
        with self._transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO experiment VALUES ('cards', ?)", (json.dumps(cards),))

    def unfinished(self) -> list[tuple[int, RunKey]]:
        """The runs that are still to be done, with their ids, in the plan's order."""
        marks = ", ".join("?" * len(FINISHED))
        rows = self._connection.execute(
            f"SELECT id, {KEY_COLUMNS} FROM runs WHERE status NOT IN ({marks}) ORDER BY id", tuple(FINISHED)
        )
        return [(run, RunKey(*key)) for run, *key in rows]

    def spent_on_unfinished(self) -> float:
        """What the stored trials of the runs that are still to be done took off their budgets: see `Trial.spent`."""
        marks = ", ".join("?" * len(FINISHED))
        spent = "total(CASE status WHEN 'pruned' THEN cost ELSE 1 END)"
        query = f"SELECT {spent} FROM trials WHERE run IN (SELECT id FROM runs WHERE status NOT IN ({marks}))"
        return float(self._connection.execute(query, tuple(FINISHED)).fetchone()[0])

    def trials(self, run: int) -> list[Trial]:
        """What is stored of a run, in order."""
        rows = self._connection.execute(f"SELECT {TRIAL_COLUMNS} FROM trials WHERE run = ? ORDER BY trial", (run,))
        return [Trial(*row) for row in rows]

    def begin(self, run: int, setting: Setting) -> None:
        """Mark a run as running; the library's version is the one that runs now."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE runs SET status = 'running', optimum = ?, optimum_origin = ?, value_label = ?, setup_s = ? "
                "WHERE id = ?",
                (*setting, run),
            )

    def add(self, run: int, trials: Sequence[Trial]) -> None:
        """Commit `trials`; once this returns they survive anything."""
        with self._transaction() as connection:
            insert_trials(connection, run, trials)

    def finish(self, run: int, outcome: Outcome) -> None:
        """Record how a run ended."""
        with self._transaction() as connection:
            connection.execute("UPDATE runs SET status = ?, error = ? WHERE id = ?", (*outcome, run))

    def forget_failures(self) -> int:
        """Make every failed run a planned one again, without its trials; returns how many there were."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM trials WHERE run IN (SELECT id FROM runs WHERE status = 'failed')")
            return connection.execute(
                "UPDATE runs SET status = 'planned', error = NULL WHERE status = 'failed'"
            ).rowcount


def _lock(folder: Path) -> Any:
    """Keep a second writer out for as long as the returned file is open; the system releases it when we die."""
    lock = (folder / ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise UsageError(f"another run is writing to {folder}; wait for it, or use another --name") from None
    return lock


def first_facts(plan: Plan, environment: Mapping[str, Any]) -> dict[str, Any]:
    """What the `experiment` table of a new experiment holds."""
    return {
        "spec": plan.spec.model_dump(mode="json"),
        "environment": environment,
        "problem_versions": {name: code for name in plan.spec.problems if (code := problem_entry(name).fingerprint)},
    }


def create(connection: sqlite3.Connection, plan: Plan, facts: Mapping[str, Any], versions: Versions) -> None:
    """Make the tables of a new experiment, with all its runs planned; in a transaction of its own."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA.split(";"):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO experiment VALUES (?, ?)",
        [(key, json.dumps(value)) for key, value in {"format": FORMAT, **facts}.items()],
    )
    connection.executemany(
        f"INSERT INTO runs ({KEY_COLUMNS}, strategy_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*astuple(key), versions[key.strategy, key.pruner]) for key in plan.runs],
    )
    connection.executemany("INSERT INTO skips VALUES (?, ?, ?, ?, ?)", [astuple(skip) for skip in plan.skips])
    connection.execute("COMMIT")


def insert_trials(connection: sqlite3.Connection, run: int, trials: Sequence[Trial]) -> None:
    """Add trials to a run; in the caller's transaction."""
    connection.executemany(INSERT_TRIAL, [(run, *trial) for trial in trials])


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


def versions_now(runs: Iterable[RunKey]) -> Versions:
    """What `version_of` says of the code of all runs."""
    return {pair: version_of(*pair) for pair in dict.fromkeys((key.strategy, key.pruner) for key in runs)}


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
