"""What an experiment leaves on record, from runs of a few trials; and what is shipped."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from bench.advice.evidence import LADDER, evidence_of, shipped
from bench.advice.record import record_of
from bench.experiment import Experiment
from bench.prices import PriceList
from bench.spec import ExperimentSpec
from problems.registry import problem_entry
from strategies.registry import strategies
from tests.bench.made_by_hand import a_run, frames, simple_runs, trials_of

SPEC = ExperimentSpec(problems="sphere", dims="2", strategies="random", trials="4", seeds=1)
RANDOM = [[4.0, 8.0], [2.0, 6.0]]  # two runs of two trials: four draws


def experiment(tables: tuple[pd.DataFrame, pd.DataFrame]) -> Experiment:
    return Experiment("mine", SPEC, {}, *tables, pd.DataFrame())


def curve(rows: pd.DataFrame, strategy: str) -> Sequence[float]:
    (found,) = rows.loc[rows["strategy"] == strategy, "regret"]
    return list(found)


def test_random_search_is_what_all_its_draws_lead_to_expect():
    rows = evidence_of([experiment(simple_runs({"random": RANDOM, "gp": [[5.0, 3.0, 3.5]]}))], "mine")
    # of 2, 4, 6, 8: the mean; the better of two is 2 three times in six, 4 twice, 6 once; of three 2, 2, 2, 4
    assert curve(rows, "random") == pytest.approx([5.0, 20 / 6, 2.5, 2.0])
    assert curve(rows, "gp") == [5.0, 3.0, 3.0]
    assert list(rows["budget"]) == [4, 3]


def test_without_random_search_there_is_nothing_to_compare_with():
    assert evidence_of([experiment(simple_runs({"gp": [[5.0, 3.0]]}))], "mine").empty


def test_a_run_that_failed_is_as_bad_as_a_first_draw_from_there():
    broke = a_run("gp", 0, 4, "failed")
    late = a_run("grid", 0, 3)
    runs, trials = frames(
        (a_run("random", 0, 2), trials_of(a_run("random", 0, 2), RANDOM[0])),
        (broke, trials_of(broke, [5.0, 3.0])),
        (late, trials_of(late, [None, 7.0, 6.5])),
    )
    rows = evidence_of([experiment((runs, trials))], "mine")
    assert curve(rows, "gp") == [5.0, 3.0, 6.0, 6.0]
    assert curve(rows, "grid") == [6.0, 7.0, 6.5]


def test_an_error_that_nobody_can_reach_is_no_optimum():
    tables = simple_runs({"random": [[0.5, 0.4]], "gp": [[0.3, 0.1]]}, optimum_origin="bound")
    assert curve(evidence_of([experiment(tables)], "mine"), "gp") == pytest.approx([0.2, 0.0])


def test_the_same_run_with_another_budget_is_another_run_and_twice_the_same_is_one():
    short, long = ({"random": RANDOM, "gp": [values]} for values in ([5.0, 3.0], [6.0, 4.0, 2.0]))
    parts = [experiment(simple_runs(values)) for values in (short, long, long)]
    rows = evidence_of(parts, "mine")
    assert [list(regret) for regret in rows.loc[rows["strategy"] == "gp", "regret"]] == [[5.0, 3.0], [6.0, 4.0, 2.0]]


def test_noise_choices_and_workers_are_seen():
    random, gp = a_run("random", 0, 2), a_run("gp@8w", 0, 2)
    seen = {"true_value": [4.1, 8.3], "config": ['{"a": "x", "b": 1, "c": true}'] * 2}
    rows = evidence_of(
        [experiment(frames((random, trials_of(random, [4.0, 8.0], **seen)), (gp, trials_of(gp, [4.0, 8.0], **seen))))],
        "mine",
    )
    found = rows[rows["strategy"] == "gp"].iloc[0]
    assert (found["categorical"], found["noisy"], found["workers"]) == (2, 1.0, 8)
    assert curve(rows, "gp") == pytest.approx([4.1, 4.1])  # what the incumbent is truly worth
    unknown = evidence_of([experiment(simple_runs({"random": RANDOM, "gp": RANDOM}, optimum_origin="bound"))], "mine")
    assert unknown["noisy"].isna().all()


def test_what_is_shipped_is_whole():
    rows = shipped()
    assert set(rows["strategy"]) <= set(strategies())
    for name in set(rows["problem"]):
        problem_entry(name)
    known = PriceList.read().seconds
    assert all(("strategy", name) in known for name in set(rows["strategy"]))
    record = record_of(rows, PriceList.read())
    assert np.isfinite(record.random[:, : len(LADDER[LADDER <= 15])]).all()
    assert np.isfinite(record.regret).any(axis=1).all()
    assert (record.regret[np.isfinite(record.regret)] >= -1e-6).all()
    assert len(set(record.cells["base"])) >= 10
