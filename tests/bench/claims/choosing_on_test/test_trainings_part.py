"""Test sets choose, fresh cases score: unbiased where there is nothing to choose, and verdicts that follow."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.choosing_on_test.resampled import chosen_errors, divisions, optimism_table, sizes
from bench.claims.choosing_on_test.trainings_part import FEW, LARGE, MANY, PART, SMALL
from bench.claims.fitted import PROBLEMS, Fitted


def test_sizes_leave_fresh_cases():
    assert sizes(142) == [25, 50, 100]
    assert sizes(997) == [25, 50, 100, 200, 400, 800]


def test_a_division_has_so_many_test_cases():
    rows = divisions(30, 10, np.random.default_rng(0), 50)
    assert (rows.sum(axis=1) == 10).all()
    assert 0 < rows[:, 0].mean() < 1  # another division each time


def test_two_models_and_two_cases_by_hand():
    # Each model fails on one case. Tested on either case, one has error 0 and is chosen; on the other case it is 1.
    losses = np.array([[0.0, 1.0], [1.0, 0.0]])
    reported, fresh = chosen_errors(losses, 1, np.random.default_rng(1), 4000)
    assert reported[1] == 0.0
    assert fresh[1] == 1.0
    assert reported[0] == pytest.approx(0.5, abs=0.04)  # the first alone: no choice, no optimism
    assert fresh[0] == pytest.approx(0.5, abs=0.04)


def test_independent_models_have_the_optimism_of_a_minimum():
    rng = np.random.default_rng(2)
    losses = (rng.random((8, 4000)) < 0.3).astype(float)  # all equally good
    table = optimism_table(Fitted(np.zeros(8), losses), rng).set_index(["cases", "trials"])
    gap = table["fresh"] - table["reported"]
    # the mean of the largest of eight normal numbers is 1.4236
    assert gap[100, 8] == pytest.approx(1.4236 * np.sqrt(0.3 * 0.7 / 100), rel=0.15)
    assert gap[100, 1] == pytest.approx(0.0, abs=0.01)
    assert gap[25, 8] > gap[100, 8] > gap[400, 8]


def errors(levels: list[float], grows: float = 1.0, shrinks: float = 1.0) -> pd.DataFrame:
    """Optimism `levels` by instance at MANY trials and LARGE cases, and how it grows and shrinks from there."""
    factor = {1: 0.0, FEW: 1.0 - grows / 2, MANY: 1.0}
    rows = [
        {
            "problem": problem, "instance": instance, "cases": cases, "trials": trials, "reported": 0.1,
            "fresh": 0.1 + level * factor[trials] * (1.0 + shrinks * (cases == SMALL)),
        }
        for problem in PROBLEMS
        for instance, level in enumerate(levels)
        for cases in (SMALL, LARGE)
        for trials in (1, FEW, MANY)
    ]  # fmt: skip
    return pd.DataFrame(rows)


WINNERS = pd.DataFrame(
    [
        {"problem": problem, "strategy": name, "seed": seed, "trial": 1, "gap": 0.01 * seed}
        for problem in PROBLEMS
        for name in ("random", "gp")
        for seed in range(3)
    ]
)


@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        (errors([0.02, 0.03, 0.025]), "holds"),
        (errors([-0.02, -0.03, -0.025]), "does not hold"),
        (errors([0.02, 0.03, 0.025], grows=-1.0), "does not hold"),
        (errors([0.02, 0.03, 0.025], shrinks=-0.5), "does not hold"),
        (errors([0.05, -0.03, 0.02]), "undecided"),
    ],
    ids=["flatters", "is honest", "falls with trials", "grows with cases", "noise"],
)
def test_the_verdict_follows_the_errors(table: pd.DataFrame, verdict: str):
    finding = PART.judge({"errors": table, "winners": WINNERS})
    assert finding.verdict == verdict
    assert bool(finding.would_decide) == (verdict == "undecided")
    assert sum("winner of gp" in effect.name for effect in finding.effects) == len(PROBLEMS)
    assert PART.draw({"errors": table, "winners": WINNERS})


def test_the_luck_of_a_division_is_taken_out():
    # Models that fail on the same cases: nothing to choose, and a division that is easy is easy for all.
    losses = np.tile((np.random.default_rng(3).random(60) < 0.5).astype(float), (4, 1))
    reported, fresh = chosen_errors(losses, 30, np.random.default_rng(4), 3)
    assert fresh == pytest.approx(reported)
