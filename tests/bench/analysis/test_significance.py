import numpy as np
import pandas as pd
import pytest
from scipy.stats import wilcoxon

from bench.analysis.regret import regret_curves
from bench.analysis.significance import final_log_regrets, holm, paired_against, signed_rank_p
from tests.bench.made_by_hand import a_run, frames, simple_runs, trials_of


def test_holm_by_hand():
    """Of 4 tests the smallest p counts 4 times, the next 3 times, and never less than the one before."""
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.6, 0.7])) == pytest.approx([1.0, 1.0])


def test_wilcoxon_of_a_published_example():
    """Hollander & Wolfe's depression data as in R's wilcox.test: V = 40 of 45, two-sided exact p = 0.03906."""
    first = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    (row,) = paired_against(pd.DataFrame({"a": second, "b": first}), "a").to_dict("records")
    assert row["p"] == pytest.approx(0.03906, abs=1e-5)
    assert (row["peer"], row["n"], row["wins"], row["losses"]) == ("b", 9, 7, 2)
    assert row["median_difference"] < 0


def test_p_is_that_of_scipy_and_exact_with_ties():
    """Five equal differences: 2 of 32 signs. 1 1 1 -2: mean ranks 2 2 2 4, W = 4; of the 16 sums 0, 2 (3), 4 (4) do."""
    rng = np.random.default_rng(0)
    for n in (3, 9, 30, 60):
        moved = rng.normal(0.3, 1, size=n)
        assert signed_rank_p(moved) == pytest.approx(wilcoxon(moved).pvalue)
    assert signed_rank_p(np.ones(5)) == pytest.approx(2 / 32)
    assert signed_rank_p(np.array([1.0, 1, 1, -2])) == pytest.approx(min(1, 2 * 8 / 16))


def test_only_cells_that_both_have_are_compared():
    values = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 3.0, np.nan, 4.0], "c": [np.nan] * 4})
    table = paired_against(values, "a").set_index("peer")
    assert table.loc["b", ["n", "wins", "losses"]].tolist() == [3, 2, 0]
    assert table.loc["c", ["n", "p", "p_holm"]].tolist() == [0, 1.0, 1.0]


def test_equal_strategies_differ_in_five_percent_of_experiments_at_most():
    """A/A: 400 experiments of 20 cells against two peers; 5 % of a family is 20, 32 are beyond 99.5 % of chance."""
    rng = np.random.default_rng(0)
    different = 0
    for _ in range(400):
        values = pd.DataFrame(rng.normal(size=(20, 3)), columns=["a", "b", "c"])
        different += bool((paired_against(values, "a")["p_holm"] < 0.05).any())
    assert different <= 32


def test_a_final_regret_is_a_mean_over_seeds_of_logs():
    runs, trials = simple_runs({"a": [[5.0, 0.1], [5.0, 0.001]], "b": [[1.0, 1.0], [0.0, 0.0]]})
    values = final_log_regrets(regret_curves(runs, trials))
    assert values.index.tolist() == [("sphere", 2)]
    assert values.loc[("sphere", 2)].to_dict() == pytest.approx({"a": -2.0, "b": -4.0})  # 0 counts as 1e-8


def test_a_failed_run_is_as_bad_as_the_worst():
    good, bad, broken = a_run("a", 0, 2), a_run("b", 0, 2), a_run("c", 0, 2, "failed")
    parts = [
        (good, trials_of(good, [1.0, 1.0])),
        (bad, trials_of(bad, [100.0] * 2)),
        (broken, trials_of(broken, [0.1])),
    ]
    values = final_log_regrets(regret_curves(*frames(*parts)))
    assert values.loc[("sphere", 2)].to_dict() == pytest.approx({"a": 0.0, "b": 2.0, "c": 2.0})
