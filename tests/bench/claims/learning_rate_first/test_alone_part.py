"""Alone or all: incumbents, Welch's interval, a verdict that follows the errors."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.learning_rate_first.alone_part import CHANCE, STRATEGIES, TRIALS, difference, draw, incumbents, judge
from tests.bench.made_by_hand import a_run, frames, trials_of


def made_up(alone: list[float], every: list[float]) -> dict[str, pd.DataFrame]:
    """Test errors per seed, the same after every trial and for both strategies."""
    rows = [
        {"dim": dim, "strategy": strategy, "seed": seed, "trial": trial, "validation": test, "test": test}
        for strategy in STRATEGIES
        for dim, tests in ((1, alone), (10, every))
        for seed, test in enumerate(tests)
        for trial in range(1, TRIALS + 1)
    ]
    defaults = [
        {"others": others, "seed": seed, "trial": trial, "test": 0.1 + seed / 100}
        for others, last in (("default, learning rate too", 1), ("random values", 9))
        for seed in range(3)
        for trial in range(1, last + 1)
    ]
    return {"incumbents": pd.DataFrame(rows), "defaults": pd.DataFrame(defaults)}


@pytest.mark.parametrize(
    ("alone", "every", "verdict"),
    [
        ([0.05, 0.06, 0.05], [0.3, 0.32, 0.31], "holds"),
        ([0.3, 0.32, 0.31], [0.05, 0.06, 0.05], "does not hold"),
        ([0.05, 0.3, 0.1], [0.1, 0.4, 0.05], "undecided"),
    ],
)
def test_the_verdict_follows_the_errors(alone: list[float], every: list[float], verdict: str):
    finding = judge(made_up(alone, every))
    assert finding.verdict == verdict
    assert ("seeds" in finding.would_decide) == (verdict == "undecided")


def test_the_figure_says_how_to_read_it():
    (drawing,) = draw(made_up([0.05, 0.06], [0.3, 0.32]))
    assert "How to read" in drawing.caption


def test_the_incumbent_is_chosen_by_validation_and_judged_by_test():
    run = a_run("random", 0, 3, problem="mlp-digits", dim=1)
    _, trials = frames((run, trials_of(run, [None, 0.3, 0.2], test_value=[None, 0.1, 0.25])))
    found = incumbents(trials)
    assert found["validation"].tolist() == [CHANCE, 0.3, 0.2]
    assert found["test"].tolist() == [CHANCE, 0.1, 0.25]


def test_welchs_interval_by_hand():
    effect = difference("d", np.array([3.0, 5.0]), np.array([1.0, 1.0]))
    # variance of the mean 1, one degree of freedom: 12.706 standard errors
    assert (effect.value, effect.low, effect.high) == pytest.approx((3.0, 3.0 - 12.706, 3.0 + 12.706), abs=1e-3)
    same = difference("d", np.array([2.0, 2.0]), np.array([1.0, 1.0]))
    assert (same.low, same.value, same.high) == (1.0, 1.0, 1.0)
