"""The winner's gap: incumbents by the told error, scored on the test part, less what is usual on the instance."""

import pandas as pd
import pytest

from bench.claims.winners import gaps


def trials(strategy: str, told: list[float | None], test: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "problem": "mlp-digits", "dim": 5, "instance": 0, "strategy": strategy, "pruner": "", "seed": 0,
            "trial": range(1, len(told) + 1), "value": told, "true_value": None, "test_value": test, "optimum": 0.0,
            "status": "ok", "cost": 1.0,
        }
    )  # fmt: skip


def test_by_hand():
    table = gaps(
        pd.concat(
            [trials("random", [None, 0.3, 0.1, 0.2], [None, 0.32, 0.16, 0.21]), trials("gp", [0.2, 0.05], [0.2, 0.1])],
            ignore_index=True,
        )
    )
    # random's trials lie 0.02, 0.06 and 0.01 above what was told: 0.03 is usual
    assert table["usual"].tolist() == pytest.approx([0.03] * 5)
    random = table[table["strategy"] == "random"]
    assert random["trial"].tolist() == [2, 3, 4]  # no incumbent before
    assert random["gap"].tolist() == pytest.approx([-0.01, 0.03, 0.03])
    assert table[table["strategy"] == "gp"]["gap"].tolist() == pytest.approx([-0.03, 0.02])
