"""What a pruner does to trainings that were taken to their end, by hand; and as the run loop does it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from bench.claims.early_stopping.equal_cost import PART as EQUAL
from bench.claims.early_stopping.equal_cost import compared
from bench.claims.early_stopping.set_parts import KEPT, SAVES
from bench.claims.early_stopping.stopped_sets import PRUNERS, outcome, trainings
from bench.experiment import run_experiment


def done(finals: list[float | None]) -> pd.DataFrame:
    """Trainings of nine looks that show their final value throughout; None: failed at the third."""
    rows = []
    for number, final in enumerate(finals, start=1):
        looks = 3 if final is None else 9
        curve = [[final, final, (look + 1) / 9] for look in range(looks)]
        rows.append(
            {
                "trial": number, "status": "failed" if final is None else "ok", "value": final,
                "test_value": None if final is None else 10 + final, "cost": looks / 9,
                "observations": json.dumps(curve),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def test_what_is_saved_and_lost_by_hand():
    """As in the rules of asha: 6 and 4.5 stop at the first of nine looks, 3.5 at the third; 3 is kept."""
    found = outcome(trainings(done([5.0, 4.0, 6.0, 3.0, 4.5, 3.5])), "asha")
    assert found["saved"] == pytest.approx((8 + 8 + 6) / 54)
    assert found["stopped"] == pytest.approx(3 / 6)
    assert (found["kept"], found["lost"]) == (1.0, 0.0)


def test_a_winner_that_begins_slowly_is_lost_and_by_how_much_is_said():
    table = done([5.0, 4.0, 6.0, 6.0])
    slow = json.loads(table["observations"][3])
    slow[-1][0] = 1.0
    table.loc[3, ["observations", "value", "test_value"]] = [json.dumps(slow), 1.0, 11.0]
    found = outcome(trainings(table), "asha")
    assert (found["kept"], found["lost"]) == (0.0, 3.0)  # 4 is left, with a test error of 14


def test_a_failed_training_is_no_winner_and_has_a_price():
    found = outcome(trainings(done([None, 2.0])), "none")
    assert (found["saved"], found["kept"]) == (0.0, 1.0)


@pytest.mark.usefixtures("plugins")
def test_it_is_what_the_run_with_the_pruner_does(tmp_path: Path):
    whole, stopped = (
        run_experiment(
            problems="curves", dims="2", strategies="random", pruners=pruner, trials=30, seeds=1, retrain=0,
            executor="serial", name=pruner, results=tmp_path,
        ).trials
        for pruner in ("none", "asha")
    )  # fmt: skip
    found = outcome(trainings(whole), "asha")
    same = stopped[stopped["trial"] <= 30]
    assert found["stopped"] == pytest.approx((same["status"] == "pruned").mean()) != 0
    assert 1 - found["saved"] == pytest.approx(same["cost"].sum() / whole["cost"].sum())


def sets(saved: list[float], kept: float) -> dict[str, pd.DataFrame]:
    rows = [
        {
            "problem": "mlp-digits", "seed": seed, "pruner": name, "saved": saved[seed % len(saved)], "stopped": 0.7,
            "kept": float(seed >= (1 - kept) * 100), "lost": 0.01,
        }
        for seed in range(100)
        for name in PRUNERS
    ]  # fmt: skip
    return {"sets": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("part", "data", "verdict"),
    [
        (SAVES, sets([0.7, 0.72], 1.0), "holds"),
        (SAVES, sets([0.3, 0.32], 1.0), "does not hold"),
        (SAVES, sets([0.1, 0.9], 1.0), "undecided"),
        (KEPT, sets([0.7, 0.72], 1.0), "holds"),
        (KEPT, sets([0.7, 0.72], 0.6), "does not hold"),
        (KEPT, sets([0.7, 0.72], 0.92), "undecided"),
    ],
)
def test_the_verdict_follows_the_sets(part, data: dict[str, pd.DataFrame], verdict: str):
    finding = part.judge(data)
    assert finding.verdict == verdict
    assert part.take_away[verdict]
    assert bool(finding.would_decide) == (verdict == "undecided")


def ends(gain: float) -> dict[str, pd.DataFrame]:
    rows = [
        {
            "problem": "mlp-digits", "strategy": strategy, "pruner": pruner, "seed": seed, "trials": 20,
            "validation": 0.1 + seed / 1000 - gain * (pruner != "none"), "test": 0.1,
        }
        for strategy in ("random", "gp")
        for pruner in ("none", "asha", "hyperband")
        for seed in range(16)
    ]  # fmt: skip
    return {"ends": pd.DataFrame(rows)}


@pytest.mark.parametrize(("gain", "verdict"), [(0.05, "holds"), (-0.05, "does not hold"), (0.0, "undecided")])
def test_the_verdict_at_equal_cost_follows_the_pairs(gain: float, verdict: str):
    assert EQUAL.judge(ends(gain)).verdict == verdict
    assert set(compared(ends(gain)["ends"], "gp", "asha")["chance"]) == {0.5 if gain == 0 else float(gain > 0)}


def test_the_figures_say_how_to_read_them():
    (first,), (second,) = SAVES.draw(sets([0.7, 0.72], 0.9)), EQUAL.draw(ends(0.05))
    assert "How to read" in first.caption
    assert "How to read" in second.caption
