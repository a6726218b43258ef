"""The verdict follows the errors, and failed beginnings are not left out."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.log_scale.trainings_part import GUESSING, PAIRS, PART, SEARCHED, incumbent_errors
from problems.registry import problem_entry
from strategies.registry import strategy_entry


def errors(gaps: list[float]) -> pd.DataFrame:
    """Linear worse than log by `gaps`, seed by seed; two trials."""
    return pd.DataFrame(
        [
            {"problem": problem, "strategy": name, "seed": seed, "trial": trial, "error": 0.3 + gap * (name in linear)}
            for linear in [set(PAIRS.values())]
            for problem in SEARCHED
            for name in (*PAIRS, *linear)
            for seed, gap in enumerate(gaps)
            for trial in (1, 2)
        ]
    )


@pytest.mark.parametrize(
    ("gaps", "verdict"),
    [([0.1, 0.12, 0.09], "holds"), ([-0.1, -0.12, -0.09], "does not hold"), ([0.1, -0.2, 0.3], "undecided")],
)
def test_the_verdict_follows_the_errors(gaps: list[float], verdict: str):
    finding = PART.judge({"errors": errors(gaps)})
    assert finding.verdict == verdict
    assert bool(finding.would_decide) == (verdict == "undecided")
    assert PART.take_away[finding.verdict]


def test_one_problem_where_linear_wins_refutes():
    table = errors([0.1, 0.12, 0.09])
    flipped = (table["problem"] == "svm-digits") & (table["strategy"] == "random-linear")
    table.loc[flipped, "error"] -= 0.2
    assert PART.judge({"errors": table}).verdict == "does not hold"


def test_gp_is_reported_and_does_not_decide():
    table = errors([0.1, 0.12, 0.09])
    table.loc[table["strategy"] == "gp-linear", "error"] -= 0.2
    assert PART.judge({"errors": table}).verdict == "holds"


def test_before_the_first_success_the_error_is_that_of_guessing():
    trials = pd.DataFrame(
        {
            "problem": "mlp-digits", "dim": 1, "instance": 0, "strategy": "random", "pruner": "", "seed": 0,
            "trial": [1, 2, 3], "value": [np.nan, 0.2, 0.3], "true_value": np.nan, "test_value": [np.nan, 0.25, 0.1],
            "optimum": 0.0, "status": "ok", "cost": 1.0,
        }
    )  # fmt: skip
    assert incumbent_errors(trials)["error"].tolist() == [0.9, 0.25, 0.25]


def test_every_pair_and_every_problem_is_registered_and_has_log_ranges():
    assert set(GUESSING) == set(SEARCHED)
    for log, linear in PAIRS.items():
        assert strategy_entry(linear).options == {"searcher": log}
    for problem in SEARCHED:
        assert problem_entry(problem).refusal(2) is None


def test_the_figure_needs_the_table_alone():
    assert PART.draw({"errors": errors([0.1, 0.12, 0.09])})
