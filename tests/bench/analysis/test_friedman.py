import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.analysis.friedman import cliques, critical_difference, friedman, mean_ranks_of, nemenyi

NAMES = ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"]
DEMSAR = pd.DataFrame(  # ranks of table 6
    [
        [4, 3, 2, 1], [1, 2, 3, 4], [4, 1, 2, 3], [4, 1, 3, 2], [4, 2, 3, 1], [1, 2.5, 4, 2.5], [3, 2, 4, 1],
        [2.5, 2.5, 4, 1], [4, 3, 2, 1], [2.5, 2.5, 2.5, 2.5], [4, 2.5, 1, 2.5], [3, 2, 4, 1], [4, 1, 2, 3],
        [3, 1, 4, 2],
    ],
    columns=NAMES,
)  # fmt: skip


def test_the_example_of_demsar():
    test = friedman(DEMSAR)
    assert (test.n, test.k) == (14, 4)
    assert test.chi2 == pytest.approx(9.28, abs=0.01)
    assert test.f == pytest.approx(3.69, abs=0.01)
    assert 0.01 < test.p < 0.05  # F(3, 39) = 2.85 is critical at 0.05
    assert mean_ranks_of(DEMSAR)[NAMES].tolist() == pytest.approx([3.143, 2.0, 2.893, 1.964], abs=1e-3)
    assert critical_difference(4, 14) == pytest.approx(1.25, abs=0.005)
    assert critical_difference(4, 14, 0.1) == pytest.approx(1.12, abs=0.005)
    assert not nemenyi(DEMSAR)["different"].any()
    assert (nemenyi(DEMSAR)["p"] > 0.05).all()
    assert cliques(mean_ranks_of(DEMSAR).to_dict(), 1.25) == [("C4.5+m+cf", "C4.5+m", "C4.5+cf", "C4.5")]


@pytest.mark.parametrize(("k", "q"), [(2, 1.960), (3, 2.343), (5, 2.728), (10, 3.164)])
def test_q_of_demsars_table_5(k: int, q: float):
    assert critical_difference(k, 6) / np.sqrt(k * (k + 1) / 36) == pytest.approx(q, abs=1e-3)


@given(st.integers(2, 21), st.integers(1, 200))
def test_more_cells_tell_closer_ranks_apart(k: int, n: int):
    assert critical_difference(k, n + 1) < critical_difference(k, n)


def test_groups_are_the_largest_and_a_loner_is_in_none():
    assert cliques({"a": 1.0, "b": 1.8, "c": 2.5, "d": 5.0}, 1.0) == [("a", "b"), ("b", "c")]
    assert cliques({"a": 1.0, "b": 3.0}, 1.0) == []


def test_perfect_agreement_is_infinitely_significant_and_no_difference_is_none():
    assert friedman(pd.DataFrame({"a": [1.0, 1], "b": [2.0, 2]})).p == 0.0
    assert friedman(pd.DataFrame({"a": [1.0, 1], "b": [1.0, 1]})).p == 1.0


def test_incomplete_rows_are_left_out_and_too_little_is_refused():
    values = pd.DataFrame({"a": [1.0, 2.0, np.nan], "b": [2.0, 1.0, 3.0]})
    assert friedman(values).n == 2
    with pytest.raises(ValueError, match="got 1 and 2"):
        friedman(values.tail(2))
    with pytest.raises(ValueError, match="k >= 2"):
        critical_difference(1, 5)


def test_equal_strategies_differ_in_five_percent_of_experiments_at_most():
    """A/A: 200 experiments at 5 %: 10 expected, 19 are beyond 99.5 % of chance; for Nemenyi's pairs as well."""
    rng = np.random.default_rng(0)
    by_friedman = by_nemenyi = 0
    for _ in range(200):
        values = pd.DataFrame(rng.normal(size=(20, 4)), columns=list("abcd"))
        by_friedman += friedman(values).p < 0.05
        by_nemenyi += np.ptp(mean_ranks_of(values)) > critical_difference(4, 20)
    assert by_friedman <= 18
    assert by_nemenyi <= 18
