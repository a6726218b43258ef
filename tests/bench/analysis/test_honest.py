"""Honest scores by hand."""

import numpy as np
import pandas as pd
import pytest

from bench.analysis.honest import honest_runs, honest_scores, of_one_problem
from bench.analysis.regret import regret_curves
from bench.experiment import RETRAININGS
from tests.bench.made_by_hand import a_run, frames, trials_of


def again(run, *shown, trial=1, true_value=None):
    """A retraining of `run` for each told and test value of `shown`; None: it failed."""
    return [
        {
            **{name: run[name] for name in RETRAININGS if name in run}, "repeat": repeat, "trial": trial,
            "value": pair and pair[0], "test_value": pair and pair[1], "true_value": true_value,
            "status": "failed" if pair is None else "ok", "error": None, "evaluate_s": 0.1, "started_at": 0.0,
        }
        for repeat, pair in enumerate(shown, start=1)
    ]  # fmt: skip


def scored(parts, retrainings):
    runs, trials = frames(*parts)
    table = pd.DataFrame(retrainings, columns=RETRAININGS)
    numbers = ["value", "true_value", "test_value"]
    return honest_runs(trials, regret_curves(runs, trials), table.astype(dict.fromkeys(numbers, float)))


def test_told_again_and_honest_by_hand():
    run = a_run("gp", 0, 2, problem="mlp-digits", optimum_origin="bound")
    rows = trials_of(run, [0.3, 0.1], test_value=[0.3, 0.2])
    (found,) = scored([(run, rows)], again(run, (0.2, 0.4), (0.4, 0.6), None, trial=2)).to_dict("records")
    shown = [found[name] for name in ("told", "again", "honest", "luck", "optimism", "repeats", "failed")]
    assert shown == pytest.approx([0.1, 0.3, 0.5, 0.2, 0.4, 2, 1 / 3])


def test_without_test_cases_the_true_value_is_honest_and_without_that_the_new_one():
    runs = [a_run("gp", seed, 1, problem=problem) for seed, problem in enumerate(("known", "unknown"))]
    parts = [(run, trials_of(run, [1.0])) for run in runs]
    told_again = [*again(runs[0], (3.0, None), true_value=2.0), *again(runs[1], (3.0, None))]
    assert scored(parts, told_again)["honest"].tolist() == [2.0, 3.0]


def test_without_noise_the_stored_test_value_is_honest_and_with_noise_it_is_not():
    exact, noisy = (a_run("gp", 0, 2, problem=problem) for problem in ("svm-digits", "mlp-digits"))
    parts = [
        (exact, trials_of(exact, [0.2, 0.1], true_value=[0.2, 0.1], test_value=[0.5, 0.15])),
        (noisy, trials_of(noisy, [0.2, 0.1], test_value=[0.5, 0.15])),
    ]
    (found,) = scored(parts, []).to_dict("records")
    assert (found["problem"], found["honest"], found["luck"], found["repeats"]) == ("svm-digits", 0.15, 0.0, 0)


def test_runs_that_failed_or_had_no_success_are_not_there():
    failed, empty = a_run("gp", 0, 2, "failed"), a_run("random", 0, 2)
    assert scored([(failed, []), (empty, trials_of(empty, [None, None]))], []).empty


def test_means_over_dimensions_and_seeds_with_intervals_that_hold_them():
    rng = np.random.default_rng(0)
    parts, told_again = [], []
    for dim in (2, 3):
        for seed in range(8):
            run = a_run("gp", seed, 1, problem="mlp-digits", dim=dim)
            parts.append((run, trials_of(run, [0.1])))
            told_again += again(run, (0.2, 0.3 + 0.01 * rng.standard_normal()))
    by_run = scored(parts, told_again)
    scores = honest_scores(by_run, np.random.default_rng(1))
    (row,) = scores.to_dict("records")
    assert (row["problem"], row["strategy"], row["n"], row["repeats"]) == ("mlp-digits", "gp", 16, 1)
    assert row["honest"] == pytest.approx(by_run["honest"].mean())
    assert row["optimism_low"] < row["optimism"] < row["optimism_high"]
    assert row["luck_low"] == pytest.approx(0.1) == row["luck_high"]
    assert of_one_problem(scores).loc["gp", "n_honest"] == 16
    two = pd.concat([scores, scores.assign(problem="nnet-digits")])
    assert of_one_problem(two).empty


def test_nothing_gives_tables_without_rows():
    run = a_run("gp", 0, 1)
    by_run = scored([(run, trials_of(run, [1.0]))], [])
    scores = honest_scores(by_run, np.random.default_rng(0))
    assert scores.empty
    assert of_one_problem(scores).empty
