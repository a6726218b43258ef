import numpy as np
import pandas as pd
import pytest

from bench.analysis.regret import known_optimum, regret_curves, simple_regret
from tests.bench.made_by_hand import a_run, frames, simple_runs, trials_of


def curve(curves: pd.DataFrame, strategy: str, column: str = "regret", seed: int = 0) -> list[float]:
    rows = curves[(curves["strategy"] == strategy) & (curves["seed"] == seed)]
    assert rows["trial"].tolist() == list(range(1, len(rows) + 1))
    return rows[column].tolist()


def test_regret_is_the_best_so_far_minus_the_optimum():
    curves = regret_curves(*simple_runs({"a": [[5.0, 7.0, 3.0, 3.0]]}, optimum=1.0))
    assert curve(curves, "a") == [4.0, 4.0, 2.0, 2.0]


def test_failed_trials_keep_the_incumbent_and_before_the_first_success_there_is_none():
    curves = regret_curves(*simple_runs({"a": [[None, 4.0, None, 2.0]]}))
    assert curve(curves, "a") == pytest.approx([np.nan, 4.0, 4.0, 2.0], nan_ok=True)


def test_noise_cannot_flatter_an_incumbent():
    run = a_run("a")
    truth = [2.0, 5.0, 1.0, 1.5]
    told = [2.1, 1.9, 2.0, 1.8]  # the second trial was lucky, the third had bad luck
    curves = regret_curves(*frames((run, trials_of(run, told, true_value=truth, test_value=[10, 20, 30, 40]))))
    assert curve(curves, "a") == [2.0, 5.0, 5.0, 1.5]
    assert curve(curves, "a", "incumbent_value") == [2.1, 1.9, 1.9, 1.8]
    assert curve(curves, "a", "incumbent_test") == [10, 20, 20, 40]


def test_of_equal_values_the_first_stays_the_incumbent():
    run = a_run("a", budget=2)
    curves = regret_curves(*frames((run, trials_of(run, [1.0, 1.0], true_value=[3.0, 0.0]))))
    assert curve(curves, "a") == [3.0, 3.0]


def test_an_exhausted_run_is_carried_to_its_budget_and_a_failed_one_is_not():
    exhausted, failed = a_run("grid", status="exhausted", budget=5), a_run("a", status="failed", budget=5)
    curves = regret_curves(*frames((exhausted, trials_of(exhausted, [3.0, 2.0])), (failed, trials_of(failed, [1.0]))))
    assert curve(curves, "grid") == [3.0, 2.0, 2.0, 2.0, 2.0]
    assert curve(curves, "a") == [1.0]


@pytest.mark.parametrize("status", ["planned", "running", "skipped"])
def test_what_is_not_finished_is_left_out(status: str):
    done, other = a_run("a"), a_run("b", status=status)
    curves = regret_curves(*frames((done, trials_of(done, [1.0] * 4)), (other, trials_of(other, [0.5]))))
    assert set(curves["strategy"]) == {"a"}


def test_a_run_that_failed_before_its_first_trial_is_not_forgotten():
    done, failed = a_run("a"), a_run("b", status="failed", optimum=None, optimum_origin=None, value_label=None)
    curves = regret_curves(*frames((failed, []), (done, trials_of(done, [3.0, 2.0, 1.0, 0.5]))))
    assert curve(curves, "b") == pytest.approx([np.nan], nan_ok=True)
    assert curve(curves, "a") == [3.0, 2.0, 1.0, 0.5]


def test_a_run_that_knows_no_optimum_does_not_change_that_of_its_cell():
    failed = a_run("b", status="failed", optimum=None, optimum_origin=None, value_label=None)
    done = a_run("a", optimum=-1.0)
    runs, trials = known_optimum(*frames((failed, []), (done, trials_of(done, [3.0, 2.0]))))
    assert runs["optimum"].tolist() == [-1.0, -1.0]
    assert runs["optimum_origin"].tolist() == ["analytic", "analytic"]
    assert runs["value_label"].tolist() == ["value", "value"]
    assert trials["optimum"].tolist() == [-1.0, -1.0]


def test_without_a_stated_optimum_the_best_seen_counts_and_is_called_so():
    unknown = {"optimum": None, "optimum_origin": None}
    runs, trials = simple_runs({"a": [[3.0, 2.0], [9.0, 8.0]], "b": [[4.0, 1.0], [7.0, 7.5]]}, **unknown)
    curves = regret_curves(runs, trials)
    assert curve(curves, "a") == [2.0, 1.0]
    assert curve(curves, "a", seed=1) == [2.0, 1.0]  # another instance has an optimum of its own
    assert curve(curves, "b") == [3.0, 0.0]
    assert set(curves["optimum_origin"]) == {"best seen"}


def pruned_run(status: str = "done", budget: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Costs 1, 0.5, 0.25, 1, 0.2; of the pruned, the second has the lowest value of all."""
    run = a_run("a+asha", pruner="asha", budget=budget, status=status)
    states = ["ok", "pruned", "pruned", "ok", "pruned"]
    costs = [1.0, 0.5, 0.25, 1.0, 0.2]
    return frames((run, trials_of(run, [5.0, 0.5, 7.0, 3.0, 2.0], status=states, cost=costs)))


def test_a_pruned_trial_takes_its_share_off_the_budget_and_is_no_incumbent():
    trials = simple_regret(pruned_run()[1])
    assert trials["spent"].tolist() == [1.0, 1.5, 1.75, 2.75, 2.95]
    assert trials["incumbent_value"].tolist() == [5.0, 5.0, 5.0, 3.0, 3.0]


def test_curves_of_pruned_runs_stand_at_equal_cost():
    assert curve(regret_curves(*pruned_run()), "a+asha") == [5.0, 5.0, 3.0]
    assert curve(regret_curves(*pruned_run("failed", 5)), "a+asha") == [5.0, 5.0, 3.0]
    assert curve(regret_curves(*pruned_run("exhausted", 5)), "a+asha") == [5.0, 5.0, 3.0, 3.0, 3.0]


def test_a_failed_trial_costs_a_full_one_whatever_was_seen_of_it():
    run = a_run("a", budget=3)
    runs, trials = frames((run, trials_of(run, [None, 4.0, 2.0], cost=[0.1, 1.0, 1.0])))
    assert curve(regret_curves(runs, trials), "a") == pytest.approx([np.nan, 4.0, 2.0], nan_ok=True)


def test_a_best_seen_optimum_is_that_of_whole_trials():
    runs, trials = pruned_run()
    curves = regret_curves(runs.assign(optimum=np.nan, optimum_origin=None), trials.assign(optimum=np.nan))
    assert curve(curves, "a+asha") == [2.0, 2.0, 0.0]


def test_nothing_given_is_changed():
    runs, trials = simple_runs({"a": [[3.0, None]]}, optimum=None)
    before = runs.copy(), trials.copy()
    regret_curves(runs, trials)
    simple_regret(trials)
    pd.testing.assert_frame_equal(runs, before[0])
    pd.testing.assert_frame_equal(trials, before[1])


def test_an_experiment_without_trials_has_no_curves():
    runs, trials = frames((a_run("a", status="planned"), []))
    assert regret_curves(runs, trials).empty
