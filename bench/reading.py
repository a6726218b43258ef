"""The trials of a database as a table: checked row by row while they are read, a part at a time."""

import gc
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.database import has_retrainings, read_only
from bench.forked import side_by_side
from bench.integrity import COLUMNS, check, check_pages

# Read side by side where they are many. Every row is in one of them, whatever a flipped bit made of its run; the plus
# keeps SQLite from searching among keys that may be out of order: it looks at each.
HALVES = ("+run <= ?", "(+run <= ?) IS NOT TRUE")
SHARE = 0.6  # of the runs, in the first half: the process that reads the other one has more to do
PART = 2_000  # rows, few enough for the cache; what is read of them is dropped before the next
TYPES: Mapping[str, Any] = {  # of columns that are not texts
    **dict.fromkeys(("run", "trial", "repeat", "fidelity"), np.int64),
    **dict.fromkeys(("value", "true_value", "test_value", "cost", "ask_s", "evaluate_s", "tell_s"), float),
    **dict.fromkeys(("started_at", "duration"), float),
}


def read_trials(database: Path, meanwhile: Callable[[], object] = lambda: None) -> pd.DataFrame:
    """All trials in the order of runs and of their numbers.

    Raises `sqlite3.DatabaseError` where a page of the file is not whole or a row was changed. `meanwhile` is done in
    this process, beside the reading where that is done by several.
    """
    with closing(read_only(database)) as connection:
        runs, rows = connection.execute("SELECT max(id), total(budget) FROM runs").fetchone()
    first, second = (partial(read_half, database, half, round(SHARE * (runs or 0))) for half in HALVES)

    def here() -> pd.DataFrame:  # the last of the tasks is
        meanwhile()
        return second()

    tasks: list[Callable[[], Any]] = [first, partial(check_file, database), here]
    one, _, other = side_by_side(tasks, int(rows))
    trials: pd.DataFrame = pd.concat([one, other], ignore_index=True)
    return trials


def check_file(database: Path) -> None:
    """Look at every page; raises `sqlite3.DatabaseError` where one is not whole."""
    with closing(read_only(database)) as connection:
        check_pages(connection)


def read_half(database: Path, half: str, middle: int) -> pd.DataFrame:
    """The trials of the runs up to `middle`, or of the others."""
    with no_collection(), closing(read_only(database)) as connection:
        parts = list(read_parts(connection, half, middle))
    return in_one(parts, "trials")


def read_retrainings(connection: sqlite3.Connection) -> pd.DataFrame:
    """All retrainings, their run's id first; none of a database that has no place for them."""
    columns = COLUMNS["retrainings"]
    query = f"SELECT {', '.join(columns)} FROM retrainings ORDER BY run, repeat"
    rows = connection.execute(query).fetchall() if has_retrainings(connection) else []
    parts = [dict(zip(columns, map(typed, columns, zip(*rows, strict=True)), strict=True))] if rows else []
    return in_one(parts, "retrainings")


def in_one(parts: Sequence[Mapping[str, Any]], table: str) -> pd.DataFrame:
    """The `parts` of a table's columns one below the other; without any, its columns without rows."""
    parts = parts or [{name: typed(name, ()) for name in COLUMNS[table]}]
    return pd.DataFrame({name: joined([part[name] for part in parts]) for name in COLUMNS[table]})


@contextmanager
def no_collection() -> Iterator[None]:
    """Without the collector of cycles, which looks through millions of new tuples again and again; they have none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_parts(connection: sqlite3.Connection, half: str, middle: int) -> Iterator[dict[str, Any]]:
    """Columns of so many rows after the other."""
    names = COLUMNS["trials"]
    query = f"SELECT checksum, {', '.join(names)} FROM trials WHERE {half} ORDER BY run, trial"
    cursor = connection.execute(query, (middle,))
    while rows := cursor.fetchmany(PART):
        check("trials", [row[1:] for row in rows], [row[0] for row in rows])
        _, *columns = zip(*rows, strict=True)
        yield {name: typed(name, column) for name, column in zip(names, columns, strict=True)}


def typed(name: str, values: tuple[Any, ...]) -> Any:
    """A column of its type; NULL is NaN."""
    if name in TYPES:
        return np.array(values, dtype=TYPES[name])
    return pd.array(pa.array(values, pa.large_string()), dtype="str")  # without a look at each in Python


def joined(parts: list[Any]) -> Any:
    """One column of its parts."""
    return (
        np.concatenate(parts)
        if isinstance(parts[0], np.ndarray)
        else pd.concat(map(pd.Series, parts), ignore_index=True)
    )
