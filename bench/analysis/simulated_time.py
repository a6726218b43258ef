"""Search by several workers at once, against simulated time; its unit is a mean full trial (`Problem.duration`).

A run with one worker, too, has a simulated time: that of its trials, one after the other.
"""

import numpy as np
import pandas as pd

from bench.analysis.regret import RUN, known_optimum, simple_regret
from bench.records import FINISHED
from bench.schedule import ends
from problems.space import Floats
from strategies.names import parts_of_name

CELL = ["problem", "dim", "strategy"]
POSITIONS = 80  # of a line, evenly spaced in the logarithm of time
SPEED_UP = ["strategy", "workers", "speed_up", "cells", "reached"]


def has_workers(runs: pd.DataFrame) -> bool:
    """Whether any of the strategies had several workers."""
    return any(parts_of_name(name).workers > 1 for name in runs["strategy"].unique())


def searcher_of(name: str) -> str:
    """The strategy without its workers: those that differ in nothing else share it."""
    return str(parts_of_name(name)._replace(workers=1))


def simulated_curves(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """`simple_regret` of the finished runs in the order in which their trials ended, with that time: `ended`.

    What is known at a time are the trials that have ended by then. A run that failed just stops.
    """
    runs, trials = known_optimum(runs, trials)
    finished = runs.loc[runs["status"].isin(FINISHED - {"skipped"}), RUN]
    parts = [
        rows.assign(ended=ends(rows["duration"], parts_of_name(str(key[RUN.index("strategy")])).workers))
        for key, rows in trials.merge(finished, on=RUN).sort_values([*RUN, "trial"]).groupby(RUN, sort=False)
    ]
    if not parts:
        return simple_regret(trials.head(0)).assign(ended=pd.Series(dtype=float))
    timed = simple_regret(pd.concat(parts).sort_values([*RUN, "ended", "trial"], ignore_index=True))
    return timed.merge(runs[[*RUN, "value_label", "optimum_origin", "status"]], on=RUN).rename(
        columns={"status_x": "status", "status_y": "run_status"}
    )


def at_times(curves: pd.DataFrame, column: str) -> pd.DataFrame:
    """`column` of `simulated_curves` at common times, for bands over seeds.

    Columns: `dim`, `strategy`, `seed`, `time`, `column`; a dimension's strategies share their times, from the first end
    of a trial to the last, each as far as it came and with its own last end. NaN before a run's first success, and
    after a run that failed.
    """
    frames = []
    for dim, of_dim in curves.groupby("dim"):
        times = np.geomspace(of_dim["ended"].min(), of_dim["ended"].max(), POSITIONS)
        for strategy, of_strategy in of_dim.groupby("strategy"):
            end = of_strategy["ended"].max()
            shown = np.append(times[times < end * (1 - 1e-9)], end)
            for seed, run in of_strategy.groupby("seed"):
                facts = {"dim": dim, "strategy": strategy, "seed": seed}
                frames.append(pd.DataFrame({**facts, "time": shown, column: step_function(run, column, shown)}))
    return pd.concat(frames, ignore_index=True)


def step_function(run: pd.DataFrame, column: str, times: Floats) -> Floats:
    """`column` of one run of `simulated_curves` as it is known at `times` (t,): (t,)."""
    ended = run["ended"].to_numpy()
    known: Floats = np.append(np.nan, run[column].to_numpy())[np.searchsorted(ended, times, side="right")]
    gone = times > ended[-1] if (run["run_status"] == "failed").all() else False
    return np.where(gone, np.nan, known)


def hitting_time(run: pd.DataFrame, target: float) -> float:
    """When a run's regret is first down at `target`; inf if never."""
    hit = run.loc[run["regret"] <= target, "ended"]
    return float(hit.min()) if len(hit) else np.inf


def speed_ups(curves: pd.DataFrame) -> pd.DataFrame:
    """How many times as fast a strategy's workers come as far as its fewest workers came in half of their trials.

    Per problem and dimension: the target is the median regret over seeds of the arm with the fewest workers after half
    of its trials, and the time that of the median seed. `speed_up`: geometric mean of the ratios of times where the
    target was `reached`, of so many `cells`; NaN where none was. Ideal is the ratio of the workers; a trial that is
    asked before others have ended is asked knowing less, and within the budget there are twice as many to make up.
    """
    rows = []
    named = curves.assign(searcher=curves["strategy"].map(searcher_of))
    for (searcher, *_), cell in named.groupby(["searcher", "problem", "dim"], sort=False):
        arms = {parts_of_name(str(name)).workers: arm for name, arm in cell.groupby("strategy")}
        fewest = arms[min(arms)]
        target = float(fewest.groupby("seed")["regret"].agg(halfway).median())
        whole = median_time(fewest, target)
        rows += [(searcher, count, whole / median_time(arm, target)) for count, arm in arms.items()]
    table = pd.DataFrame(rows, columns=["strategy", "workers", "ratio"]).astype({"workers": int, "ratio": float})
    reached = table["ratio"] > 0  # a time that is not infinite
    table = table.assign(reached=reached, log=np.log(table["ratio"].where(reached)))
    grouped = table.groupby(["strategy", "workers"])
    found = grouped.agg(log=("log", "mean"), cells=("log", "size"), reached=("reached", "sum")).reset_index()
    return found.assign(speed_up=np.exp(found["log"]))[SPEED_UP]


def halfway(regrets: pd.Series) -> float:
    """A run's regret after half of its trials."""
    return float(regrets.iloc[(len(regrets) - 1) // 2])


def median_time(arm: pd.DataFrame, target: float) -> float:
    """The median over seeds of `hitting_time`, of two the earlier; inf where fewer than half of them came so far."""
    times: Floats = np.sort([hitting_time(run, target) for _, run in arm.groupby("seed")])
    return float(times[(len(times) - 1) // 2])
