import numpy as np
import pandas as pd
import pytest

from bench.analysis.equal_time import Timed, at_random_budget, curves_in_time, leaders, reached_by, scores_at, timed
from bench.analysis.regret import regret_curves
from tests.bench.made_by_hand import Curve, a_run, frames, trials_of

RANDOM = [8.0, 4.0, 2.0, 2.0]  # whose mean, 4, is random search's expected first trial


def a_pair(strategy: str, values: Curve, ask_s: float, **more: object) -> tuple[dict, list[dict]]:
    run = a_run(strategy, budget=4, **more)
    seconds = {"ask_s": [ask_s] * len(values), "tell_s": [0.0] * len(values)}
    return run, trials_of(run, values, **seconds)


def timed_of(*pairs: tuple[dict, list[dict]]) -> Timed:
    runs, trials = frames(*pairs)
    return timed(runs, trials, regret_curves(runs, trials))


def scores_by_strategy(found: Timed, *times: float) -> dict[str, list[float]]:
    """At these times, if a trial takes a second."""
    return dict(zip(found.runs["strategy"], scores_at(found, 1.0, np.array(times)).tolist(), strict=True))


def table_of(found: Timed, *prices: float) -> pd.DataFrame:
    return at_random_budget(found, np.array(prices), np.random.default_rng(0)).set_index(["strategy", "price"])


@pytest.fixture
def found() -> Timed:
    """Random search that thinks no time, and a strategy that is better but thinks a second each time."""
    return timed_of(a_pair("random", RANDOM, 0.0), a_pair("gp", [4.0, 2.0, 1.0, 0.0], 1.0))


def test_a_run_has_the_score_of_its_latest_trial_that_ended_and_1_before_the_first(found: Timed):
    of = scores_by_strategy(found, 0.5, 1.0, 2.0, 3.5, 4.0, 100.0)
    assert of["random"] == [1, 1, 1, 0.5, 0.5, 0.5]
    assert of["gp"] == [1, 1, 1, 1, 0.5, 0]


def test_where_trials_are_cheap_thinking_costs_trials_and_where_they_are_dear_it_costs_nothing(found: Timed):
    table = table_of(found, 0.1, 1.0, 3600.0)
    assert table.loc["gp", "trials"].tolist() == [0, 2, 4]
    assert table.loc["gp", "median"].tolist() == [1, 0.5, 0]
    assert table.loc["random", "trials"].tolist() == [4, 4, 4]
    assert table.loc["random", "median"].tolist() == [0.5, 0.5, 0.5]


def test_who_leads_is_said_by_stretches_of_prices(found: Timed):
    table = table_of(found, 0.1, 0.2, 3.0, 10.0).reset_index()
    stretches = leaders(table)
    assert stretches[["strategy", "first", "last"]].to_numpy().tolist() == [["random", 0.1, 0.2], ["gp", 3.0, 10.0]]
    assert stretches["least"].isna().all(), "one seed"


def test_seeds_give_bands_and_say_how_often_a_lead_holds():
    pairs = []
    for seed in range(4):
        pairs += [a_pair("random", RANDOM, 0.0, seed=seed), a_pair("gp", [4.0, 2.0, 1.0, 0.1 * seed], 1.0, seed=seed)]
    found = timed_of(*pairs)
    table = table_of(found, 1e-3, 3600.0)
    assert table.loc[("gp", 3600.0), "leads"] == 1
    assert table.loc[("gp", 1e-3), "leads"] == 0
    row = table.loc[("gp", 3600.0)]
    assert row["low"] < row["median"] < row["high"]
    lines = curves_in_time(found, [0.1, 1.0], 20, np.random.default_rng(0))
    lines = lines[lines["price"] == 1.0]
    ends = lines.groupby("strategy")["time"].max()
    assert ends["random"] < ends["gp"] == pytest.approx(8.0)
    assert lines.groupby("strategy")["median"].last()["gp"] == pytest.approx(np.mean([0, 0.1, 0.2, 0.3]) / 4)


def test_a_failed_run_counts_as_random_searchs_first_trial_from_when_its_next_trial_would_have_ended():
    found = timed_of(a_pair("random", RANDOM, 0.0), a_pair("gp", [1.0], 1.0, status="failed"))
    of = scores_by_strategy(found, 1.9, 2.0, 2.9, 3.0)
    assert of["gp"] == [1, 0.25, 0.25, 1]


def test_a_run_that_failed_before_its_first_trial_is_there_and_never_better_than_1():
    found = timed_of(a_pair("random", RANDOM, 0.0), a_pair("gp", [], 1.0, status="failed"))
    assert table_of(found, 1.0).loc[("gp", 1.0), ["median", "trials"]].tolist() == [1, 0]


def test_a_pruned_trial_takes_its_share_of_the_price():
    run = a_run("random+asha", budget=4, pruner="asha")
    costs = {"cost": [1.0, 0.5, 0.5, 1.0], "status": ["ok", "pruned", "pruned", "ok"]}
    pruned = run, trials_of(run, [2.0, 9.0, 9.0, 1.0], **costs, ask_s=[0.0] * 4, tell_s=[0.0] * 4)
    found = timed_of(a_pair("random", RANDOM, 0.0), pruned)
    of = scores_by_strategy(found, 1.0, 2.0, 2.9, 3.0)
    assert of["random+asha"] == [0.5, 0.5, 0.5, 0.25]


def test_only_what_every_strategy_ran_is_compared_and_nothing_without_random_search():
    more = a_pair("random", RANDOM, 0.0, dim=5)
    found = timed_of(a_pair("random", RANDOM, 0.0), a_pair("gp", RANDOM, 1.0), more)
    assert set(found.runs["dim"]) == {2}
    assert timed_of(a_pair("gp", RANDOM, 1.0)).states.empty


def test_what_is_found_by_bisection_and_by_fewer_states_is_what_every_state_says():
    rng = np.random.default_rng(0)
    lengths = [0, 1, 7, 30]
    states = pd.DataFrame({"run": np.repeat(np.arange(len(lengths)), lengths)})
    states["score"] = rng.integers(4, size=len(states)) / 4
    for name in ("thought", "spent"):
        states[name] = rng.exponential(size=len(states))
        states[name] = states.groupby("run")[name].cumsum()
    found = Timed(pd.DataFrame({"strategy": list("abcd")}), states)
    at = np.array([1.0, 0.0, 3.0, 9.0])
    there = found.times(0.5) <= at[states["run"]]
    assert reached_by(found, 0.5, at).tolist() == np.bincount(states["run"], there, len(lengths)).tolist()
    times = np.geomspace(0.01, 50, 40)
    assert (scores_at(found.of_changes(), 0.5, times) == scores_at(found, 0.5, times)).all()
    assert len(found.of_changes().states) < len(states)
