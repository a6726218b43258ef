"""Functions of ten parameters: the variances that they promise, and a verdict that follows the regret."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.claims.claim import Setting
from bench.claims.learning_rate_first import known_functions_part
from bench.claims.learning_rate_first.known_functions_part import (
    DECIDING,
    QUALITIES,
    SHARES,
    draw,
    experiment,
    judge,
    weights,
)


@pytest.mark.parametrize("share", SHARES)
def test_the_first_parameter_has_its_share_of_a_variance_of_one(share: float):
    rng = np.random.default_rng(0)
    c = rng.random((1, 10))
    terms = weights(c, share) * (rng.random((200_000, 10)) - c) ** 2
    assert terms[:, 0].var() == pytest.approx(share, rel=0.02)
    assert terms.sum(axis=1).var() == pytest.approx(1.0, rel=0.02)


def test_perfect_defaults_pay_and_random_ones_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(known_functions_part.FUNCTIONS, "quick", 100)
    data = experiment(Setting("quick", np.random.default_rng(0), tmp_path, 1))
    gains = data["few"].groupby(["share", "quality"])["gain"].mean()
    assert (gains.xs(0.0, level="quality") > 0).all()
    assert (gains.xs(1.0, level="quality") < 0).all()
    assert len(judge(data).effects) == len(SHARES) * len(QUALITIES)
    assert "How to read" in draw(data)[0].caption


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [([0.5, 0.6, 0.55], "holds"), ([-0.5, -0.6, -0.55], "does not hold"), ([-0.5, 0.6, 0.2], "undecided")],
)
def test_the_verdict_follows_the_regret(gains: list[float], verdict: str):
    rows = [
        {"share": share, "quality": quality, "function": i, "gain": gain if (share, quality) == DECIDING else 9.0}
        for share in SHARES
        for quality in QUALITIES
        for i, gain in enumerate(gains)
    ]
    finding = judge({"few": pd.DataFrame(rows)})
    assert finding.verdict == verdict
    assert ("functions" in finding.would_decide) == (verdict == "undecided")
