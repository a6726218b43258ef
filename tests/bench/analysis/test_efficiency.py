"""The scoring of random experiments, by hand and by closed form."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from bench.analysis.efficiency import (
    Losses,
    all_experiments,
    efficiency_curve,
    expected_scores,
    loss_variance,
    losses_of,
    matches,
    mixture,
    score,
    winner_weights,
)


def losses(validation: list[float], test: list[float] | None = None, cases: int = 101) -> Losses:
    return Losses(np.array(validation), np.array(validation if test is None else test), cases, 401)


def test_the_variance_of_a_loss():
    assert loss_variance(np.array([0.2, 0.0, 1.0]), 101) == pytest.approx([0.0016, 0.0, 0.0])


def test_two_trials_win_as_often_as_the_closed_form_says():
    """P(Z₁ < Z₂) = Φ((m₂ − m₁)/√(v₁ + v₂)); 40000 draws, 4 standard errors."""
    weights = winner_weights(losses([0.20, 0.26]), np.random.default_rng(0), 40_000)
    expected = norm.cdf(0.06 / np.sqrt(0.2 * 0.8 / 100 + 0.26 * 0.74 / 100))
    assert weights[0] == pytest.approx(expected, abs=4 * 0.5 / 200)
    assert weights.sum() == pytest.approx(1.0)


def test_equal_trials_share_and_sure_ones_win():
    rng = np.random.default_rng(1)
    assert winner_weights(losses([0.3] * 4), rng, 40_000) == pytest.approx([0.25] * 4, abs=0.01)
    assert winner_weights(losses([0.0, 0.0, 0.5]), rng) == pytest.approx([0.5, 0.5, 0.0])  # no variance: exact ties
    assert winner_weights(losses([0.4]), rng) == pytest.approx([1.0])


def test_a_mixture_by_hand():
    """Means 1 and 3 with weights ¼ and ¾: 2.5; variance ¼(1 + 0.5) + ¾(9 + 0.1) − 6.25."""
    mean, variance = mixture(np.array([0.25, 0.75]), np.array([1.0, 3.0]), np.array([0.5, 0.1]))
    assert (mean, variance) == (pytest.approx(2.5), pytest.approx(0.95))


def test_the_score_of_one_trial_is_its_test_error():
    mean, variance = score(losses([0.4], [0.2]), np.random.default_rng(2))
    assert (mean, variance) == (pytest.approx(0.2), pytest.approx(0.2 * 0.8 / 400))


def test_the_curve_is_of_disjoint_experiments():
    pool = losses(list(np.linspace(0.1, 0.7, 12)))
    curve = efficiency_curve(pool, np.random.default_rng(3))
    assert curve.groupby("size")["experiment"].count().to_dict() == {1: 12, 2: 6, 4: 3, 8: 1}
    assert curve.loc[curve["size"] == 1, "mean"].tolist() == pytest.approx(pool.test.tolist())
    first = curve[curve["size"] == 4]["mean"].to_numpy()
    assert (np.diff(first) > 0).all()  # in the order of the pool


def test_the_expected_score_is_the_mean_over_every_subset():
    """Validation errors far apart: the best of a subset is certain, and the mean over all subsets exact."""
    pool = losses([0.1, 0.3, 0.5, 0.7, 0.9], [0.2, 0.25, 0.6, 0.5, 0.9], cases=10**7)
    by_hand = [
        np.mean([pool.test[min(some, key=lambda i: pool.validation[i])] for some in combinations(range(5), n)])
        for n in range(1, 6)
    ]
    found = expected_scores(pool, all_experiments(5), np.random.default_rng(4), draws=50)
    assert found == pytest.approx(by_hand)


def test_the_expected_score_is_the_mean_of_the_papers_scores():
    """With noise, over all pairs: the two ways of counting agree."""
    pool = losses([0.2, 0.22, 0.25, 0.3], [0.3, 0.2, 0.25, 0.4])
    rng = np.random.default_rng(5)
    scores = [
        float(winner_weights(pool.some(np.array(pair)), rng, 20_000) @ pool.test[list(pair)])
        for pair in combinations(range(4), 2)
    ]
    found = expected_scores(pool, all_experiments(4), rng, draws=20_000)
    assert found[1] == pytest.approx(np.mean(scores), abs=0.001)
    whole = float(winner_weights(pool, rng, 20_000) @ pool.test)
    assert found[3] == pytest.approx(whole, abs=0.002)


def test_a_match_is_where_the_expected_score_meets_the_rivals():
    """Uniform errors, measured on so many cases that nothing is luck: the best of n is 1/(n + 1), so 0.2 needs 4."""
    errors = np.random.default_rng(6).random(256)
    pool = losses(errors.tolist(), cases=10**9)
    table, curves = matches(pool, losses([0.2, 0.9], cases=10**9), np.random.default_rng(7), 300)
    assert table["rival"].to_numpy() == pytest.approx(0.2)
    assert table["needs"].iloc[0] == pytest.approx(4, abs=0.8)
    low, high = table["needs"].iloc[1:].quantile([0.025, 0.975])
    assert 2.5 < low < 4 < high < 6
    assert curves.shape == (301, 256)
    never, _ = matches(pool, losses([0.0]), np.random.default_rng(8), 5)
    assert never["censored"].all()
    assert (never["needs"] == 256).all()


def test_the_interval_covers_the_truth():
    """Pools of uniform errors: 4 trials match 0.2. 60 pools, 95 % intervals: fewer than 50 hits have P < 0.1 %."""
    rival, hits = losses([0.2], cases=10**9), 0
    for seed in range(60):
        rng = np.random.default_rng([9, seed])
        table, _ = matches(losses(rng.random(100).tolist(), cases=10**9), rival, rng, 60)
        low, high = table["needs"].iloc[1:].quantile([0.025, 0.975])
        hits += low <= 4 <= high
    assert hits >= 50


def test_a_failed_trial_is_the_worst_and_infinite_losses_are_refused():
    trials = pd.DataFrame({"value": [0.1, np.nan, 0.4], "test_value": [0.2, np.nan, 0.3]})
    assert losses_of(trials, 100, 100).validation.tolist() == [0.1, 0.4, 0.4]
    assert losses_of(trials, 100, 100).test.tolist() == [0.2, 0.3, 0.3]
    with pytest.raises(ValueError, match="got 1 trials and none"):
        losses_of(trials.iloc[1:2], 100, 100)
    with pytest.raises(ValueError, match="losses must be finite"):
        losses([0.1, np.inf])
