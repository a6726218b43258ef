"""The trials of a database as a table: checked row by row while they are read, a part at a time."""

import gc
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.database import has_retrainings, read_only
from bench.forked import side_by_side
from bench.integrity import COLUMNS, check

SHARES = 2  # of the runs, read side by side where they are many; more would wait for the one that joins them
PART = 5_000  # rows, few enough for the cache; what is read of them is dropped before the next
TYPES: Mapping[str, Any] = {  # of columns that are not texts
    **dict.fromkeys(("run", "trial", "repeat", "fidelity"), np.int64),
    **dict.fromkeys(("value", "true_value", "test_value", "cost", "ask_s", "evaluate_s", "tell_s"), float),
    **dict.fromkeys(("started_at", "duration"), float),
}


def read_trials(database: Path) -> pd.DataFrame:
    """All trials in the order of runs and of their numbers; raises `sqlite3.DatabaseError` where a row was changed."""
    with closing(read_only(database)) as connection:
        runs, rows = connection.execute("SELECT max(id), total(budget) FROM runs").fetchone()
    ends = np.linspace(0, runs or 0, SHARES + 1).astype(int).tolist()
    shares = [partial(read_share, database, after, until) for after, until in pairwise(ends)]
    return pd.concat(side_by_side(shares, int(rows)), ignore_index=True)


def read_share(database: Path, after: int, until: int) -> pd.DataFrame:
    """The trials of the runs with an id above `after`, up to `until`."""
    with no_collection(), closing(read_only(database)) as connection:
        parts = list(read_parts(connection, after, until))
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


def read_parts(connection: sqlite3.Connection, after: int, until: int) -> Iterator[dict[str, Any]]:
    """Columns of so many rows after the other."""
    names = COLUMNS["trials"]
    query = f"SELECT checksum, {', '.join(names)} FROM trials WHERE run > ? AND run <= ? ORDER BY run, trial"
    cursor = connection.execute(query, (after, until))
    while rows := cursor.fetchmany(PART):
        check("trials", [row[1:] for row in rows], [row[0] for row in rows])
        _, *columns = zip(*rows, strict=True)
        yield {name: typed(name, column) for name, column in zip(names, columns, strict=True)}


def typed(name: str, values: tuple[Any, ...]) -> Any:
    """A column of its type; NULL is NaN."""
    if name in TYPES:
        return np.array(values, dtype=TYPES[name])
    return pd.array(values, dtype="str")


def joined(parts: list[Any]) -> Any:
    """One column of its parts."""
    return (
        np.concatenate(parts)
        if isinstance(parts[0], np.ndarray)
        else pd.concat(map(pd.Series, parts), ignore_index=True)
    )
