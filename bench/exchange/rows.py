"""Rows of a frame, for writers that go through them one by one."""

from collections.abc import Iterator
from typing import Any

import pandas as pd


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Each row with its columns as attributes."""
    return iter(frame.itertuples(index=False))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row as a dict, its values native to Python."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def groups(frame: pd.DataFrame, names: list[str]) -> dict[Any, pd.DataFrame]:
    """The parts of `frame` with equal values in the columns `names`, by those values, in order of appearance."""
    return dict(iter(frame.groupby(names, sort=False)))
