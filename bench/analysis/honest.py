"""What the winners are worth, and by how much they were flattered.

A winner is chosen because its told value is low, which is partly luck: with the noise of that trial, and with the cases
it was validated on. Evaluated again with streams of their own, winners keep what they deserve.

| column | meaning |
|---|---|
| `told` | value by which the run chose its final incumbent |
| `again` | mean of what it would be told under fresh streams: the luck with the noise is gone |
| `honest` | mean of its held-out value under fresh streams (its true value, where the problem knows that instead) |
| `luck` | `again` − `told` |
| `optimism` | `honest` − `told`: everything is minimised, so that above 0 the told value was too good to be true |

Where a problem is free of noise (its true value is the told one), a second evaluation would show what the first one
showed: the stored test value is the honest one, and there is no luck.
"""

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.overall import most
from bench.analysis.paired_runs import of_strata
from bench.analysis.regret import RUN, run_numbers
from bench.analysis.statistics import bounds, stratified_means

MEASURES = ("told", "again", "honest", "luck", "optimism")
ROW = ["problem", "dim", "seed"]


def honest_runs(trials: pd.DataFrame, curves: pd.DataFrame, retrainings: pd.DataFrame) -> pd.DataFrame:
    """One row per run of `curves` of which an honest score is known: its identity, the columns above, and two counts.

    `repeats`: evaluations of the incumbent that succeeded, 0 where there was no noise to escape; `failed`: the share of
    them that did not. A run of whose evaluations none succeeded is there, with NaN.
    """
    last = curves[~run_numbers(curves).duplicated(keep="last")].dropna(subset=["incumbent_value"])
    exact = (trials["true_value"] == trials["value"]) & trials["test_value"].notna()
    parts = [evaluated_again(last, retrainings), free_of_noise(last.merge(trials.loc[exact, RUN].drop_duplicates()))]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def evaluated_again(last: pd.DataFrame, retrainings: pd.DataFrame) -> pd.DataFrame:
    """The runs whose final incumbent was evaluated again; `last` are the last rows of `regret_curves`."""
    good = retrainings["status"] == "ok"
    held_out = retrainings["test_value"].fillna(retrainings["true_value"]).fillna(retrainings["value"])
    shown = retrainings.assign(good=good.astype(float), held_out=held_out.where(good))
    of_run = shown.groupby(RUN, sort=False)
    means = of_run.agg(
        again=("value", "mean"), honest=("held_out", "mean"), repeats=("good", "sum"), ok=("good", "mean")
    )
    found = last.merge(means.reset_index(), on=RUN).rename(columns={"incumbent_value": "told"})
    return with_differences(found.assign(failed=1 - found["ok"]))


def free_of_noise(last: pd.DataFrame) -> pd.DataFrame:
    """The runs on problems with a held-out part and without noise."""
    told = last["incumbent_value"]
    return with_differences(last.assign(told=told, again=told, honest=last["incumbent_test"], repeats=0, failed=0.0))


def with_differences(found: pd.DataFrame) -> pd.DataFrame:
    """The columns of `honest_runs`."""
    added = found.assign(luck=found["again"] - found["told"], optimism=found["honest"] - found["told"])
    return added[[*RUN, *MEASURES, "repeats", "failed"]]


def honest_scores(by_run: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Per problem and strategy, the mean over dimensions and seeds of each measure of `honest_runs`.

    Columns: `problem`, `strategy`, each measure x with `x_low` and `x_high` (95 %, stratified bootstrap; NaN with one
    seed), `n` (runs), `repeats` (of a run, mean), `failed`.
    """
    parts = []
    for problem, rows in by_run.groupby("problem", sort=False):
        table = rows.groupby("strategy").agg(
            n=("optimism", "count"), repeats=("repeats", "mean"), failed=("failed", "mean")
        )
        for measure in MEASURES:
            wide = rows.pivot(index=ROW, columns="strategy", values=measure)
            strata = of_strata(wide)
            low, high = bounds(stratified_means(strata, rng))
            several = most(strata) > 1
            table[measure] = wide.mean()
            table[f"{measure}_low"] = pd.Series(low if several else np.nan, index=wide.columns)
            table[f"{measure}_high"] = pd.Series(high if several else np.nan, index=wide.columns)
        parts.append(table.assign(problem=problem).reset_index())
    columns = ["problem", "strategy", *(f"{x}{end}" for x in MEASURES for end in ("", "_low", "_high"))]
    columns += ["n", "repeats", "failed"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def of_one_problem(scores: pd.DataFrame) -> pd.DataFrame:
    """`honest` and `optimism` of each strategy (index), their intervals and `n_honest`, where it is of one problem.

    Values of several problems have no common unit: then, and without any, all are NaN.
    """
    columns = [f"{x}{end}" for x in ("honest", "optimism") for end in ("", "_low", "_high")]
    shown = scores if scores["problem"].nunique() == 1 else scores.head(0)
    return shown.set_index("strategy")[[*columns, "n"]].astype(float).rename(columns={"n": "n_honest"})
