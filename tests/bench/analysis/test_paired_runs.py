import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap

from bench.analysis.paired_runs import a12, final_regrets, iqm_of_differences, log_ratios, win_shares
from bench.analysis.regret import regret_curves
from bench.analysis.statistics import bounds, drawn, stratified_means
from tests.bench.made_by_hand import simple_runs


def test_n_minus_1_of_n_seeds_give_a_mean_its_variance():
    """Rao & Wu 1988: s²/n for every n, where n of n give (n - 1)/n of it. 20,000 resamples: 1 % standard error."""
    rng = np.random.default_rng(0)
    for n in (2, 3, 10):
        x = rng.normal(size=(n, 1))
        means = stratified_means([x], rng, 20_000)
        assert means.var() == pytest.approx(x.var(ddof=1) / n, rel=0.05)
        assert drawn(n, rng).sum(axis=1) == pytest.approx(1.0)


def test_strata_are_resampled_as_scipy_does():
    """`scipy.stats.bootstrap` of a mean of two strata of 40: n - 1 of n is 1 % wider, resampling adds 3 %."""
    rng = np.random.default_rng(1)
    a, b = rng.exponential(size=40), 5 + rng.normal(size=40)
    low, high = bounds(stratified_means([a[:, None], b[:, None]], rng, 5000))
    theirs = bootstrap(
        (a, b), lambda x, y, axis: (x.mean(axis) + y.mean(axis)) / 2, n_resamples=5000, method="percentile", rng=rng
    ).confidence_interval
    assert high[0] - low[0] == pytest.approx(theirs.high - theirs.low, rel=0.1)
    assert (high[0] + low[0]) / 2 == pytest.approx((theirs.high + theirs.low) / 2, rel=0.02)


def test_what_does_not_exist_is_left_out_of_a_mean():
    means = stratified_means([np.array([[1.0, np.nan]] * 3), np.array([[3.0, 5.0]] * 3)], np.random.default_rng(0), 50)
    assert means == pytest.approx(np.array([[2.0, 5.0]] * 50))


def test_shares_of_pairs_by_hand():
    """Three seeds: a is lower in two and equal in one of them, 5/6; b has no run on the last instance of c."""
    x = np.array([[1.0, 2.0, 2.0], [3.0, 3.0, np.inf], [4.0, 5.0, np.nan]])
    share, low, high = win_shares([x], np.random.default_rng(0))
    assert share[0, 1] == pytest.approx(5 / 6)
    assert share[1, 0] == pytest.approx(1 / 6)
    assert share[0, 2] == 1.0
    assert share[1, 2] == pytest.approx(0.75)
    assert (low <= share).all()
    assert (share <= high).all()


@pytest.mark.parametrize("n", [3, 5, 10])
def test_where_every_pair_was_won_the_interval_is_that_of_clopper_and_pearson(n: int):
    """All of n: 0.025^(1/n) (Clopper & Pearson 1934); 5 of 5 could be a coin: the bound is 0.478."""
    share, low, high = win_shares([np.array([[0.0, 1.0]] * n)], np.random.default_rng(0))
    assert (share[0, 1], high[0, 1]) == (1.0, 1.0)
    assert low[0, 1] == pytest.approx(0.025 ** (1 / n))
    assert high[1, 0] == pytest.approx(1 - 0.025 ** (1 / n))
    assert (low[0, 1] > 0.5) == (n > 5)


def test_a_single_seed_has_no_interval():
    share, low, _ = win_shares([np.array([[0.0, 1.0]])] * 4, np.random.default_rng(0))
    assert share[0, 1] == 1.0
    assert np.isnan(low).all()
    estimate, low_end, _, n = iqm_of_differences([np.array([1.0])] * 4, np.random.default_rng(0))
    assert (estimate, n) == (1.0, 4)
    assert np.isnan(low_end)


def test_a12_of_a_published_example():
    """Vargha & Delaney 2000 define A12 by ranks, A = (R₁/m - (m + 1)/2)/n. Ours 1 2 2 5, theirs 2 4 6: R of theirs is
    3 + 5 + 7 = 15, A = (15/3 - 2)/4 = 0.75, and so is what is lower here."""
    x = np.array([[1.0, 2.0], [2.0, 4.0], [2.0, 6.0], [5.0, np.nan]])
    assert a12([x], 0, 1) == pytest.approx(0.75)


def test_log_ratios_by_hand():
    x = np.array([[1.0, 10.0], [0.0, 1.0], [np.inf, 1.0], [np.nan, 1.0]])  # 0 counts as 1e-8
    assert log_ratios(x, 0, 1) == pytest.approx([-1.0, -8.0, np.nan, np.nan], nan_ok=True)


def test_final_regrets_tell_a_failed_run_from_one_that_is_not_there():
    runs, trials = simple_runs({"a": [[3.0, 1.0], [3.0, 2.0]], "b": [[None, None]]})
    wide = final_regrets(regret_curves(runs, trials))
    assert wide["a"].tolist() == [1.0, 2.0]
    assert wide["b"].tolist() == pytest.approx([np.inf, np.nan], nan_ok=True)
    assert isinstance(wide, pd.DataFrame)
