"""Experiments as they are browsed: read once, kept while their files stay the same, split into cells on demand."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.analysis.competitors import by_pair
from bench.analysis.ranks import final_order, ranks
from bench.analysis.regret import RUN, regret_curves, run_numbers
from bench.analysis.statistics import median_band
from bench.analysis.summary import at_the_end
from bench.database import DATABASE, folder_of
from bench.errors import UsageError
from bench.experiment import Experiment, load_experiment
from bench.plots.regret_figures import Measure, measure_of
from bench.records import FINISHED
from bench.seeding import rng_for

IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
Stamp: TypeAlias = tuple[tuple[int, int] | None, ...]  # of the database's files: time of change in ns, bytes

KEPT = 2  # experiments in memory: a million trials are half a gigabyte
CELLS = 64  # of each, with their curves; 5 MB where they have 50,000 trials
LARGE = 100_000  # trials, from which a cell takes so long to make that one waits for it
PAUSE = 0.03  # seconds
REST = 4.0  # times as long as reading took, it is not read again
SCORED = ["trial", "value", "true_value", "test_value", "status", "cost", "optimum"]


@dataclass(frozen=True, eq=False)
class Cell:
    """A problem in a dimension, all of its runs; `strategy` names the strategy with its pruner.

    `curves` are those of `regret_curves`, and of `open` runs, which are not finished, as far as they got; `bands` are
    over the finished runs alone. `order`: the strategies, the best mean rank first.
    """

    runs: pd.DataFrame
    curves: pd.DataFrame
    bands: pd.DataFrame
    measure: Measure
    order: Sequence[str]


class Opened:
    """An experiment that was read, and when."""

    def __init__(self, experiment: Experiment, stamp: Stamp, read_s: float) -> None:
        self.experiment, self.stamp, self.read_s = experiment, stamp, read_s
        self.read_at = time.monotonic()
        both = pd.concat([experiment.runs[RUN], experiment.trials[RUN]], ignore_index=True)
        of_run, of_trial = np.split(run_numbers(both).to_numpy(), [len(experiment.runs)])  # a number per run
        first = np.flatnonzero(np.diff(of_trial, prepend=-1))  # trials are stored run by run
        begin, count = np.zeros((2, of_run.max(initial=-1) + 1), dtype=np.int64)
        begin[of_trial[first]] = first
        count[of_trial[first]] = np.diff(first, append=len(of_trial))
        self._begin, self._count = begin[of_run], count[of_run]  # of each run: the place of its first trial, how many
        self._lock = Lock()
        self._cells: OrderedDict[tuple[str, int], Cell] = OrderedDict()

    def trials_of(self, runs: pd.DataFrame) -> pd.DataFrame:
        """The stored trials of `runs`, which are rows of the experiment's."""
        if len(runs) == 1:  # nothing is copied
            (place,) = self._rows(runs)
            return self.experiment.trials.iloc[self._begin[place] : self._begin[place] + self._count[place]]
        return self.experiment.trials.take(self._places(runs)[0])

    def cell(self, problem: str, dim: int) -> Cell:
        """The cell of a problem and dimension that have runs."""
        with self._lock:  # several callbacks of one page ask for the same
            if (problem, dim) not in self._cells:
                while len(self._cells) >= CELLS:
                    self._cells.popitem(last=False)
                self._cells[problem, dim] = self._make_cell(problem, dim)
            return self._cells[problem, dim]

    def prepare(self) -> None:
        """Make every cell, one after the other, while the first is looked at."""
        cells = self.experiment.runs[["problem", "dim"]].drop_duplicates()[:CELLS]
        for problem, dim in cells.itertuples(index=False):
            self.cell(str(problem), int(dim))
            time.sleep(PAUSE)  # whoever asks for another one comes first

    def _places(self, runs: pd.DataFrame) -> tuple[IntArray, IntArray]:
        """Where the trials of `runs` are, and of which of them each is: 0, 1, …"""
        begin, count = (numbers[self._rows(runs)] for numbers in (self._begin, self._count))
        of_run = np.repeat(np.arange(len(runs)), count)
        return np.arange(len(of_run)) + (begin - np.cumsum(count) + count)[of_run], of_run

    def _rows(self, runs: pd.DataFrame) -> IntArray:
        return np.asarray(self.experiment.runs.index.get_indexer(runs.index))

    def _make_cell(self, problem: str, dim: int) -> Cell:
        every = self.experiment.runs
        runs = every[(every["problem"] == problem) & (every["dim"] == dim)]
        places, of_run = self._places(runs)
        trials = self.experiment.trials[SCORED].take(places).reset_index(drop=True)
        is_open = ~runs["status"].isin(FINISHED).to_numpy()
        runs, curves = by_pair(runs), curves_of(runs, trials, of_run, is_open)
        curves["strategy"] = runs["strategy"].array.take(curves["run"])
        measure, closed = measure_of(curves), curves[~curves["open"]]
        bands = median_band(closed, measure.column, ["strategy"], "trial", rng_for("explore", problem, dim))
        return Cell(runs, curves, bands, measure, order_of(runs[~is_open], closed, runs["strategy"]))


def curves_of(runs: pd.DataFrame, trials: pd.DataFrame, of_run: IntArray, is_open: BoolArray) -> pd.DataFrame:
    """`regret_curves`, also of runs that are open, with columns `run` (the place in `runs`) and `open`.

    The runs' places stand for their names: numbers are grouped in a third of the time.
    """
    named = runs.assign(problem=0, strategy=np.arange(len(runs)), pruner=0)
    begun = np.isin(np.arange(len(runs)), of_run)
    named["status"] = named["status"].mask(is_open & begun, "done")
    facts = named[RUN].take(of_run).reset_index(drop=True)
    curves = regret_curves(named, pd.concat([facts, trials], axis=1))
    return curves.assign(problem=runs["problem"].iloc[0], run=curves["strategy"], open=is_open[curves["strategy"]])


def order_of(runs: pd.DataFrame, curves: pd.DataFrame, names: pd.Series) -> Sequence[str]:
    """All `names`, the best mean rank at the end of the budget first."""
    if curves.empty:
        return list(names.unique())
    last = at_the_end(curves).assign(trial=1)
    return final_order(ranks(runs.assign(budget=1), last), names)


class Shelf:
    """The experiments below `results` that were looked at last."""

    def __init__(self, results: Path) -> None:
        self.results = results
        self._kept: OrderedDict[str, Opened] = OrderedDict()
        self._lock = Lock()

    def opened(self, name: str) -> Opened:
        """The experiment as it was read last, or read now; raises `UsageError` where it cannot be read."""
        with self._lock:
            return self._newest(name) if name not in self._kept else self._kept[name]

    def cell(self, name: str, problem: str, dim: int) -> Cell:
        """A cell of an experiment."""
        return self.opened(name).cell(problem, dim)

    def refreshed(self, name: str) -> Opened:
        """The experiment as it is now, unless it is so large that it would be read all the time."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or (self.is_rested(kept) and kept.stamp != stamp_of(folder_of(name, self.results))):
                return self._newest(name)
            return kept

    @staticmethod
    def is_rested(kept: Opened) -> bool:
        """Whether it may be read again by now."""
        return time.monotonic() > kept.read_at + REST * kept.read_s

    def _newest(self, name: str) -> Opened:
        self._kept.pop(name, None)
        while len(self._kept) >= KEPT:
            self._kept.popitem(last=False)
        folder = folder_of(name, self.results)
        stamp, begin = stamp_of(folder), time.monotonic()  # before it is read: what is written meanwhile is seen later
        experiment = load_experiment(folder)
        if experiment.runs.empty:
            raise UsageError(f"{folder} has no runs: every one of its cells was skipped; see `python -m bench plan`")
        opened = Opened(experiment, stamp, time.monotonic() - begin)
        self._kept[name] = opened
        if len(experiment.trials) > LARGE:
            Thread(target=opened.prepare, daemon=True).start()
        return opened


def stamp_of(folder: Path) -> Stamp:
    """What changes with the database in `folder`."""
    return tuple(changed(folder / f"{DATABASE}{ending}") for ending in ("", "-wal"))


def changed(path: Path) -> tuple[int, int] | None:
    """None where there is nothing: readers make an empty write-ahead log, and take it away."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found.st_size else None
