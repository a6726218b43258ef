import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.analysis.regret import regret_curves
from bench.analysis.targets import TARGETS, data_profiles, expected_running_times, first_hits, target_ecdf
from tests.bench.made_by_hand import simple_runs

VALUES = st.lists(st.none() | st.floats(1e-9, 1e3), min_size=1, max_size=6)


def curves_of(**by_strategy: list):
    return regret_curves(*simple_runs(by_strategy))


def test_targets_are_those_of_coco():
    assert len(TARGETS) == 51
    assert TARGETS[[0, 5, 50]] == pytest.approx([1e2, 1e1, 1e-8])


def test_expected_running_time_by_hand():
    """Hits after 2 and 3 trials, and one run of 4 in vain: (2 + 3 + 4) / 2."""
    curves = curves_of(a=[[9.0, 1.0, 1.0, 1.0], [9.0, 9.0, 0.5, 0.5], [9.0, 8.0, 7.0, None]])
    table = expected_running_times(first_hits(curves, np.array([10.0, 1.0, 0.1])))
    assert table["ert"].tolist() == [1.0, 4.5, np.inf]
    assert table["successes"].tolist() == [3, 2, 0]
    assert table["n"].tolist() == [3, 3, 3]


def test_ecdf_by_hand():
    """d = 2; targets 10 and 1 of two runs: one at 1/2, one at 2/2, one at 4/2, one never."""
    hits = first_hits(curves_of(a=[[9.0, 1.0, 1.0, 1.0], [None, 20.0, 12.0, 10.0]]), np.array([10.0, 1.0]))
    assert target_ecdf(hits)[["cost", "share"]].to_numpy().tolist() == [[0.5, 0.25], [1.0, 0.5], [2.0, 0.75]]


@settings(max_examples=20)
@given(st.lists(VALUES, min_size=1, max_size=3))
def test_an_ecdf_rises_within_0_and_1(runs: list):
    ecdf = target_ecdf(first_hits(curves_of(a=runs)))
    assert ecdf["share"].is_monotonic_increasing
    assert ecdf["share"].between(0, 1).all()
    assert ecdf["cost"].is_unique


def test_data_profile_by_hand():
    """From 10 to the best, 0: with τ = 0.1 the line is 1; d + 1 = 3."""
    profile = data_profiles(curves_of(a=[[10.0, 5.0, 1.0, 0.0]], b=[[10.0, 5.0, 5.0, 2.0]]))
    assert profile.to_numpy().tolist() == [["a", 1.0, 1.0]]
    with pytest.raises(ValueError, match="tolerance"):
        data_profiles(curves_of(a=[[1.0]]), 1.0)
