"""The tables of an experiment's database, and how a new one begins: every run planned."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import Any, TypeAlias

from bench.database import FORMAT, has_retrainings
from bench.integrity import COLUMNS, checksum, sign
from bench.plan import Plan
from bench.records import Retraining, RunKey, Trial
from problems.registry import problem_entry
from strategies.pruners.registry import pruner_entry
from strategies.registry import strategy_entry

Versions: TypeAlias = Mapping[tuple[str, str], str]  # of strategy and pruner

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
    ask_s REAL NOT NULL, evaluate_s REAL NOT NULL, tell_s REAL NOT NULL, started_at REAL NOT NULL, duration REAL,
    checksum INTEGER,
    PRIMARY KEY (run, trial)
) WITHOUT ROWID;
"""
RETRAININGS = """
CREATE TABLE retrainings (
    run INTEGER NOT NULL REFERENCES runs (id), repeat INTEGER NOT NULL, trial INTEGER NOT NULL,
    value REAL, true_value REAL, test_value REAL, status TEXT NOT NULL, error TEXT,
    evaluate_s REAL NOT NULL, started_at REAL NOT NULL, checksum INTEGER,
    PRIMARY KEY (run, repeat)
) WITHOUT ROWID;
"""
KEY_COLUMNS = "problem, dim, instance, strategy, seed, budget, pruner"
TRIAL_COLUMNS = ", ".join(Trial._fields)
RETRAINING_COLUMNS = ", ".join(Retraining._fields)


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
    for statement in (SCHEMA + RETRAININGS).split(";"):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO experiment (key, value) VALUES (?, ?)",
        [(key, json.dumps(value)) for key, value in {"format": FORMAT, **facts}.items()],
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


def insert_trials(connection: sqlite3.Connection, run: int, trials: Sequence[Trial]) -> None:
    """Add trials to a run, in the caller's transaction."""
    insert(connection, "trials", [(run, *trial) for trial in trials])


def insert_retrainings(connection: sqlite3.Connection, run: int, retrainings: Sequence[Retraining]) -> None:
    """Add retrainings to a run, in the caller's transaction."""
    insert(connection, "retrainings", [(run, *retraining) for retraining in retrainings])


def insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add whole rows with their checksums."""
    columns = (*COLUMNS[table], "checksum")
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    connection.executemany(statement, [(*row, checksum(*row)) for row in rows])


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Give a database of the format before ours what it lacks; in a transaction of its own."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(RETRAININGS)
    connection.execute("UPDATE experiment SET value = ? WHERE key = 'format'", (json.dumps(FORMAT),))
    sign(connection, "experiment", "key = 'format'")
    connection.execute("COMMIT")


def stored_retrainings(connection: sqlite3.Connection, run: int) -> list[Retraining]:
    """Those of a run, in order; none where the format has no place for them."""
    if not has_retrainings(connection):
        return []
    query = f"SELECT {RETRAINING_COLUMNS} FROM retrainings WHERE run = ? ORDER BY repeat"
    return [Retraining(*row) for row in connection.execute(query, (run,))]


def versions_now(runs: Iterable[RunKey]) -> Versions:
    """What `version_of` says of the code of all runs."""
    return {pair: version_of(*pair) for pair in dict.fromkeys((key.strategy, key.pruner) for key in runs)}


def version_of(strategy: str, pruner: str) -> str:
    """What identifies the code that proposes, and that of a library's pruner: `"optuna 5.0.0"`."""
    stops = pruner_entry(pruner)
    library = stops.fingerprint or stops.needs.version()
    version = strategy_entry(strategy).version()
    return version if library in (None, version) else f"{version}, pruner of {library}"
