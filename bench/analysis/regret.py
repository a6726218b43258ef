"""Regret: what an incumbent is truly worth, trial by trial.

| column | meaning |
|---|---|
| `incumbent_value` | best told value so far: what the strategy could know |
| `incumbent_true` | true value of that incumbent: what it is worth |
| `incumbent_test` | held-out value of that incumbent, where the problem has one |
| `regret` | `incumbent_true` minus the optimum |
"""

import numpy as np
import pandas as pd

from bench.records import FINISHED

RUN = ["problem", "dim", "instance", "strategy", "pruner", "seed"]


def simple_regret(trials: pd.DataFrame) -> pd.DataFrame:
    """Add the columns above; one group per run, ordered by trial.

    The incumbent is chosen by the told `value` and scored by `true_value` (by `value` where no truth is known), so
    noise cannot flatter it. Failed trials keep the previous incumbent; before the first success all columns are NaN.
    """
    told = trials["value"].fillna(np.inf)
    run = trials.groupby(RUN, sort=False).ngroup()
    best = told.groupby(run).cummin()
    improves = (told < best.groupby(run).shift(fill_value=np.inf)).to_numpy()
    true = trials["true_value"].fillna(trials["value"])
    added = pd.DataFrame(
        {
            "incumbent_value": trials["value"].where(improves),
            "incumbent_true": true.where(improves),
            "incumbent_test": trials["test_value"].where(improves),
        }
    )
    added = added.groupby(run).ffill()
    return trials.assign(**added, regret=added["incumbent_true"] - trials["optimum"])


def known_optimum(runs: pd.DataFrame, trials: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Where a problem states no optimum, put the best value that anyone saw, and label it so."""
    cell = ["problem", "dim", "instance"]
    truth = trials["true_value"].fillna(trials["value"])
    best = truth.groupby([trials[name] for name in cell]).min().rename("best").reset_index()
    seen = runs[cell].merge(best, on=cell, how="left")["best"].set_axis(runs.index)
    unknown = runs["optimum"].isna() & seen.notna()
    filled = runs.assign(
        optimum=runs["optimum"].fillna(seen), optimum_origin=runs["optimum_origin"].mask(unknown, "best seen")
    )
    known = trials[cell].merge(filled[[*cell, "optimum"]].drop_duplicates(cell), on=cell, how="left")["optimum"]
    return filled, trials.assign(optimum=known.set_axis(trials.index))


def regret_curves(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Every run's regret from trial 1 to its budget: the rows of `simple_regret`, continued where that is honest.

    A run that was exhausted keeps its incumbent to the end of the budget; a failed one just stops. Unfinished runs are
    left out: what they lack would be read as their result.
    """
    runs, trials = known_optimum(runs, trials)
    finished = runs.loc[runs["status"].isin(FINISHED), RUN]
    trials = trials.merge(finished, on=RUN)
    curves = simple_regret(trials)[[*RUN, "trial", "incumbent_value", "incumbent_true", "incumbent_test", "regret"]]
    last = curves.groupby(RUN, sort=False).tail(1)
    short = last.merge(runs.loc[runs["status"] == "exhausted", [*RUN, "budget"]], on=RUN)
    missing = (short["budget"] - short["trial"]).to_numpy()
    tail = short.loc[short.index.repeat(missing)].drop(columns="budget")
    tail["trial"] += tail.groupby(level=0).cumcount() + 1
    whole = pd.concat([curves, tail], ignore_index=True).sort_values([*RUN, "trial"], ignore_index=True)
    labels = runs.drop_duplicates(RUN)[[*RUN, "value_label", "optimum_origin"]]
    return whole.merge(labels, on=RUN, how="left")
