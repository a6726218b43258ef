"""What early stopping saves: costs at which medians cross, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from bench.analysis.regret import regret_curves
from bench.analysis.savings import savings
from bench.report.findings import saved
from tests.bench.made_by_hand import a_run, frames, trials_of

ALONE = [8.0, 6.0, 6.0, 4.0, 3.0, 3.0, 2.0, 2.0]  # is where it ends after 7 of 8 trials


def curves(pruned: list[float], cost: float, seeds: int = 3, dims: tuple[int, ...] = (2,), **more) -> pd.DataFrame:
    """`gp`, and `gp+asha` whose trials alternate between a full one of `pruned` and four that were stopped."""
    parts = []
    for dim in dims:
        for seed in range(seeds):
            alone = a_run("gp", seed, len(ALONE), dim=dim)
            parts.append((alone, trials_of(alone, [value + 0.1 * seed for value in ALONE])))
            pair = a_run("gp+asha", seed, len(ALONE), dim=dim, pruner="asha", **more)
            values = [value + 0.1 * seed for value in pruned for _ in range(5)]
            states, costs = ["ok", *["pruned"] * 4] * len(pruned), [1.0, *[cost] * 4] * len(pruned)
            parts.append((pair, trials_of(pair, values, status=states, cost=costs)))
    return regret_curves(*frames(*parts))


def found(table: pd.DataFrame) -> pd.DataFrame:
    return savings(table, np.random.default_rng(0))


def test_the_cost_is_where_the_median_crosses() -> None:
    """Full trials end after 1, 3, 5, 7 full trials spent; the third is as good as gp's seventh."""
    (row,) = found(curves([9.0, 5.0, 1.0, 1.0], cost=0.25)).to_dict("records")
    assert (row["strategy"], row["spent"], row["spent_alone"], row["share"]) == ("gp+asha", 5, 7, pytest.approx(5 / 7))
    assert (row["cells"], row["reached"], row["n"]) == (1, 1, 3)
    assert row["share_low"] <= row["share"] <= row["share_high"]
    assert saved(found(curves([9.0, 5.0, 1.0, 1.0], cost=0.25))) == [
        "gp+asha came as far as gp alone at 71 % [71 %, 71 %] of its cost, 5 for 7 full trials "
        "(1 problem × dimension, 3 seeds)."
    ]


def test_what_never_comes_as_far_is_infinite() -> None:
    (row,) = found(curves([9.0, 5.0, 3.0, 2.5], cost=0.25)).to_dict("records")
    assert (row["share"], row["reached"], row["cells"]) == (np.inf, 0, 1)
    assert "gp+asha never came as far as gp alone (1" in saved(found(curves([9.0, 5.0, 3.0, 2.5], cost=0.25)))[0]


def test_a_run_that_failed_comes_no_further() -> None:
    """Two of three seeds of the pair fail after their first trial, which was as good as gp's end."""
    good = curves([1.0, 1.0, 1.0, 1.0], cost=0.25)
    assert found(good)["share"].item() == pytest.approx(1 / 7)
    cut = good[(good["strategy"] == "gp") | (good["seed"] == 0) | (good["trial"] < 1)]
    assert found(cut)["n"].item() == 1
    failed = good.assign(regret=good["regret"].where((good["strategy"] == "gp") | (good["seed"] == 0)))
    assert found(failed)["share"].item() == np.inf


def test_one_seed_has_no_interval_and_a_pair_alone_no_saving() -> None:
    assert np.isnan(found(curves([1.0] * 4, cost=0.25, seeds=1))["share_low"].item())
    both = curves([1.0] * 4, cost=0.25)
    assert found(both[both["strategy"] == "gp+asha"]).empty
    assert found(both[both["strategy"] == "gp"]).empty


def test_cells_count_alike_whatever_their_number_of_seeds() -> None:
    one, two = curves([1.0] * 4, cost=0.25), curves([9.0, 5.0, 1.0, 1.0], cost=0.25, dims=(3, 4), seeds=2)
    (row,) = found(pd.concat([one, two])).to_dict("records")
    assert (row["share"], row["cells"], row["n"]) == (pytest.approx(5 / 7), 3, 2)
