"""Random trials of synthetic problems without the harness around them: a table in a few milliseconds."""

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.claims.random_importance import space_of
from bench.records import RunKey
from bench.run import make_problem


def drawn_trials(problems: Sequence[str], count: int, dim: int = 3, instances: int = 1) -> pd.DataFrame:
    """Columns of `Experiment.trials` that importance needs, and `data_set`, the problem's name."""
    rows = []
    for name in problems:
        space = space_of(name, dim)
        for instance in range(instances):
            rng = np.random.default_rng(instance)
            problem = make_problem(RunKey(name, dim, instance, "random", instance, count))
            for trial in range(1, count + 1):
                config = space.sample(rng)
                (seen,) = problem.observe(config, rng)
                row = {"data_set": name, "problem": name, "dim": dim, "instance": instance, "trial": trial}
                rows.append({**row, "config": json.dumps(config), "value": seen.value})
    return pd.DataFrame(rows)
