"""The store of an experiment: one SQLite database in write-ahead mode, the only source of truth. One process writes."""

import fcntl
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench import signatures
from bench.database import DATABASE, LOCK, connect_for_reading, has_retrainings, has_tables, is_begun, read_meta
from bench.errors import UsageError
from bench.integrity import reading_errors, sign, teach_checksums
from bench.plan import Plan
from bench.records import FINISHED, Instance, Outcome, Retraining, RunKey, Setting, Signature, Trial
from bench.signatures import is_signed
from bench.spec import ExperimentSpec
from bench.tables import (
    KEY_COLUMNS,
    TRIAL_COLUMNS,
    bring_up_to_date,
    create,
    first_facts,
    insert_retrainings,
    insert_trials,
    stored_retrainings,
    version_of,
    versions_now,
)
from problems.registry import problem_entry


class Store:
    """The writer's side of an experiment's database; use as a context manager."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: Any) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = lock
        self._seen: set[Instance] = set()  # whose signature was told since this store was opened

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
            connection = _connect_for_writing(path, plan, environment)
            lock.truncate(0)
            lock.write("begun\n")
            lock.flush()
            return cls(folder, connection, lock)
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

    def keep_cards(self, cards: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what the strategies say of themselves, unless it is kept already: the first were those that ran."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO experiment (key, value) VALUES ('cards', ?)", (json.dumps(cards),)
            )
            sign(connection, "experiment", "key = 'cards'")

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

    def retrainings(self, run: int) -> list[Retraining]:
        """What is stored of the retrainings of a run, in order."""
        with self._reading() as connection:
            return stored_retrainings(connection, run)

    def wants_signature(self, key: RunKey) -> bool:
        """Whether what `key` runs on is still to be compared with what its other runs, or earlier sessions, met."""
        return key.met not in self._seen and is_signed(key.problem)

    def begin(self, run: int, setting: Setting) -> None:
        """Mark a run as running; raises `UsageError` where its problem is not the one that was met before."""
        with self._transaction() as connection:
            if setting.signature is not None:
                self._compare(run, setting.signature)
            connection.execute(
                "UPDATE runs SET status = 'running', optimum = ?, optimum_origin = ?, value_label = ?, setup_s = ? "
                "WHERE id = ?",
                (setting.optimum, setting.optimum_origin, setting.value_label, setting.setup_s, run),
            )
            sign(connection, "runs", "id = ?", (run,))

    def _compare(self, run: int, signature: Signature) -> None:
        query = "SELECT problem, dim, instance FROM runs WHERE id = ?"
        met = Instance(*self._connection.execute(query, (run,)).fetchone())
        if difference := signatures.keep(self._connection, met, signature):
            raise UsageError(
                f"{self.folder} began with another {met}: {difference}; go on where it gives the same, "
                "or use another --name"
            )
        sign(self._connection, "experiment", "key = ?", (signatures.fact(met),))
        self._seen.add(met)

    def add(self, run: int, trials: Sequence[Trial]) -> None:
        """Commit `trials`; once this returns they survive anything."""
        with self._transaction() as connection:
            insert_trials(connection, run, trials)

    def add_again(self, run: int, retrainings: Sequence[Retraining]) -> None:
        """Commit `retrainings`."""
        with self._transaction() as connection:
            insert_retrainings(connection, run, retrainings)

    def restart(self, run: int, reason: str) -> float:
        """Drop what is stored of a run that does not repeat itself, and keep why; returns what that had spent."""
        spent = sum(trial.spent for trial in self.trials(run))
        with self._transaction() as connection:
            for table in ("trials", "retrainings"):
                connection.execute(f"DELETE FROM {table} WHERE run = ?", (run,))
            connection.execute("UPDATE runs SET error = ? WHERE id = ?", (reason, run))
            sign(connection, "runs", "id = ?", (run,))
        return spent

    def finish(self, run: int, outcome: Outcome) -> None:
        """Record how a run ended; that it began again stays with it unless it failed."""
        with self._transaction() as connection:
            connection.execute("UPDATE runs SET status = ?, error = coalesce(?, error) WHERE id = ?", (*outcome, run))
            sign(connection, "runs", "id = ?", (run,))

    def forget_failures(self) -> int:
        """Make every failed run a planned one again, without its trials; returns how many there were."""
        with self._transaction() as connection:
            for table in ("trials", "retrainings"):
                connection.execute(f"DELETE FROM {table} WHERE run IN (SELECT id FROM runs WHERE status = 'failed')")
            forgotten = connection.execute(
                "UPDATE runs SET status = 'planned', error = NULL WHERE status = 'failed'"
            ).rowcount
            sign(connection, "runs", "status = 'planned'")
            return forgotten


def _lock(folder: Path) -> Any:
    """Keep a second writer out for as long as the returned file is open; the system releases it when we die."""
    lock = (folder / LOCK).open("a")
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
                create(connection, plan, first_facts(plan, environment), versions_now(plan.runs))
            if changed := changed_code(connection):
                raise UsageError(f"{path.parent} {changed}; go on with that version, or use another --name")
            if not has_retrainings(connection):
                bring_up_to_date(connection)
        except BaseException:
            connection.close()
            raise
    return connection


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


def first_difference(stored: ExperimentSpec, asked: ExperimentSpec) -> str:
    """The first field in which two specs differ, for a message."""
    for field in ExperimentSpec.model_fields:
        before, now = getattr(stored, field), getattr(asked, field)
        if before != now:
            return f"its {field} are {_plain(before)}, not {_plain(now)}"
    return "equal"


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
