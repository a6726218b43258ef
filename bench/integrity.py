"""Whether a database is whole: by SQLite's own checks, and by a checksum per row, since those do not look at values."""

import marshal
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any
from zlib import crc32

from bench.errors import UsageError
from bench.records import Retraining, Trial

MARSHAL = 2  # its last format that is of the values alone, whoever else holds them; written to be hashed, never read
COLUMNS: Mapping[str, tuple[str, ...]] = {  # what a row's checksum is of
    "experiment": ("key", "value"),
    "runs": (
        *("id", "problem", "dim", "instance", "strategy", "strategy_version", "pruner", "seed", "budget"),
        *("status", "error", "optimum", "optimum_origin", "value_label", "setup_s"),
    ),
    "skips": ("problem", "dim", "strategy", "pruner", "reason"),
    "trials": ("run", *Trial._fields),
    "retrainings": ("run", *Retraining._fields),
}


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about `path`, and content that cannot be read, into one line for the user."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) == sqlite3.SQLITE_ERROR:  # no such table, say
            raise damaged(path, error) from error
        raise UsageError(
            f"cannot use {path}: {error}; check the folder's permissions and free space: "
            "what is stored there is kept, and the same command goes on from it"
        ) from error
    except (sqlite3.DatabaseError, ValueError) as error:
        raise damaged(path, error) from error


def damaged(path: Path, error: Exception) -> UsageError:
    """What is said of a database that cannot be trusted."""
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    return UsageError(f"{path} is damaged ({first}) and was left as it is; restore a copy, or run under another --name")


def checksum(*values: object) -> int:
    """Of a row's native values, as SQLite gives them back."""
    return crc32(marshal.dumps(values, MARSHAL))  # type: ignore[arg-type]  # of what SQLite can hold


def teach_checksums(connection: sqlite3.Connection) -> None:
    """Make `checksum(…)` a function of the connection's SQL."""
    connection.create_function("checksum", -1, checksum, deterministic=True)


def sign(connection: sqlite3.Connection, table: str, where: str = "TRUE", values: tuple[object, ...] = ()) -> None:
    """Write the checksums of the rows of `table` that were changed."""
    columns = ", ".join(COLUMNS[table])
    connection.execute(f"UPDATE {table} SET checksum = checksum({columns}) WHERE {where}", values)


def check_pages(connection: sqlite3.Connection) -> None:
    """Raise `sqlite3.DatabaseError` with the first fault that SQLite finds."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict.splitlines()[-1])


def check_rows(connection: sqlite3.Connection, unchecked: Collection[str] = ()) -> None:
    """Raise `sqlite3.DatabaseError` where a row of a table, but for those `unchecked`, is not what was written."""
    for table, columns in COLUMNS.items():
        wrong = f"SELECT 1 FROM {table} WHERE checksum IS NOT checksum({', '.join(columns)}) LIMIT 1"
        if table not in unchecked and connection.execute(wrong).fetchone():
            raise changed(table)


def check(table: str, rows: Sequence[tuple[Any, ...]], checksums: Sequence[int | None]) -> None:
    """Raise `sqlite3.DatabaseError` where one of the `rows` of `table` is not what was written."""
    if tuple(map(crc32, map(marshal.dumps, rows, repeat(MARSHAL)))) != tuple(checksums):
        raise changed(table)


def changed(table: str) -> sqlite3.DatabaseError:
    """What is said of a row that is not what was written."""
    return sqlite3.DatabaseError(f"a row of the table {table} is not what was written")
