"""Which runs of two versions have the same trials, bit for bit: a change that should change nothing shows so here."""

import pandas as pd

from bench.agreement import COMPARED
from bench.comparison.pairing import INSTANCE, NEW, OLD

ROW = [*INSTANCE, "trial"]


def first_differences(trials: pd.DataFrame) -> pd.DataFrame:
    """The first difference of each pair of runs: columns of `INSTANCE`, `trial`, `column`; the same ones are not there.

    `trials` as in `Paired`. A trial that only one of the two has differs in `trial`.
    """
    one, other = (trials.loc[trials["strategy"] == side, [*ROW, *COMPARED]] for side in (OLD, NEW))
    both = one.merge(other, on=ROW, how="outer", suffixes=(OLD, NEW), indicator="side")
    column = pd.Series("", index=both.index).mask(both["side"] != "both", "trial")
    for name in COMPARED:
        mine, theirs = both[f"{name}{OLD}"], both[f"{name}{NEW}"]
        unlike = (mine != theirs) & ~(mine.isna() & theirs.isna())
        column = column.mask((column == "") & unlike, name)
    differing = both[ROW].assign(column=column)[column != ""]
    return differing.sort_values(ROW).drop_duplicates(INSTANCE).reset_index(drop=True)
