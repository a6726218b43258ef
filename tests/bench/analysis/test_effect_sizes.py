import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from bench.analysis.effect_sizes import interquartile_mean, probability_of_improvement

SAMPLES = st.lists(st.integers(-3, 3).map(float) | st.just(float("nan")), min_size=1, max_size=8).map(np.array)


def test_improvement_by_hand():
    """Of nine pairs ours is lower in 4 and equal in 2: 5/9."""
    ours, theirs = np.array([1.0, 3.0, 5.0]), np.array([1.0, 4.0, 5.0])
    assert probability_of_improvement(ours, theirs) == pytest.approx(5 / 9)
    assert mannwhitneyu(theirs, ours).statistic / 9 == pytest.approx(5 / 9)


@given(SAMPLES, SAMPLES)
def test_one_of_two_is_better(a: np.ndarray, b: np.ndarray):
    there, back = probability_of_improvement(a, b), probability_of_improvement(b, a)
    assert there + back == pytest.approx(1.0)
    assert 0 <= there <= 1


def test_nothing_to_compare_is_refused():
    with pytest.raises(ValueError, match="runs on both sides"):
        probability_of_improvement(np.array([]), np.array([1.0]))


def test_interquartile_mean_by_hand_and_with_failed_runs():
    assert interquartile_mean(np.arange(8.0)) == 3.5
    assert interquartile_mean(np.array([1.0, 2.0, 3.0, 99.0])) == 2.5
    assert interquartile_mean(np.array([1.0, 2.0, 3.0, np.nan])) == 2.5
    assert interquartile_mean(np.array([1.0, np.nan, 3.0, np.nan])) == np.inf
