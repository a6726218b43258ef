"""A run here and now is the run of an experiment."""

from pathlib import Path

from bench.experiment import run_experiment
from bench.explore.live import live_run


def test_its_trials_are_those_of_an_experiment(tmp_path: Path):
    stored = run_experiment(
        results=tmp_path, problems="ackley+noise=0.1", dims="2", strategies="gp,hyperopt-tpe", trials=8, seeds=2,
        executor="serial",
    ).trials  # fmt: skip
    for (strategy, seed), trials in stored.groupby(["strategy", "seed"]):
        live = live_run("ackley+noise=0.1", 2, strategy, seed, 8)
        assert [trial.config for trial in live.trials] == trials["config"].tolist()
        assert [trial.value for trial in live.trials] == trials["value"].tolist()
        assert live.setting is not None
        assert live.setting.optimum == trials["optimum"].iloc[0]


def test_what_was_run_is_remembered_and_a_failure_is_told_of():
    live = live_run("ackley", 2, "random", 0, 3)
    assert live_run("ackley", 2, "random", 0, 3) is live
    failed = live_run("ackley", 2, "tests/bench/users/hostile.py:NoSuch", 0, 3).outcome
    assert failed.status == "failed"
    assert failed.error is not None
