import numpy as np
import pandas as pd
import pytest

from bench.analysis.ranks import ranks
from bench.analysis.regret import regret_curves
from bench.analysis.scores import normalised_scores
from bench.analysis.summary import at_the_end, summarise
from tests.bench.made_by_hand import a_run, frames, simple_runs, trials_of


def scores_of(runs: pd.DataFrame, trials: pd.DataFrame, strategy: str) -> list[float]:
    scores = normalised_scores(regret_curves(runs, trials))
    return scores[scores["strategy"] == strategy].sort_values("trial")["score"].tolist()


def test_random_scores_1_and_the_others_in_its_regret():
    runs, trials = simple_runs({"random": [[4.0, 2.0]], "a": [[2.0, 0.0]], "b": [[8.0, 3.0]]})
    assert scores_of(runs, trials, "random") == [1.0, 1.0]
    assert scores_of(runs, trials, "a") == [0.5, 0.0]
    assert scores_of(runs, trials, "b") == [2.0, 1.5]


def test_adding_a_strategy_changes_no_score():
    runs, trials = simple_runs({"random": [[4.0, 2.0]], "a": [[2.0, 0.5]]})
    more, more_trials = simple_runs({"b": [[0.1, 0.1]]})
    before = scores_of(runs, trials, "a")
    assert scores_of(pd.concat([runs, more]), pd.concat([trials, more_trials]), "a") == before


@pytest.mark.parametrize("curves", [{"a": [[1.0]]}, {"a": [[1.0]], "random": [[0.0]]}], ids=["absent", "no regret"])
def test_without_a_baseline_there_is_no_score(curves: dict):
    assert np.isnan(scores_of(*simple_runs(curves), "a")).all()


def test_runs_that_failed_cannot_be_averaged_away():
    parts = []
    for strategy, seeds in {"random": [[4.0] * 2] * 3, "a": [[1.0], [1.0], [1.0] * 2]}.items():
        for seed, values in enumerate(seeds):
            run = a_run(strategy, seed, 2, "done" if len(values) == 2 else "failed")
            parts.append((run, trials_of(run, values)))
    assert scores_of(*frames(*parts), "a") == [0.25, np.inf]


def test_one_row_per_strategy_the_best_first():
    runs, trials = simple_runs({"random": [[4.0, 2.0], [4.0, 2.0]], "a": [[9.0, 1.0], [9.0, None]]})
    summary = summarise(runs, trials, curves := regret_curves(runs, trials), ranks(runs, curves)).set_index("strategy")
    assert summary["mean_rank"].to_dict() == {"a": 1.5, "random": 1.5}
    assert summary["failed_trials"].to_dict() == {"a": 0.25, "random": 0.0}
    assert summary["score"].to_dict() == {"a": 2.5, "random": 1.0}  # median of 1 and 9, over 2
    assert summary["ask_s"].tolist() == pytest.approx([2e-3, 2e-3])
    assert summary["n_runs"].tolist() == [2, 2]


def test_a_strategy_whose_runs_all_failed_is_listed_last():
    good, failed = a_run("b", budget=1), a_run("a", budget=1, status="failed")
    runs, trials = frames((failed, []), (good, trials_of(good, [1.0])))
    summary = summarise(runs, trials, curves := regret_curves(runs, trials), ranks(runs, curves))
    assert summary["strategy"].tolist() == ["b", "a"]
    assert summary["failed_runs"].tolist() == [0.0, 1.0]


def test_unfinished_runs_are_not_counted_and_their_strategy_is_still_listed():
    done, planned = a_run("a", budget=1), a_run("b", budget=1, status="planned")
    runs, trials = frames((done, trials_of(done, [1.0])), (planned, []))
    summary = summarise(runs, trials, curves := regret_curves(runs, trials), ranks(runs, curves)).set_index("strategy")
    assert summary["n_runs"].to_dict() == {"a": 1, "b": 0}
    assert summary.loc["b", "version"] == "lib 1.0"


def test_at_the_end_every_run_has_a_row_also_one_that_failed_before():
    done, failed = a_run("a"), a_run("a", 1, status="failed")
    last = at_the_end(
        regret_curves(*frames((done, trials_of(done, [4.0, 3.0, 2.0, 1.0])), (failed, trials_of(failed, [9.0]))))
    )
    assert last["trial"].tolist() == [4, 4]
    assert last["regret"].tolist() == pytest.approx([1.0, np.nan], nan_ok=True)
