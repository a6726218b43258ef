"""Strategies at equal time: what each has found by a second, had every trial cost the same.

Optimiser seconds (ask and tell) are those that were recorded; what an evaluation took here is replaced by a `price`, in
seconds of a full trial, so that one set of runs says who is best where a trial takes a millisecond, and where an hour.

| symbol | meaning |
|---|---|
| `N` `R` | states (rows of `timed`), runs |
| `G` `P` | times, prices |
| `n` `k` | seeds of a problem and dimension, strategies |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bench.analysis.anytime import CELL, random_curves
from bench.analysis.groups import firsts
from bench.analysis.overall import SEED, most
from bench.analysis.paired_runs import of_strata
from bench.analysis.regret import RUN, TOLERANCE, charges, has_an_optimum, known_optimum, run_numbers
from bench.analysis.scores import BASELINE
from bench.analysis.statistics import bounds, stratified_means
from problems.space import Floats
from strategies.names import parts_of_name

ROW = ["price", "strategy", "time", "median", "low", "high", "n"]


@dataclass(frozen=True)
class Timed:
    """Runs whose states can be had at any time and price.

    `runs` (R): `problem`, `dim`, `seed`, `strategy`, of every strategy on each of them; `states` (N): `run` (a row of
    `runs`), `score` in [0, 1], `thought` (optimiser seconds so far), `spent` (full trials so far), in their order.
    """

    runs: pd.DataFrame
    states: pd.DataFrame

    @cached_property
    def cells(self) -> NDArray[np.intp]:
        """The number of each run's problem and dimension: (R,)."""
        return np.asarray(self.runs.groupby(CELL).ngroup(), dtype=np.intp)

    def times(self, price: float) -> Floats:
        """When each state was reached: (N,) seconds."""
        thought, spent = (self.states[name].to_numpy(dtype=float) for name in ("thought", "spent"))
        return thought + price * spent

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """The number of states of each run: (R,)."""
        return np.bincount(self.states["run"], minlength=len(self.runs))

    def of_changes(self) -> "Timed":
        """The same scores at any time by fewer states: where a score changes, and the first and last of each run."""
        run, score = (self.states[name].to_numpy() for name in ("run", "score"))
        begins = np.diff(run, prepend=-1) != 0
        matters = begins | np.append(begins[1:], True) | (np.diff(score, prepend=np.nan) != 0)
        return Timed(self.runs, self.states[matters])


def timed(runs: pd.DataFrame, trials: pd.DataFrame, curves: pd.DataFrame) -> Timed:
    """The runs of `curves` (rows of `regret_curves`), all by pairs, on problems with a known optimum or bound.

    `score` is regret over random search's expected regret after one trial, at most 1, as in `anytime.areas`: 1 before a
    first success and once a run has failed, which it has when its next trial would have ended. Strategies with several
    workers have a time of their own and are left out, and so are problems, dimensions and seeds that not every strategy
    ran. Empty where random search did not run.
    """
    known = has_an_optimum(curves)
    alone = [name for name in known["strategy"].unique() if parts_of_name(str(name)).workers == 1]
    known = known[known["strategy"].isin(alone)]
    first = random_curves(known_optimum(runs, trials)[1], 1)
    first = first.loc[first["regret"] > 0, [*CELL, "regret"]].rename(columns={"regret": "random"})
    rows = known[[*RUN, "trial", "regret"]].merge(first, on=CELL)
    chosen = firsts(rows, RUN)[RUN]
    chosen = chosen[chosen.groupby(SEED)["strategy"].transform("nunique") == len(alone)].reset_index(drop=True)
    needed = trials[[*RUN, "status", "cost", "ask_s", "tell_s"]]
    clock = thinking(needed[needed["strategy"].isin(alone)])
    states, clock = (frame.assign(run=places_of(frame, chosen)) for frame in (rows, clock))
    states = states[states["run"] >= 0].merge(clock.drop(columns=RUN), on=["run", "trial"])
    states["score"] = (states["regret"] / states["random"]).clip(0, 1).fillna(1.0)
    broken = chosen.merge(runs.loc[runs["status"] == "failed", RUN].drop_duplicates(), on=RUN)
    ends = states[states["run"].isin(places_of(broken, chosen))].drop_duplicates("run", keep="last")
    failed = ends.assign(score=1.0, spent=ends["spent"] + 1, trial=ends["trial"] + 1)
    states = pd.concat([states, failed]) if len(failed) else states
    ordered = states.sort_values(["run", "trial"], kind="stable", ignore_index=True)
    return Timed(chosen[[*SEED, "strategy"]], ordered[["run", "score", "thought", "spent"]])


def places_of(frame: pd.DataFrame, chosen: pd.DataFrame) -> NDArray[np.intp]:
    """For each row of `frame` the row of `chosen` with the same run; -1 where there is none."""
    number = run_numbers(frame)
    each = frame[RUN].assign(number=number)[~number.duplicated()]
    found = each.merge(chosen.assign(place=range(len(chosen))), on=RUN)
    places = np.full(len(each), -1)
    places[found["number"]] = found["place"]
    return places[number]


def thinking(trials: pd.DataFrame) -> pd.DataFrame:
    """Per run and full `trial` spent, the optimiser seconds (`thought`) and the exact budget (`spent`) until then."""
    run = run_numbers(trials)
    spent = charges(trials).groupby(run).cumsum()
    thought = (trials["ask_s"] + trials["tell_s"]).astype(float).groupby(run).cumsum()
    whole = np.ceil(spent - TOLERANCE).astype(int)
    table = trials[RUN].assign(trial=whole, thought=thought, spent=spent)
    return table[~pd.DataFrame({"run": run, "trial": whole}).duplicated(keep="last")]


def scores_at(found: Timed, price: float, at: Floats) -> Floats:
    """The score of every run at the times `at` (G,), rising: (R, G); what a run had at its end, it keeps."""
    slot = np.searchsorted(at, found.times(price))  # the first time at which a state is there
    latest = np.zeros((len(found.runs), len(at) + 1), dtype=np.intp)  # the last column: later than all
    np.maximum.at(latest, (found.states["run"].to_numpy(), slot), np.arange(1, len(slot) + 1))
    latest = np.maximum.accumulate(latest[:, :-1], axis=1)
    scores: Floats = np.append(1.0, found.states["score"].to_numpy())[latest]
    return scores


def ends_of(found: Timed, price: float) -> Floats:
    """When each run had its last state: (R,) seconds; 0 for a run without any."""
    counts = found.counts
    last = counts.cumsum()[counts > 0] - 1
    ends = np.zeros(len(counts))
    ends[counts > 0] = Timed(found.runs, found.states.take(last)).times(price)
    return ends


def random_ends(found: Timed, price: float) -> Floats:
    """For every run, when random search had spent its budget there (the median over seeds): (R,) seconds."""
    is_random = (found.runs["strategy"] == BASELINE).to_numpy()
    ends = pd.Series(ends_of(found, price)[is_random]).groupby(found.cells[is_random]).median()
    of_cells = np.asarray(ends.reindex(range(found.cells.max(initial=-1) + 1)), dtype=np.float64)
    return of_cells[found.cells]


def wide_strata(runs: pd.DataFrame, scores: Floats) -> tuple[list[str], list[Floats]]:
    """`scores` (R, G) as strategies and strata [(n, k, G), …]."""
    places = runs.assign(place=np.arange(len(runs))).pivot(index=SEED, columns="strategy", values="place")
    strata = of_strata(places)
    return list(places.columns), [scores[stratum.astype(int)] for stratum in strata]


def curves_in_time(found: Timed, prices: Sequence[float], points: int, rng: Generator) -> pd.DataFrame:
    """For each price, the mean score of each strategy at `points` times, as far as its own runs went.

    Times are even in the logarithm. Columns `ROW`: `median` is the drawn line, the mean over runs, with its 95 % band;
    `n` runs. NaN for one seed.
    """
    at, scores, found = [], [], found.of_changes()
    for price in prices:
        times = found.times(price)
        at.append(np.geomspace(times.min(), times.max() * (1 + 1e-9), points))
        scores.append(scores_at(found, price, at[-1]))
    names, strata = wide_strata(found.runs, np.concatenate(scores, axis=1))
    rows = np.concatenate(strata)  # (Σn, k, PG)
    low, high = intervals(strata, rng)
    mean = rows.mean(axis=0)
    tables = []
    for number, price in enumerate(prices):
        own = slice(number * points, (number + 1) * points)
        last = pd.Series(ends_of(found, price)).groupby(found.runs["strategy"]).max()
        for k, name in enumerate(names):
            band = {"median": mean[k, own], "low": low[k, own], "high": high[k, own], "n": len(rows)}
            table = pd.DataFrame({"price": price, "strategy": name, "time": at[number], **band})
            tables.append(table.iloc[: np.searchsorted(at[number], last[name]) + 1])  # nothing more comes after it
    return pd.concat(tables, ignore_index=True)[ROW]


def intervals(strata: Sequence[Floats], rng: Generator) -> tuple[Floats, Floats]:
    """The ends (k, G) of the intervals of means over the rows of `strata` [(n, k, G), …]; NaN for one seed."""
    if most(strata) < 2:
        nothing = np.full(strata[0].shape[1:], np.nan)
        return nothing, nothing
    return bounds(stratified_means(strata, rng))


def at_random_budget(found: Timed, prices: Floats, rng: Generator) -> pd.DataFrame:
    """The mean score of each strategy by the time that random search takes for its budget, at each of `prices` (P,).

    Columns: `price`, `strategy`, `median` (the mean over runs), `low`, `high`, `n`; `trials`, the mean number that had
    ended by then; `leads`: the share of bootstrap resamples of seeds in which no other mean is lower, NaN for one seed.
    """
    scores, counts = np.empty((2, len(found.runs), len(prices)))
    for number, price in enumerate(prices):
        # and half a trial: who thinks a microsecond longer than random search has not done a trial less
        done = reached_by(found, price, random_ends(found, price) + price / 2)
        scores[:, number] = last_scores(found, done)
        counts[:, number] = done
    names, strata = wide_strata(found.runs, scores)
    rows, ended = (np.concatenate(part) for part in (strata, wide_strata(found.runs, counts)[1]))
    boot = stratified_means(strata, rng)  # (resamples, k, P)
    several = most(strata) > 1
    low, high = bounds(boot) if several else np.full((2, *boot.shape[1:]), np.nan)
    leads = (boot == boot.min(axis=1, keepdims=True)).mean(axis=0) if several else np.full(boot.shape[1:], np.nan)
    tables = [
        pd.DataFrame(
            {
                "price": prices, "strategy": name, "median": rows[:, number].mean(axis=0), "low": low[number],
                "high": high[number], "n": len(rows), "trials": ended[:, number].mean(axis=0), "leads": leads[number],
            }
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def reached_by(found: Timed, price: float, at: Floats) -> NDArray[np.intp]:
    """How many of its states each run had reached by its time `at` (R,): (R,); by bisection, for they are in order."""
    thought, spent = (found.states[name].to_numpy(dtype=float) for name in ("thought", "spent"))
    high = found.counts.copy()
    before, low = np.append(0, high.cumsum())[:-1], np.zeros_like(high)
    while (unsure := np.flatnonzero(low < high)).size:
        middle = (low[unsure] + high[unsure]) // 2
        place = before[unsure] + middle
        is_there = thought[place] + price * spent[place] <= at[unsure]
        low[unsure[is_there]] = middle[is_there] + 1
        high[unsure[~is_there]] = middle[~is_there]
    return low


def last_scores(found: Timed, done: NDArray[np.intp]) -> Floats:
    """The score of every run after so many of its states, `done` (R,): (R,); 1 after none."""
    before = np.append(0, found.counts.cumsum())[:-1]
    scores = np.append(found.states["score"].to_numpy(), 1.0)
    chosen: Floats = scores[np.where(done > 0, before + done - 1, len(scores) - 1)]
    return chosen


def leaders(table: pd.DataFrame) -> pd.DataFrame:
    """Whose mean is lowest at which prices: rows of `at_random_budget` -> a row per stretch of prices, rising.

    Columns: `strategy`, `first` and `last` price, and of `leads` in between `least` and `most`.
    """
    best = table.loc[table.groupby("price")["median"].idxmin()].sort_values("price")
    stretch = (best["strategy"] != best["strategy"].shift()).cumsum()
    spans = best.groupby(stretch).agg(
        strategy=("strategy", "first"),
        first=("price", "min"),
        last=("price", "max"),
        least=("leads", "min"),
        most=("leads", "max"),
    )
    return spans.reset_index(drop=True)
