"""Which is first: a verdict that follows the effects."""

import pandas as pd
import pytest

from bench.claims.learning_rate_first.largest_part import CONTROL, FIRST, TRAINING, judge, lead, relevant_of
from problems.registry import problem_entry


def made_up(first: list[float], other: list[float]) -> dict[str, pd.DataFrame]:
    """The total effects of the learning rate and of one other, by instance; the control is always right."""
    rows = [
        {"problem": problem, "instance": i, "parameter": name, "total": total, "share": total,
         "explained": 0.8, "trials": 100, "expected": FIRST}
        for problem, pairs in ((TRAINING, zip(first, other, strict=True)), (CONTROL, [(1.0, 0.0)] * 2))
        for i, pair in enumerate(pairs)
        for name, total in zip((FIRST, "width", "epochs"), (*pair, 0.01), strict=True)
    ]  # fmt: skip
    return {"importance": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("first", "other", "verdict"),
    [
        ([0.6, 0.62, 0.61], [0.2, 0.2, 0.21], "holds"),
        ([0.2, 0.2, 0.21], [0.6, 0.62, 0.61], "does not hold"),
        ([0.6, 0.1, 0.3], [0.2, 0.5, 0.2], "undecided"),
    ],
)
def test_the_verdict_follows_the_effects(first: list[float], other: list[float], verdict: str):
    finding = judge(made_up(first, other))
    assert finding.verdict == verdict
    assert ("instances" in finding.would_decide) == (verdict == "undecided")


def test_the_lead_is_over_the_strongest_other_of_each_instance():
    rows = made_up([0.5, 0.5], [0.4, 0.0])["importance"]
    assert lead(rows[rows["problem"] == TRAINING], "total").tolist() == pytest.approx([0.1, 0.49])


def test_the_control_knows_what_matters():
    names = {relevant_of(instance) for instance in range(6)}
    assert names <= {f"x{j}" for j in range(1, 11)}
    assert len(names) > 1
    assert problem_entry(CONTROL).max_dim is None
