"""The exact optimism against a hand-computed case and a simulation; the verdict follows the numbers."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.choosing_on_test.known_truth import PART, SIZES, SPREADS, TRIALS, beta_of, optimism


def test_one_config_is_no_choice():
    assert optimism(1, 200, 3.0, 20.0)[0] == pytest.approx(0.0, abs=1e-12)


def test_two_uniform_configs_and_one_case_by_hand():
    # p ~ U(0, 1), one case: K is 0 or 1 with ½ each; E[p | 0] = 1/3, E[p | 1] = 2/3. The best is 0 with probability ¾.
    gap, reported = optimism(2, 1, 1.0, 1.0)
    assert reported == pytest.approx(0.25)
    assert gap == pytest.approx(0.75 * (1 / 3 - 0) + 0.25 * (2 / 3 - 1))


def test_the_law_has_the_mean_and_the_spread_that_were_asked_for():
    a, b = beta_of(0.1, 0.05)
    assert a / (a + b) == pytest.approx(0.1)
    assert a * b / ((a + b) ** 2 * (a + b + 1)) == pytest.approx(0.05**2)


def test_the_sum_is_what_a_simulation_finds():
    rng, n, m = np.random.default_rng(0), 16, 100
    true = rng.beta(*beta_of(0.1, 0.05), size=(20_000, n))
    reported = rng.binomial(m, true) / m
    best = reported.argmin(axis=1)[:, None]
    gap = np.take_along_axis(true - reported, best, axis=1)
    exact, mean = optimism(n, m, *beta_of(0.1, 0.05))
    assert exact == pytest.approx(gap.mean(), abs=4 * gap.std() / 141)
    assert mean == pytest.approx(np.take_along_axis(reported, best, axis=1).mean(), abs=1e-3)


def table(trials_power: float, cases_power: float, sign: float = 1.0) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"configs": configs, "trials": n, "cases": m, "optimism": sign * n**trials_power * m**cases_power}
            for configs in SPREADS
            for n in TRIALS
            for m in SIZES
        ]
    )


@pytest.mark.parametrize(
    ("trials_power", "cases_power", "sign", "verdict"),
    [
        (0.5, -0.5, 1.0, "holds"),
        (-0.5, -0.5, 1.0, "does not hold"),  # falls with trials
        (0.5, 0.5, 1.0, "does not hold"),  # grows with cases
        (-0.5, 0.5, -1.0, "does not hold"),  # negative
    ],
)
def test_the_verdict_follows_the_numbers(trials_power: float, cases_power: float, sign: float, verdict: str):
    finding = PART.judge({"optimism": table(trials_power, cases_power, sign)})
    assert finding.verdict == verdict
    assert PART.take_away[finding.verdict]
