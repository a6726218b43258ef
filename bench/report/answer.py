"""The answer first: who leads at a quarter, at half, and at the end of the budget, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bench.analysis.leaders import CLOSE, LOSES, WINS
from bench.report.wording import bracket, number

PARTS = {0.25: "a quarter", 0.5: "half", 1.0: "the whole budget"}


@dataclass(frozen=True)
class Answer:
    """One line of the answer: names as they are, numbers in words."""

    trials: str
    part: str
    leader: str  # empty where nothing tells the strategies apart
    mean_rank: str
    n: int
    worse: Sequence[str]  # told apart: their regret is higher
    better: Sequence[str]  # told apart: their regret is lower, whatever the ranks say
    close: Sequence[str]  # not told apart
    untested: str


def answers(leaders: pd.DataFrame) -> list[Answer]:
    """A line per part of the budget, of parts of as many trials the largest; `leaders` as in `Measures`."""
    lines = {}
    for share, rows in leaders.groupby("share"):
        first = rows.iloc[0]
        low, high = int(first["trials_low"]), int(first["trials_high"])
        tied = len(rows) > 1 and rows["mean_rank"].nunique() == 1

        def told(verdict: str, rows: pd.DataFrame = rows) -> list[str]:
            return rows.loc[rows["verdict"] == verdict, "strategy"].tolist()

        lines[low, high] = Answer(
            trials=f"{low}" if low == high else f"{low}–{high}",
            part=PARTS.get(float(str(share)), f"{share:g} of the budget"),
            leader="" if tied else str(first["strategy"]),
            mean_rank=number(first["mean_rank"]) + bracket(first["mean_rank_low"], first["mean_rank_high"]),
            n=int(first["n"]),
            worse=told(LOSES),
            better=told(WINS),
            close=told(CLOSE),
            untested=str(first["untested"]),
        )
    return list(lines.values())
