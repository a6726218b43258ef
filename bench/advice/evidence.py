"""What is on record of strategies: one row per run, with its regret after so many trials.

| column | meaning |
|---|---|
| `source` | `shipped`, or the experiment |
| `problem` `dim` `workers` | which cell of it |
| `categorical` | choices among the problem's parameters |
| `noisy` | 1 where told values differ from true ones, 0 where not; NaN: nobody knows the true ones (trainings) |
| `strategy` `version` `seed` `budget` | which run; the strategy without its workers |
| `regret` | after the trials of `LADDER`, as far as the run's budget went: a list |
| `optimiser_s` | seconds of ask and tell up to there: a list; empty in what is shipped, see `bench.prices` |

Rows of `random` are no runs: one per problem and dimension, the expected regret of the best of so many of its draws,
of which there are `budget`.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bench.analysis.anytime import CELL, random_curves
from bench.analysis.regret import RUN, known_optimum, regret_curves
from bench.analysis.scores import BASELINE
from bench.experiment import Experiment
from bench.records import FINISHED
from problems.space import Floats
from strategies.names import parts_of_name
from strategies.pruners.registry import NO_PRUNER

SHIPPED = "shipped"
EVIDENCE = Path(__file__).with_name("evidence.parquet")
STEPS = ((1, 30, 1), (30, 100, 5), (100, 200, 10), (200, 1001, 50))
LADDER: Floats = np.concatenate([np.arange(first, last, step) for first, last, step in STEPS]).astype(float)
COLUMNS = [
    *("source", "problem", "dim", "workers", "categorical", "noisy", "strategy", "version", "seed", "budget"),
    *("regret", "optimiser_s"),
]


def shipped() -> pd.DataFrame:
    """What came with this package."""
    return pd.read_parquet(EVIDENCE)


def reached(budget: int) -> int:
    """How many points of the ladder a run of `budget` trials comes to."""
    return int(np.searchsorted(LADDER, budget, side="right"))


def pooled(experiments: Sequence[Experiment]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The finished runs without a pruner, and their trials, each with its experiment's number as `part`."""
    parts = [experiment.runs.assign(part=part) for part, experiment in enumerate(experiments)]
    runs = pd.concat(parts, ignore_index=True)
    runs = runs[runs["status"].isin(FINISHED - {"skipped"}) & (runs["pruner"] == NO_PRUNER)]
    trials = pd.concat([experiment.trials.assign(part=part) for part, experiment in enumerate(experiments)])
    return runs, trials.merge(runs[[*RUN, "part"]], on=[*RUN, "part"])


def evidence_of(experiments: Sequence[Experiment], source: str) -> pd.DataFrame:
    """The rows above; problems that random search did not run on are left out.

    Where an optimum is stated only as a bound, regret counts from the best that anyone saw on that instance: seen from
    an error of 0 that nobody reaches, all would look the same. A run has the regret of random's first trial before its
    first success, and from where it failed.
    """
    runs, trials = pooled(experiments)
    runs = runs.assign(optimum=runs["optimum"].where(runs["optimum_origin"] != "bound"))
    runs, trials = known_optimum(runs, trials)
    baseline = random_rows(trials)
    if baseline.empty:
        return pd.DataFrame(columns=COLUMNS)
    parts = [run_rows(own, trials[trials["part"] == part], baseline) for part, own in runs.groupby("part")]
    rows = pd.concat([baseline, *(part for part in parts if len(part))])
    rows = rows.drop_duplicates([*CELL, "workers", "strategy", "seed", "budget"])
    return rows.merge(kinds_of(runs, trials), on=CELL).assign(source=source).reset_index(drop=True)[COLUMNS]


def random_rows(trials: pd.DataFrame) -> pd.DataFrame:
    """Random search's expected regret per problem and dimension, from all its draws, with how many workers ever."""
    draws = trials[[parts_of_name(name)[:2] == (BASELINE, "") for name in trials["strategy"]]]
    draws = draws.assign(strategy=BASELINE).drop_duplicates([*CELL, "seed", "trial"])
    curves = random_curves(draws, int(LADDER[-1]))
    cells = curves[curves["trial"].isin(LADDER)].groupby(CELL)
    rows = cells.agg(regret=("regret", list), budget=("pool", "first")).reset_index()
    nothing: pd.Series = pd.Series([[] for _ in rows.index], index=rows.index, dtype=object)
    return rows.assign(workers=1, strategy=BASELINE, version="", seed=0, optimiser_s=nothing)


def run_rows(runs: pd.DataFrame, trials: pd.DataFrame, baseline: pd.DataFrame) -> pd.DataFrame:
    """A row for each run of the others, on the problems of `baseline`."""
    regrets = along_ladder(regret_curves(runs, trials), "regret")
    spent = trials.assign(optimiser_s=(trials["ask_s"] + trials["tell_s"]).groupby([trials[n] for n in RUN]).cumsum())
    seconds = along_ladder(spent, "optimiser_s").ffill(axis=1)
    first = baseline.set_index(CELL)["regret"].str[0]
    rows = []
    for run in runs.merge(baseline[CELL], on=CELL).to_dict("records"):
        name = parts_of_name(run["strategy"])
        if name[:2] == (BASELINE, ""):
            continue
        key, steps = tuple(run[column] for column in RUN), reached(run["budget"])
        regret = regrets.loc[key].iloc[:steps].fillna(first[run["problem"], run["dim"]])
        rows.append(
            {column: run[column] for column in (*CELL, "seed", "budget")}
            | {"strategy": str(name._replace(workers=1)), "version": run["strategy_version"], "workers": name.workers}
            | {"regret": list(regret), "optimiser_s": list(seconds.loc[key].iloc[:steps])}
        )
    return pd.DataFrame(rows)


def along_ladder(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """`column` of each run (index: `RUN`) after the trials of `LADDER`; NaN where the run did not come to them."""
    kept = rows[rows["trial"].isin(LADDER)]
    return kept.pivot(index=RUN, columns="trial", values=column).reindex(columns=LADDER.astype(int))


def kinds_of(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """`categorical` and `noisy` of each problem in each dimension.

    Choices are told by their values, which are texts or truths; whether told values are true ones, by a true value
    beside them, or by an optimum that is known exactly.
    """
    exact = runs[runs["optimum_origin"].isin(["analytic", "certified"])].groupby(CELL).size()
    rows = []
    for key, cell in trials.groupby(CELL):
        values = json.loads(cell["config"].iloc[0]).values()
        differ = (cell["true_value"] - cell["value"]).abs().max()
        known = 0.0 if key in exact.index else np.nan
        noisy = known if np.isnan(differ) else float(differ > 0)
        rows.append((*key, sum(isinstance(value, str | bool) for value in values), noisy))
    return pd.DataFrame(rows, columns=[*CELL, "categorical", "noisy"])
