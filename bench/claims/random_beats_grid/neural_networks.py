"""Figures 5 and 6: one hidden layer, seven or nine hyperparameters, 256 random trials and a grid of about a hundred.

Every data set is one instance: other seeds would be other data, and their trials no draws from one distribution. The
quick form trains small networks on small images; the full form has the paper's sizes.
"""

import pandas as pd

from bench.claims.claim import Profile, Setting
from bench.claims.runs import run
from problems.registry import problem_entry

SPACES = (7, 9)  # hyperparameters: without and with preprocessing
RANDOM_TRIALS = 256
GRID_TRIALS = 100  # at most; the strategy's balanced levels make 3·2⁵ = 96 of it
ENDING: dict[Profile, str] = {"quick": "", "full": "-paper"}
MADE = ("digits", "rectangles", "convex")  # data sets that everyone has; the longest trainings first
OWN = ("mnist", "cifar10")  # of the user's files, where they are there


def random_trials(setting: Setting) -> pd.DataFrame:
    """The 256 random trials on every data set in both spaces; run, or read back where another part has run them.

    Columns: `data_set`, `problem`, `dim` (7 or 9), `trial`, `config` (JSON), `value` (validation error), `test_value`.
    """
    return _trials(setting, "random", SPACES, RANDOM_TRIALS)


def grid_trials(setting: Setting) -> pd.DataFrame:
    """The grid's trials on every data set, seven hyperparameters; columns as of `random_trials`."""
    return _trials(setting, "grid", SPACES[:1], GRID_TRIALS)


def own_data_sets(profile: Profile) -> tuple[str, ...]:
    """The data sets that the user has the files of."""
    return tuple(name for name in OWN if not problem_entry(f"nnet-{name}{ENDING[profile]}").needs.missing())


def _trials(setting: Setting, strategy: str, dims: tuple[int, ...], budget: int) -> pd.DataFrame:
    """One experiment on what everyone has, and one more on each of the user's own data sets."""
    parts = []
    for data_sets in (MADE, *((name,) for name in own_data_sets(setting.profile))):
        names = {f"nnet-{name}{ENDING[setting.profile]}": name for name in data_sets}
        experiment = run(
            setting, "-".join(("networks", strategy, *data_sets)),
            problems=list(names), dims=list(dims), strategies=[strategy], trials=budget, seeds=1,
        )  # fmt: skip
        parts.append(experiment.trials.assign(data_set=experiment.trials["problem"].map(names)))
    columns = ["data_set", "problem", "dim", "trial", "config", "value", "test_value"]
    return pd.concat(parts, ignore_index=True)[columns]
