"""The normalised score: random search at the same trial is 1, the optimum is 0."""

import numpy as np
import pandas as pd

BASELINE = "random"


def normalised_scores(curves: pd.DataFrame) -> pd.DataFrame:
    """Median regret over seeds, divided by that of random search at the same trial of the same problem and dimension.

    Columns: `problem`, `dim`, `strategy`, `trial`, `score`. The median form of Bayesmark's score: adding a strategy
    changes nobody's. A run that failed counts as infinitely bad from there on, as in `median_band`. NaN where random
    search did not run, half of its runs failed, or it has no regret left.
    """
    cell = ["problem", "dim", "trial"]
    of_run = ["problem", "dim", "strategy", "seed"]
    every = curves[of_run].drop_duplicates().merge(curves[cell].drop_duplicates(), on=["problem", "dim"])
    regrets = every.merge(curves[[*of_run, "trial", "regret"]], on=[*of_run, "trial"], how="left")
    medians = regrets.fillna({"regret": np.inf}).groupby([*cell, "strategy"])["regret"].median().reset_index()
    baseline = medians[medians["strategy"] == BASELINE].drop(columns="strategy")
    scores = medians.merge(baseline, on=cell, how="left", suffixes=("", "_random"))
    scores["score"] = scores["regret"] / scores["regret_random"].replace([0, np.inf], np.nan)
    return scores[["problem", "dim", "strategy", "trial", "score"]]
