"""The parts of the comparison that turn measurements into its tables."""

import numpy as np
import pandas as pd
import pytest
from gp_peers import speed, strength

from tests.bench.made_by_hand import simple_runs


def times(ms: dict[str, list[float]]) -> pd.DataFrame:
    rows = [(5, name, trial + 1, value) for name, values in ms.items() for trial, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["dim", "strategy", "trial", "ms"])


def test_a_mark_is_the_mean_of_the_trials_before_it_and_blank_where_a_strategy_stopped_earlier():
    table = speed.at_marks(times({"gp": [9.0] * 94 + [1.0, 3.0] * 3, "slow": [50.0] * 30}))
    assert table.loc[(5, "gp"), 100] == pytest.approx((9.0 + 3 * 1.0 + 3 * 3.0) / 7)  # trials 94 to 100
    assert table.loc[(5, "slow"), 30] == 50.0
    assert np.isnan(table.loc[(5, "slow"), 100])
    lines = list(speed.lines(times({"gp": [2.0] * 30, "slow": [50.0] * 30})))
    assert lines[-1] == "| 5 | slow | 50 (25×) |"


@pytest.mark.parametrize(
    ("problem", "group"),
    [
        ("bbob-f5", "separable"), ("bbob-f6", "moderate"), ("bbob-f14", "ill-conditioned"),
        ("bbob-f19", "multi-modal"), ("bbob-f24", "weak structure"), ("mlp-digits", "tuning"),
    ],
)  # fmt: skip
def test_groups_are_those_of_the_suite(problem: str, group: str):
    assert strength.group_of(problem) == group


def test_only_cells_that_every_strategy_ran_are_compared():
    runs, trials = simple_runs({"gp": [[2.0], [1.0]], "a": [[1.0], [2.0]], "dear": [[3.0]]})
    two = strength.compare(runs, trials, ["gp", "a"])
    assert strength.rank_table(two)["all"].to_dict() == {"gp": 1.5, "a": 1.5}
    three = strength.compare(runs, trials, ["gp", "a", "dear"])
    assert strength.rank_table(three)["all"].to_dict() == {"a": 1.0, "gp": 2.0, "dear": 3.0}
    assert list(strength.rank_lines(three))[2].startswith("| a | **1.00** |")
