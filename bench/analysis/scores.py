"""The normalised score: random search at the same trial is 1, the optimum is 0."""

import numpy as np
import pandas as pd

BASELINE = "random"


def normalised_scores(curves: pd.DataFrame) -> pd.DataFrame:
    """Median regret over seeds, divided by that of random search at the same trial of the same problem and dimension.

    Columns: `problem`, `dim`, `strategy`, `trial`, `score`. The median form of Bayesmark's score: adding a strategy
    changes nobody's. NaN where random search did not run, or has no regret left.
    """
    cell = ["problem", "dim", "trial"]
    medians = curves.groupby([*cell, "strategy"])["regret"].median().rename("regret").reset_index()
    baseline = medians[medians["strategy"] == BASELINE].drop(columns="strategy")
    scores = medians.merge(baseline, on=cell, how="left", suffixes=("", "_random"))
    scores["score"] = scores["regret"] / scores["regret_random"].replace(0, np.nan)
    return scores[["problem", "dim", "strategy", "trial", "score"]]
