"""Verdicts follow the tables; figures are drawn from the tables alone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from bench.claims.claim import Setting
from bench.claims.fitted import PROBLEMS, Fitted
from bench.claims.validation_gap import gap_part
from bench.claims.validation_gap.gap_part import FAMILY, POLYNOMIALS, TRAININGS, divided
from bench.claims.validation_gap.winner_part import PART as WINNER
from bench.claims.winners import FIRST, STRATEGIES, TRIALS


def tables(problems: Sequence[str], shares: list[float]) -> dict[str, pd.DataFrame]:
    """The share of pairs in which the wider gap does worse, instance by instance."""
    pairs = [
        {
            "problem": problem, "instance": instance, "bin": edge, "pairs": 10, "wider": 0.01 * (edge + 1),
            "worse": share - 0.5, "lost": share,
        }
        for problem in problems
        for instance, share in enumerate(shares)
        for edge in (1, 3)
    ]  # fmt: skip
    choices = [(problem, instance, 0.2, 0.21) for problem in problems for instance in range(len(shares))]
    return {
        "pairs": pd.DataFrame(pairs),
        "choices": pd.DataFrame(choices, columns=["problem", "instance", "plain", "watched"]),
    }


@pytest.mark.parametrize(("part", "problems"), [(POLYNOMIALS, (FAMILY,)), (TRAININGS, PROBLEMS)], ids=["known", "real"])
@pytest.mark.parametrize(
    ("shares", "verdict"),
    [([0.6, 0.65, 0.62], "holds"), ([0.4, 0.35, 0.38], "does not hold"), ([0.7, 0.3, 0.55], "undecided")],
)
def test_the_verdict_follows_the_pairs(part, problems: Sequence[str], shares: list[float], verdict: str):
    data = tables(problems, shares)
    finding = part.judge(data)
    assert finding.verdict == verdict
    assert bool(finding.would_decide) == (verdict == "undecided")
    assert part.take_away[finding.verdict]
    assert part.draw(data)


def test_one_problem_where_the_wider_gap_does_better_refutes():
    data = tables(PROBLEMS, [0.6, 0.65, 0.62])
    other = data["pairs"]["problem"] == PROBLEMS[-1]
    data["pairs"].loc[other, "lost"] -= 0.3
    assert TRAININGS.judge(data).verdict == "does not hold"


def test_a_model_that_learns_by_heart_is_found_out():
    # Two kinds of models validate equally well on average; those with a training error of 0 fail on most test cases.
    rng = np.random.default_rng(0)
    losses = (rng.random((20, 400)) < np.where(np.arange(20) < 10, 0.2, 0.22)[:, None]).astype(float)
    pairs, plain, watched = divided(Fitted(np.where(np.arange(20) < 10, 0.15, 0.0), losses), rng)
    assert (pairs["worse"] > 0).mean() > 0.55
    assert 0.1 < watched <= plain + 0.01 < 0.35


def test_the_polynomials_are_measured_and_judged(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setitem(gap_part.DATA_SETS, "quick", 5)
    data = POLYNOMIALS.experiment(Setting("quick", np.random.default_rng(0), tmp_path, 1))
    assert data["choices"]["instance"].tolist() == [0, 1, 2, 3, 4]
    assert (data["pairs"]["wider"] > 0).all()
    assert data["pairs"]["lost"].between(0, 1).all()
    assert POLYNOMIALS.judge(data).effects


def winners(first: list[float], last: list[float]) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(0)
    rows = [
        {"problem": problem, "strategy": name, "seed": seed, "trial": trial, "gap": level + rng.normal(0, 1e-4)}
        for problem in PROBLEMS
        for name in STRATEGIES
        for seed, (early, late) in enumerate(zip(first, last, strict=True))
        for trial, level in ((1, 0.0), (FIRST, early), (TRIALS, late))
    ]
    return {"winners": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        ([0.01, 0.012, 0.011], [0.02, 0.021, 0.022], "holds"),
        ([-0.01, -0.012, -0.011], [-0.02, -0.021, -0.022], "does not hold"),
        ([0.02, 0.021, 0.022], [0.01, 0.012, 0.011], "does not hold"),  # shrinks
        ([0.01, 0.02, 0.01], [0.03, -0.01, 0.02], "undecided"),
    ],
)
def test_the_verdict_on_winners_follows_their_gaps(first: list[float], last: list[float], verdict: str):
    data = winners(first, last)
    assert WINNER.judge(data).verdict == verdict
    assert WINNER.draw(data)
