"""Opening the database of an experiment to read it: found, whole, and of a format that we know."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.errors import UsageError
from bench.integrity import COLUMNS, check_pages, check_rows, damaged, reading_errors, teach_checksums

FORMAT = 4  # of the tables in bench.tables
WITHOUT_RETRAININGS = 3  # which is read as it is, and becomes ours when it is written to
DATABASE = "experiment.db"
LOCK = ".lock"  # held by who writes; not empty once there is anything in the database


def connect_for_reading(
    folder: Path, *, unchecked: Collection[str] = (), check_file: bool = True
) -> sqlite3.Connection:
    """The database of the experiment in `folder`, read-only and checked; raises `UsageError` where there is none.

    `unchecked`: tables whose rows the caller checks as it reads them; without `check_file` it looks at the pages too.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise UsageError(f"no experiment at {folder}; known: {', '.join(experiments(folder.parent)) or 'none yet'}")
    check_not_emptied(path)
    with reading_errors(path):
        connection = read_only(path)
        try:
            if check_file or not has_tables(connection):  # what lost its list of tables seems to have none
                check_pages(connection)
            if not has_tables(connection):
                raise UsageError(f"{path} holds nothing yet; its experiment was ended before it began: run it again")
            if read_meta(connection, "format") not in (FORMAT, WITHOUT_RETRAININGS):
                raise UsageError(f"{path} was written by another version of search-bench; run under another --name")
            teach_checksums(connection)
            absent = () if has_retrainings(connection) else ("retrainings",)
            check_rows(connection, (*unchecked, *absent))
        except BaseException:
            connection.close()
            raise
    return connection


def fingerprint(folder: Path) -> str:
    """What tells the runs and trials of the experiment in `folder` from those of another time: of all rows' checksums.

    Raises `UsageError` where there is no experiment. That the rows are what was written is not looked at.
    """
    found = hashlib.sha256()
    with closing(connect_for_reading(folder, unchecked=COLUMNS)) as connection:
        for table in ("runs", "trials", *(("retrainings",) if has_retrainings(connection) else ())):
            rows = connection.execute(f"SELECT checksum FROM {table} ORDER BY checksum")
            found.update("".join(f"{checksum}\n" for (checksum,) in rows).encode())
    return found.hexdigest()


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?{mode(path)}", uri=True)


def mode(path: Path) -> str:
    """How SQLite is to open a database for reading: in a folder that is read-only, it may not expect a writer."""
    written_to = os.access(path.parent, os.W_OK) or path.with_name(f"{DATABASE}-wal").exists()
    return "mode=ro" if written_to else "mode=ro&immutable=1"


def has_tables(connection: sqlite3.Connection) -> bool:
    """Whether anything was ever committed."""
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def has_retrainings(connection: sqlite3.Connection) -> bool:
    """Whether the database is of a format that has a place for them."""
    return bool(read_meta(connection, "format") != WITHOUT_RETRAININGS)


def check_not_emptied(path: Path) -> None:
    """Raise `UsageError` where the database at `path` once held something, and is an empty file now."""
    lock = path.with_name(LOCK)
    if path.is_file() and not path.stat().st_size and lock.is_file() and lock.stat().st_size:
        raise damaged(path, sqlite3.DatabaseError("it was cut to nothing"))


def is_begun(path: Path) -> bool:
    """Whether there is anything in the database at `path`; a driver may have died before its first commit."""
    check_not_emptied(path)
    if not path.exists() or not path.stat().st_size:
        return False
    with reading_errors(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode(path)}", uri=True)) as found:
        check_pages(found)
        return has_tables(found)


def folder_of(name: str, results: Path) -> Path:
    """The folder of the experiment called `name`; raises `UsageError` where that is a path."""
    if name in ("", "..") or Path(name).name != name:
        raise UsageError(f"an experiment is named by its folder below {results}, not by a path, got {name!r}")
    return results / name


def folder_named(word: str, results: Path) -> Path:
    """The folder that `word` names: a path, or the name of an experiment below `results`."""
    return Path(word) if Path(word).is_dir() else results / word


def experiments(results: Path) -> list[str]:
    """The names of the experiments below `results`, the latest first."""
    found = sorted(results.glob(f"*/{DATABASE}"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [path.parent.name for path in found]


def read_meta(connection: sqlite3.Connection, key: str, otherwise: Any = None) -> Any:
    """A value of the `experiment` table; `otherwise` where an older version did not write it."""
    row = connection.execute("SELECT value FROM experiment WHERE key = ?", (key,)).fetchone()
    if row is None and otherwise is not None:
        return otherwise
    if row is None:
        raise sqlite3.DatabaseError(f"the table experiment has no {key}")
    return json.loads(row[0])
