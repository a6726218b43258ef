"""The evidence as arrays, and how good everyone is in a situation: regret over random's, after as much time.

| symbol | meaning |
|---|---|
| `r` `c` `k` | runs, cells (of one source), strategies; random search is the first of them |
| `L` | points of `LADDER` |
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.advice.evidence import LADDER
from bench.advice.situation import Situation, trials_in_time
from bench.analysis.scores import BASELINE
from bench.prices import PriceList
from problems.space import Floats
from problems.wrappers.names import split
from strategies.names import parts_of_name

CELL = ["source", "problem", "dim", "workers", "categorical", "noisy"]
FURTHEST = 2.0  # times as many trials as a run had, for which its last regret may stand
SHORTEST = 3.0  # times as few: many plan by their budget, and what they do early in a long run is another thing
MOST = 3.0  # that a run counts: one that went very wrong is not to outweigh all others
WHOLE = 0.95  # of the trials: from there on a run counts as long enough


@dataclass(frozen=True)
class Record:
    """Runs of strategies and random's expected regret, cell by cell."""

    cells: pd.DataFrame  # columns `CELL` and `base`, the problem without wrappers
    strategies: tuple[str, ...]
    random: Floats  # (c, L), NaN beyond its draws
    regret: Floats  # (r, L), at its last value beyond the run's budget
    budget: Floats  # (r,) trials
    cell: NDArray[np.intp]  # (r,)
    strategy: NDArray[np.intp]  # (r,)
    optimiser_s: Floats  # (r, L) seconds of ask and tell so far, NaN where they are not on record
    prices: PriceList

    def thinking(self, strategy: int, dims: int, trials: int) -> Floats | None:
        """Seconds of ask and tell at each of `trials`: (n,), by price, else as recorded; None where nobody knows."""
        searcher, given, _ = parts_of_name(self.strategies[strategy])
        numbers = np.arange(1.0, trials + 1)
        if not given and ("strategy", searcher) in self.prices.seconds:
            return self.prices.curve("strategy", searcher, dims, numbers)
        rows = self.optimiser_s[self.strategy == strategy]
        known = np.isfinite(rows).all(axis=0) if len(rows) else np.zeros(len(LADDER), dtype=bool)
        if not known.any():
            return None
        per_trial = rows[:, known].mean(axis=0) / LADDER[known]
        spent: Floats = numbers * np.interp(numbers, LADDER[known], per_trial)
        return np.maximum(np.diff(spent, prepend=0.0), 0.0)


@dataclass(frozen=True)
class Scores:
    """Regret over random's after the situation's time, by cell and strategy; random's is 1, NaN is not on record."""

    values: Floats  # (c, k)
    trials: Floats  # (k,) that each strategy has in that time; NaN where nobody knows how long it thinks
    thinking_s: Floats  # (k,) what it thinks for all of the situation's trials
    bound: NDArray[np.bool_]  # (c, k): its runs were shorter than that, and the score is at most this


def record_of(evidence: pd.DataFrame, prices: PriceList) -> Record:
    """The rows of `bench.advice.evidence`, in which every cell has its row of random search, as a record."""
    is_random = evidence["strategy"] == BASELINE
    runs = evidence[~is_random].reset_index(drop=True)
    cells = runs[CELL].drop_duplicates(ignore_index=True)
    number = cells.reset_index(names="cell")
    strategies = (BASELINE, *dict.fromkeys(runs["strategy"]))
    of_problem = evidence[is_random].drop_duplicates(["source", "problem", "dim"])
    random = cells.merge(
        of_problem[["source", "problem", "dim", "regret"]], on=["source", "problem", "dim"], how="left"
    )
    regret = padded(runs["regret"])
    return Record(
        cells=cells.assign(base=[split(name)[0] for name in cells["problem"]]),
        strategies=strategies,
        random=padded(random["regret"]),
        regret=pd.DataFrame(regret).ffill(axis=1).to_numpy(),
        budget=runs["budget"].to_numpy(dtype=float),
        cell=runs[CELL].merge(number, on=CELL, how="left")["cell"].to_numpy(),
        strategy=pd.Index(strategies).get_indexer(runs["strategy"]),
        optimiser_s=padded(runs["optimiser_s"]),
        prices=prices,
    )


def padded(lists: pd.Series) -> Floats:
    """Lists of numbers as rows of one array as wide as the ladder: (n, L), NaN where they end."""
    rows: Floats = np.full((len(lists), len(LADDER)), np.nan)
    for row, numbers in zip(rows, lists, strict=True):
        row[: len(numbers)] = numbers
    return rows


def after(trials: float, rows: Floats) -> Floats:
    """What `rows` (n, L) are after so many trials, 1 or more, not whole ones: (n,), linear in the logarithm between."""
    right = int(np.clip(np.searchsorted(LADDER, trials), 1, len(LADDER) - 1))
    low, high = np.log(LADDER[right - 1 : right + 1])
    share = float(np.clip((np.log(trials) - low) / (high - low), 0.0, 1.0))
    if share in (0.0, 1.0):  # the other side may be NaN
        return rows[:, right - 1 + int(share)]
    between: Floats = (1 - share) * rows[:, right - 1] + share * rows[:, right]
    return between


def scores(record: Record, situation: Situation) -> Scores:
    """Mean over seeds of regret, over random's expected one after the situation's trials, for each of the cells.

    A strategy has as many trials as its own thinking leaves time for (`trials_in_time`); one that would not end its
    first has no score. Runs with less than half as many trials, or planned for more than three times as many as the
    situation has, do not count.
    """
    shape = len(record.cells), len(record.strategies)
    trials, spent = np.full((2, shape[1]), np.nan)
    sums, counts, short = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    scale = after(situation.trials, record.random)  # (c,)
    planned = record.budget <= SHORTEST * situation.trials
    for strategy in range(shape[1]):
        thinking = record.thinking(strategy, situation.dims, situation.trials)
        if thinking is None:
            continue
        trials[strategy] = n = trials_in_time(thinking, situation)
        spent[strategy] = thinking.sum()
        rows = (record.strategy == strategy) & planned & (n <= record.budget * FURTHEST)
        if n >= 1 and rows.any():
            with np.errstate(divide="ignore", invalid="ignore"):
                shares = after(n, record.regret[rows]) / scale[record.cell[rows]]
            np.add.at(sums[:, strategy], record.cell[rows], np.minimum(shares, MOST))
            np.add.at(counts[:, strategy], record.cell[rows], 1)
            short[record.cell[rows & (record.budget < WHOLE * n)], strategy] = True
    known = (counts > 0) & (scale > 0)[:, None]  # where random search is at the optimum there is nothing to compare
    values = np.divide(sums, counts, out=np.full(shape, np.nan), where=known)
    values[:, 0] = np.where(scale > 0, 1.0, np.nan)
    return Scores(values, trials, spent, short)
