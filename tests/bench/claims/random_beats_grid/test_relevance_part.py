"""Figure 7: a verdict that follows the refits, and an experiment that finds what a function depends on."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.claims.claim import Setting
from bench.claims.random_beats_grid import relevance_part
from bench.claims.random_beats_grid.relevance_part import FIRST, experiment, judge, largest_difference
from tests.bench.claims.made_trials import drawn_trials

NAMES = [FIRST, *(f"x{j}" for j in range(1, 7))]
ONE = [0.7, 0.2, 0.02, 0.02, 0.02, 0.02, 0.02]
OTHER = [0.4, 0.02, 0.5, 0.02, 0.02, 0.02, 0.02]
FLAT = [1 / 7] * 7
LAST = [0.01, 0.9, 0.03, 0.02, 0.02, 0.01, 0.01]


def made_up(shares: list[list[float]], noise: float = 0.002) -> dict[str, pd.DataFrame]:
    """Refits of one data set per row of `shares`."""
    rng = np.random.default_rng(0)
    rows = [
        {
            "data_set": f"set {number}", "refit": refit, "parameter": name, "share": share, "total": share,
            "explained": 0.8, "trials": 256,
        }
        for number, means in enumerate(shares)
        for refit in range(50)
        for name, share in zip(NAMES, np.array(means) + noise * rng.normal(size=7), strict=True)
    ]  # fmt: skip
    return {"refits": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("shares", "noise", "verdict"),
    [
        ([ONE, OTHER], 0.002, "holds"),
        ([ONE, FLAT], 0.002, "does not hold"),  # seven are relevant
        ([ONE, LAST], 0.002, "does not hold"),  # the learning rate is not
        ([ONE, ONE], 0.002, "does not hold"),  # the same ones everywhere
        ([ONE, OTHER], 0.2, "undecided"),
    ],
    ids=["few", "many", "another first", "alike", "unsure"],
)
def test_the_verdict_follows_the_refits(shares: list[list[float]], noise: float, verdict: str):
    finding = judge(made_up(shares, noise))
    assert finding.verdict == verdict
    assert ("trials" in finding.would_decide) == (verdict == "undecided")


def test_the_largest_difference_is_of_the_parameter_that_differs_most():
    effect = largest_difference(made_up([ONE, OTHER])["refits"])
    assert effect.value == pytest.approx(0.48, abs=0.01)
    assert effect.low < effect.value < effect.high


def test_the_experiment_finds_the_two_that_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(relevance_part, "random_trials", lambda setting: drawn_trials(("embedded-2",), 60, dim=5))
    monkeypatch.setattr(relevance_part, "REFITS", 2)
    (fits,) = experiment(Setting("quick", np.random.default_rng(0), tmp_path, 1)).values()
    means = fits.groupby("parameter")[["share", "total"]].mean()
    assert (means["share"] > 0.1).sum() == (means["total"] > 0.05).sum() == 2
