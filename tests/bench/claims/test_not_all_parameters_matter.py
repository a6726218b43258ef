"""Few or many parameters: verdicts that follow the effects, and a measurement of functions that we know."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.claims import random_importance
from bench.claims.claim import Setting
from bench.claims.not_all_parameters_matter import (
    ALL,
    FEW,
    draw_controls,
    judge_controls,
    judge_trainings,
    measured,
    of_the_stronger_half,
)
from tests.bench.claims.made_trials import drawn_trials

STEEP, FLAT = [0.8, 0.15, 0.01, 0.01], [0.3, 0.25, 0.25, 0.2]


def made_up(effects: dict[str, list[list[float]]]) -> dict[str, pd.DataFrame]:
    """Importance from total effects per problem and instance."""
    rows = [
        {
            "problem": problem, "dim": len(totals), "instance": instance, "parameter": f"x{j}", "total": total,
            "first": total, "share": total, "explained": 0.9, "trials": 100,
        }
        for problem, instances in effects.items()
        for instance, totals in enumerate(instances)
        for j, total in enumerate(totals)
    ]  # fmt: skip
    return {"importance": pd.DataFrame(rows)}


def test_what_the_stronger_half_holds():
    held = of_the_stronger_half(np.array([[0.1, 0.6, 0.0, 0.3, 0.0], [0.2] * 5]))
    assert held == pytest.approx([0.9, 0.4])


@pytest.mark.parametrize(
    ("net", "svm", "verdict"),
    [
        ([STEEP, STEEP], [STEEP, STEEP], "holds"),
        ([STEEP, STEEP], [FLAT, FLAT], "does not hold"),
        ([STEEP, FLAT], [STEEP, STEEP], "undecided"),
    ],
)
def test_the_verdict_on_trainings_follows_the_effects(net: list[list[float]], svm: list[list[float]], verdict: str):
    finding = judge_trainings(made_up({"mlp-digits": net, "svm-digits": svm}))
    assert finding.verdict == verdict
    assert ("instances" in finding.would_decide) == (verdict == "undecided")


@pytest.mark.parametrize(
    ("few", "every", "verdict"),
    [
        ([STEEP, STEEP], [FLAT, FLAT], "holds"),
        ([STEEP, STEEP], [STEEP, STEEP], "does not hold"),
        ([FLAT, FLAT], [FLAT, FLAT], "does not hold"),
        ([STEEP, STEEP], [STEEP, FLAT], "undecided"),
    ],
)
def test_the_controls_must_come_out_as_we_know_them(few: list[list[float]], every: list[list[float]], verdict: str):
    assert judge_controls(made_up({FEW: few, ALL: every})).verdict == verdict


def test_known_functions_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def trials(setting: Setting, problem: str, dim: int) -> pd.DataFrame:
        return drawn_trials((problem,), 60, dim, instances=2)

    monkeypatch.setattr(random_importance, "random_trials", trials)
    monkeypatch.setattr(random_importance, "REFITS", 2)
    data = measured(Setting("quick", np.random.default_rng(0), tmp_path, 1), {FEW: 6, ALL: 6})
    fewest = {
        effect.name.split(":")[0]: effect.value for effect in judge_controls(data).effects if "hold 90 %" in effect.name
    }
    assert fewest[FEW] <= 2 < 3 < fewest[ALL]
    (drawing,) = draw_controls(data)
    assert "How to read" in drawing.caption
