"""Shifts of paired values: published numbers, all averages counted out, and the test that the interval inverts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wilcoxon

from bench.analysis.shift import outermost, pseudo_median, shift_interval, standing, walsh_average

# Hamilton's depression scale before and after a tranquillizer (Hollander & Wolfe 1999, Table 3.1)
BEFORE = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
AFTER = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])

DIFFERENCES = st.lists(st.integers(-8, 8), min_size=1, max_size=30).map(lambda xs: np.array(xs) / 4)


def test_the_textbook_example():
    assert pseudo_median(AFTER - BEFORE) == pytest.approx(-0.46)
    assert shift_interval(AFTER - BEFORE, 0.96) == pytest.approx((-0.786, -0.010))


@given(DIFFERENCES, st.data())
def test_an_average_is_the_one_that_counting_finds(x: np.ndarray, data: st.DataObject):
    averages = np.sort([(x[i] + x[j]) / 2 for i in range(len(x)) for j in range(i, len(x))])
    rank = data.draw(st.integers(1, len(averages)))
    assert walsh_average(standing(x)[0], rank) == pytest.approx(averages[rank - 1], abs=1e-12)
    assert pseudo_median(x) == pytest.approx(np.median(averages), abs=1e-12)


def test_zero_is_outside_where_the_test_rejects_and_only_there():
    rng = np.random.default_rng(0)
    for n in (5, 6, 9, 20, 50, 80):
        for shift in (0.0, 0.2, 0.5, 1.0):
            x = rng.normal(shift, 1, size=n)
            low, high = shift_interval(x, 0.95)
            rejected = wilcoxon(x, method="exact" if n <= 50 else "asymptotic").pvalue <= 0.05
            assert (low > 0 or high < 0) == rejected


def test_five_are_too_few_and_six_are_enough():
    assert shift_interval(np.full(5, 3.0), 0.95) == (-math.inf, math.inf)
    assert shift_interval(np.full(6, 3.0), 0.95) == (3.0, 3.0)
    assert outermost(50, 0.95) == 435  # the tables' critical sum is 434


def test_infinities_are_beyond_all_others_and_nothing_is_nothing():
    inf = np.inf
    assert shift_interval(np.array([inf] * 6 + [-0.1] * 20), 0.95) == (pytest.approx(-0.1), inf)
    assert pseudo_median(np.array([inf] * 3 + [-inf] * 3)) == 0
    assert pseudo_median(np.array([inf, inf, 0.0])) == inf
    assert math.isnan(pseudo_median(np.array([])))
    assert shift_interval(np.array([]), 0.95) == (-inf, inf)
