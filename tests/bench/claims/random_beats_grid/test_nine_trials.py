"""Nine trials: counted from the strategies, and a verdict that follows the counts."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.random_beats_grid.nine_trials import DIMS, PART, judge, proposals


def test_the_grid_tries_three_values_and_random_search_nine():
    for name, distinct in (("grid", 3), ("random", 9)):
        table = pd.DataFrame(proposals(name, 2, np.random.default_rng(0)))
        assert len(table) == 9
        assert table.nunique().tolist() == [distinct, distinct]


@pytest.mark.parametrize("dim", DIMS)
def test_in_every_dimension_random_search_tries_nine(dim: int):
    assert set(pd.DataFrame(proposals("random", dim, np.random.default_rng(1))).nunique()) == {9}
    assert pd.DataFrame(proposals("grid", dim, np.random.default_rng(1))).nunique().max() <= 3


def counts(random: list[int], grid: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"dim": dim, "strategy": name, "seed": seed, "parameter": "x1", "distinct": distinct}
            for dim in DIMS
            for name, values in (("random", random), ("grid", grid))
            for seed, distinct in enumerate(values)
        ]
    )


@pytest.mark.parametrize(
    ("random", "grid", "verdict"),
    [([9, 9, 8], [3, 3, 3], "holds"), ([2, 2, 3], [9, 9, 9], "does not hold"), ([9, 1, 5], [3, 5, 4], "undecided")],
)
def test_the_verdict_follows_the_counts(random: list[int], grid: list[int], verdict: str):
    finding = judge({"counts": counts(random, grid)})
    assert finding.verdict == verdict
    assert bool(finding.would_decide) == (verdict == "undecided")
    assert PART.take_away[finding.verdict]
