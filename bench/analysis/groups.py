"""Groups of a long table and facts about them, whose keys are texts: pandas looks at every text of every row each time.

Our tables hold the trials of a run one after the other, so that nearly every row has the keys of the one before it:
one row of each such block is enough.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def group_numbers(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """As `rows.groupby(by).ngroup()`: in any order right, and fast where equal keys follow each other. Without NaN."""
    begins = beginnings(rows, by)
    numbers = rows.loc[begins, list(by)].groupby(list(by)).ngroup().to_numpy()
    return pd.Series(numbers[begins.cumsum() - 1], index=rows.index)


def firsts(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """As `rows.drop_duplicates(by)`."""
    return rows[beginnings(rows, by)].drop_duplicates(by)


def with_facts(rows: pd.DataFrame, facts: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """`rows` with the other columns of `facts`, which has at most one row for what is in `by`; missing where none."""
    begins = beginnings(rows, by)
    found = rows.loc[begins, list(by)].merge(facts, on=list(by), how="left", validate="many_to_one")
    whole = found.drop(columns=list(by)).take(begins.cumsum() - 1).set_axis(rows.index)
    return rows.assign(**{str(name): whole[name] for name in whole})


def beginnings(rows: pd.DataFrame, by: Sequence[str]) -> NDArray[np.bool_]:
    """Whether a row differs in `by` from the one before it."""
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = False
    for name in by:
        keys = rows[name].array
        begins[1:] |= np.asarray(keys[1:] != keys[:-1], dtype=bool)
    return begins
