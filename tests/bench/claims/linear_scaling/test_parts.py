"""Rules that follow a made-up valley of errors, and a verdict that follows from it."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.linear_scaling.errors import BASE, LOG2_RATES, LOG2_SIZES, chosen, scaled, tuned
from bench.claims.linear_scaling.parts import BEYOND_PART, WITHIN_PART


def valley(exponent: float, until: int = LOG2_SIZES[-1], splits: int = 5) -> dict[str, pd.DataFrame]:
    """Errors that rise by 0.02 per factor of 2 from the best rate, which grows with B^`exponent` `until` a size."""
    rng = np.random.default_rng(0)
    rows = [
        (split, size, rate, 0.03 + 0.02 * abs(rate - (-9 + exponent * (min(size, until) - BASE))) + rng.normal(0, 1e-4))
        for split in range(splits)
        for size in LOG2_SIZES
        for rate in LOG2_RATES
    ]
    return {"errors": pd.DataFrame(rows, columns=["instance", "log2_size", "log2_rate", "error"])}


def test_where_the_best_rate_grows_linearly_the_rule_finds_it():
    errors = valley(1.0)["errors"]
    assert (chosen(errors) == [-9 + size - BASE for size in LOG2_SIZES]).all()
    assert scaled(errors, 1.0).to_numpy() == pytest.approx(0.03, abs=1e-3)
    assert scaled(errors, 0.0)[BASE + 4].to_numpy() == pytest.approx(0.11, abs=1e-3)
    assert scaled(errors, 0.5)[BASE + 1].to_numpy() == pytest.approx(0.04, abs=1e-3)  # half a step off, between two
    assert tuned(errors).to_numpy() == pytest.approx(0.03, abs=1e-3)


def test_a_split_does_not_choose_its_own_rate():
    errors = valley(1.0)["errors"]
    odd = (errors["instance"] == 0) & (errors["log2_size"] == BASE)
    errors.loc[odd, "error"] = 0.5 - 0.01 * (errors.loc[odd, "log2_rate"] == 1)
    assert chosen(errors)[0, 0] == -9


@pytest.mark.parametrize(
    ("exponent", "until", "within", "beyond"),
    [
        (1.0, LOG2_SIZES[-1], "holds", "does not hold"),
        (1.0, BASE + 4, "holds", "holds"),
        (0.5, LOG2_SIZES[-1], "does not hold", "holds"),
    ],
)
def test_the_verdict_follows_the_valley(exponent: float, until: int, within: str, beyond: str):
    data = valley(exponent, until)
    assert (WITHIN_PART.judge(data).verdict, BEYOND_PART.judge(data).verdict) == (within, beyond)


def test_the_figure_says_how_to_read_it():
    (drawing,) = WITHIN_PART.draw(valley(1.0))
    assert "How to read" in drawing.caption
