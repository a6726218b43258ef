import pandas as pd
import pytest

from bench.analysis.ranks import final_order, mean_ranks, ranks
from bench.analysis.regret import regret_curves
from tests.bench.made_by_hand import a_run, frames, simple_runs, trials_of


def ranked(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    return ranks(runs, regret_curves(runs, trials))


def rank_of(rows: pd.DataFrame, strategy: str) -> list[float]:
    return rows[rows["strategy"] == strategy].sort_values(["seed", "trial"])["rank"].tolist()


def test_ranks_follow_regret_and_ties_share():
    rows = ranked(*simple_runs({"a": [[3.0, 1.0]], "b": [[3.0, 2.0]], "c": [[9.0, 2.0]]}))
    assert rank_of(rows, "a") == [1.5, 1.0]
    assert rank_of(rows, "b") == [1.5, 2.5]
    assert rank_of(rows, "c") == [3.0, 2.5]
    assert set(rows["of"]) == {3}


def test_a_failed_run_is_worst_from_where_it_ended_and_so_is_one_without_success():
    good, failed = a_run("a", budget=3), a_run("b", budget=3, status="failed")
    hopeless = a_run("c", budget=3)
    rows = ranked(
        *frames(
            (good, trials_of(good, [5.0, 5.0, 5.0])),
            (failed, trials_of(failed, [1.0])),
            (hopeless, trials_of(hopeless, [None, None, None])),
        )
    )
    assert rank_of(rows, "b") == [1.0, 2.5, 2.5]
    assert rank_of(rows, "c") == [3.0, 2.5, 2.5]


def test_a_skipped_run_takes_no_part():
    good, skipped = a_run("a", budget=1), a_run("b", budget=1, status="skipped")
    rows = ranked(*frames((good, trials_of(good, [5.0])), (skipped, [])))
    assert rank_of(rows, "a") == [1.0]
    assert rank_of(rows, "b") == []


def test_a_cell_with_an_unfinished_run_is_left_out_and_the_others_are_not():
    runs, trials = simple_runs({"a": [[1.0], [1.0]], "b": [[2.0], [2.0]]})
    runs.loc[(runs["strategy"] == "b") & (runs["seed"] == 1), "status"] = "running"
    rows = ranked(runs, trials)
    assert set(rows["seed"]) == {0}
    assert rank_of(rows, "b") == [2.0]


def test_mean_ranks_have_their_error_and_number():
    rows = ranked(*simple_runs({"a": [[1.0], [3.0]], "b": [[2.0], [2.0]]}))
    means = mean_ranks(rows, ["strategy"]).set_index("strategy")
    assert means["mean_rank"].to_dict() == {"a": 1.5, "b": 1.5}
    assert means["standard_error"].to_dict() == pytest.approx({"a": 0.5, "b": 0.5})
    assert means["n"].to_dict() == {"a": 2, "b": 2}


def test_the_order_of_a_legend_is_that_of_the_last_trial_and_the_unranked_come_last():
    rows = ranked(*simple_runs({"a": [[1.0, 1.0]], "b": [[2.0, 0.5]], "c": [[3.0, 3.0]]}))
    assert final_order(rows, pd.Series(["zz", "c", "a", "b", "y"])) == ["b", "a", "c", "y", "zz"]
