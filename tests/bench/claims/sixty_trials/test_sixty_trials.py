"""Sixty trials: the arithmetic by hand and by enumeration, and verdicts that follow the numbers."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from bench.claims.claim import Data
from bench.claims.sixty_trials import rank, value
from bench.claims.sixty_trials.draws import PROBLEMS, TRIALS, chance_of_being_best, random_regrets, threshold
from problems import synthetic


def test_fifty_nine_is_the_smallest_number():
    assert rank.reach(59) > 0.95 > rank.reach(58)
    assert rank.reach(1) == pytest.approx(0.05)


@pytest.mark.parametrize("values", [[3.0, 1.0, 2.0, 5.0, 4.0], [1.0, 1.0, 2.0, 2.0, 2.0]], ids=["distinct", "ties"])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_chance_of_being_best_by_enumeration(values: list[float], size: int):
    counts = np.zeros(5)
    for drawn in combinations(range(5), size):
        lowest = min(values[i] for i in drawn)
        # tied trials are alike: which of them is called the best must not matter
        for i in (i for i in range(5) if values[i] == lowest):
            counts[i] += 1 / values.count(lowest)
    counts /= counts.sum()
    assert np.allclose(chance_of_being_best(np.array(values), size), counts)


def test_the_threshold_lets_ties_in():
    assert threshold(np.arange(1.0, 101.0)) == 5.0
    assert threshold(np.array([1.0, 1.0, 1.0, 2.0]), 0.5) == 1.0


def test_ideal_blocks_succeed_as_often_as_expected():
    rng = np.random.default_rng(0)
    trials = pd.DataFrame(
        [{"seed": seed, "trial": t, "value": v} for seed in range(150) for t, v in enumerate(rng.random(531))]
    )
    found = rank.blocks(trials)
    error = found.groupby("seed")["hit"].mean().std() / np.sqrt(150)
    assert len(found) == 9 * 150
    assert found["hit"].mean() == pytest.approx(found["expected"].iloc[0], abs=4 * error)
    assert 0.93 < found["expected"].iloc[0] < rank.reach(59)


def test_random_regrets_are_those_of_the_problem():
    rng = np.random.default_rng(1)
    problem = synthetic.make("sphere", 3, 0, rng)
    regrets = random_regrets(problem, (200, 4), rng)
    assert regrets.shape == (200, 4)
    assert (regrets > 0).all()
    # of a uniform place in [-r, r]^3 to the optimum o: E = 3 r²/3 + |o|² with o inside the box
    assert 5.12**2 < regrets.mean() < 2 * 3 * 5.12**2


def ranks(shares: list[float], fallen: bool = False) -> Data:
    """Tables in which the simulated probabilities are these, one per instance."""
    exact = [{"trials": n, "probability": 0.5 if fallen else rank.reach(n)} for n in range(1, 151)]
    simulated = [
        {"problem": name, "dim": 2, "instance": i, "trials": n, "share": share}
        for name in PROBLEMS
        for n in rank.SIZES
        for i, share in enumerate(shares)
    ]
    blocks = [{"seed": 0, "block": b, "hit": b > 0, "expected": 0.944} for b in range(9)]
    return {"exact": pd.DataFrame(exact), "simulated": pd.DataFrame(simulated), "blocks": pd.DataFrame(blocks)}


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (ranks([0.951, 0.952, 0.95]), "holds"),
        (ranks([0.8, 0.81, 0.8]), "does not hold"),
        (ranks([0.951, 0.952, 0.95], fallen=True), "does not hold"),
        (ranks([0.99, 0.9, 0.94]), "undecided"),
    ],
    ids=["holds", "simulation", "formula", "undecided"],
)
def test_the_verdict_on_ranks_follows_the_numbers(data: Data, verdict: str):
    finding = rank.judge(data)
    assert finding.verdict == verdict
    assert rank.PART.take_away[finding.verdict]
    assert len(rank.draw(data)) == 1


def values(growth: list[float], chosen: list[float]) -> Data:
    """Tables in which the top 5 % grows by these from d = 2 to 10, and these chosen trials are good held out."""
    thresholds = [
        {"problem": name, "dim": dim, "instance": i, "top": 0.1 + more * (dim == 10), "best": 0.05}
        for name in PROBLEMS
        for dim in (2, 10)
        for i, more in enumerate(growth)
    ]
    held_out = [
        {"seed": seed, "share": share, "probability": p} for share in value.SHARES for seed, p in enumerate(chosen)
    ]
    training = [{"seed": seed, "top": 0.1 + seed / 100} for seed in range(3)]
    tables = {"thresholds": thresholds, "held_out": held_out, "training": training}
    return {name: pd.DataFrame(rows) for name, rows in tables.items()}


@pytest.mark.parametrize(
    ("growth", "chosen", "verdict"),
    [
        ([0.5, 0.51, 0.5], [0.4, 0.5, 0.4], "holds"),
        ([-0.05, -0.04, -0.05], [0.4, 0.5, 0.4], "does not hold"),
        ([0.5, 0.51, 0.5], [0.99, 0.98, 0.99], "does not hold"),
        ([0.5, 0.51, 0.5], [0.99, 0.2, 0.9], "undecided"),
    ],
)
def test_the_verdict_on_values_follows_the_numbers(growth: list[float], chosen: list[float], verdict: str):
    data = values(growth, chosen)
    finding = value.judge(data)
    assert finding.verdict == verdict
    assert ("seeds" in finding.would_decide) == (verdict == "undecided")
    assert value.PART.take_away[finding.verdict]
    assert len(value.draw(data)) == 1


def test_held_out_luck_is_seen():
    rng = np.random.default_rng(2)
    value_of = rng.random(531)
    same = pd.DataFrame({"seed": 0, "value": value_of, "test_value": value_of})
    noise = same.assign(test_value=rng.random(531))
    at_five = [value.of_training(t)["held_out"].query("share == 0.05")["probability"].item() for t in (same, noise)]
    assert at_five[0] == pytest.approx(rank.reach(TRIALS), abs=0.015)
    assert at_five[1] < 0.5
