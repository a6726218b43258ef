"""The trials of a database as a table: checked row by row while they are read, a part at a time."""

import gc
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from bench.integrity import COLUMNS, check

PART = 5_000  # rows, few enough for the cache; what is read of them is dropped before the next
TYPES: Mapping[str, Any] = {  # of columns that are not texts
    **dict.fromkeys(("run", "trial", "fidelity"), np.int64),
    **dict.fromkeys(("value", "true_value", "test_value", "cost", "ask_s", "evaluate_s", "tell_s"), float),
    **dict.fromkeys(("started_at", "duration"), float),
}


def read_trials(connection: sqlite3.Connection) -> pd.DataFrame:
    """All trials in the order of runs and of their numbers; raises `sqlite3.DatabaseError` where a row was changed."""
    with no_collection():
        parts = list(read_parts(connection)) or [{name: typed(name, ()) for name in COLUMNS["trials"]}]
    return pd.DataFrame({name: joined([part[name] for part in parts]) for name in COLUMNS["trials"]})


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


def read_parts(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Columns of so many rows after the other."""
    names = COLUMNS["trials"]
    cursor = connection.execute(f"SELECT checksum, {', '.join(names)} FROM trials ORDER BY run, trial")
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
