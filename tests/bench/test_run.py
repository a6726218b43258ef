import json
from pathlib import Path

import pytest

from bench.experiment import Experiment, run_experiment
from bench.records import RunKey, Setting, Trial
from bench.run import execute

pytestmark = pytest.mark.usefixtures("plugins")


@pytest.fixture
def run(tmp_path: Path):
    def call(problems: str, strategies: str, trials: int = 12, **more: object) -> Experiment:
        return run_experiment(
            problems=problems, dims="2", strategies=strategies, trials=trials, executor="serial", results=tmp_path,
            **{"seeds": 1, **more},
        )  # fmt: skip

    return call


def test_an_objective_may_fail_in_any_way_and_costs_its_trial(run):
    trials = run("broken", "random,optuna-tpe,grid", trials=40).trials
    for _, of_run in trials.groupby("strategy"):
        failed = of_run[of_run["status"] == "failed"]
        assert len(of_run) in (36, 40)  # the grid has 6 x 6 points
        assert failed["value"].isna().all()
        assert failed["error"].notna().all()
        assert of_run.loc[of_run["status"] == "ok", "value"].between(0, 2).all()
    reasons = " ".join(trials["error"].dropna())
    for reason in ("ZeroDivisionError: training exploded", "nan", "inf", "'three'", "None", "1000000"):
        assert reason in reasons


def test_the_noise_of_a_trial_is_the_same_for_every_strategy(run):
    trials = run("noisy", "random,sobol,grid", trials=9, seeds=2).trials
    noise = trials.assign(noise=trials["value"] - trials["true_value"]).pivot(
        index=["seed", "trial"], columns="strategy", values="noise"
    )
    assert noise.sub(noise["random"], axis=0).abs().max().max() < 1e-12
    assert noise["random"].nunique() == len(noise)


def test_adding_a_strategy_changes_nobodys_numbers(run):
    alone = run("sphere", "random").trials
    together = run("sphere", "grid,random,sobol").trials
    assert together.loc[together["strategy"] == "random", "config"].tolist() == alone["config"].tolist()


@pytest.mark.parametrize(
    ("strategy", "reason"), [("raises", "the surrogate is singular"), ("strays", "is not a value of")]
)
def test_a_strategy_that_raises_is_a_failed_run_with_its_traceback_and_its_trials(run, strategy: str, reason: str):
    experiment = run("sphere", f"{strategy},random")
    status = experiment.runs.set_index("strategy")["status"]
    assert (status[strategy], status["random"]) == ("failed", "done")
    error = experiment.runs.set_index("strategy")["error"][strategy]
    assert reason in error
    assert "Traceback" in error
    assert (experiment.trials["strategy"] == strategy).sum() == (4 if strategy == "raises" else 0)


@pytest.mark.parametrize(("problem", "strategy"), [("meddling", "random"), ("sphere", "spiteful")])
def test_what_a_problem_or_strategy_does_to_a_config_changes_no_record(run, problem: str, strategy: str):
    for text in run(problem, strategy).trials["config"]:
        assert len(json.loads(text)) == 2


def test_a_grid_that_is_finished_early_is_exhausted_not_failed(run):
    experiment = run("sphere", "grid", trials=10)
    assert experiment.runs["status"].tolist() == ["exhausted"]
    assert len(experiment.trials) == 9


class Collected:
    def __init__(self):
        self.trials: list[Trial] = []

    def begin(self, setting: Setting):
        self.setting = setting

    def add(self, trial: Trial):
        self.trials.append(trial)

    def restart(self, reason: str):
        self.reason = reason


@pytest.mark.parametrize("strategy", ["random", "lhs", "gp", "optuna-tpe", "hyperopt-tpe", "skopt-forest"])
def test_a_run_that_was_cut_off_anywhere_goes_on_as_if_it_had_not_been(strategy: str):
    key = RunKey("noisy", 2, 3, strategy, 3, 24)
    whole = Collected()
    assert execute(key, [], whole).status == "done"
    for cut in (1, 11, 23):
        rest = Collected()
        assert execute(key, whole.trials[:cut], rest).status == "done"
        assert [t[:9] for t in rest.trials] == [t[:9] for t in whole.trials[cut:]]


def test_a_strategy_that_does_not_repeat_begins_again_and_is_named():
    key = RunKey("sphere", 2, 0, "unrepeatable", 0, 5)
    whole, again = Collected(), Collected()
    execute(key, [], whole)
    assert execute(key, whole.trials[:3], again).status == "done"
    assert "unrepeatable on sphere-2d, seed 0 does not repeat itself" in again.reason
    assert "trial 1 was" in again.reason
    assert [trial.trial for trial in again.trials] == [1, 2, 3, 4, 5]
    assert not {trial.config for trial in again.trials} & {trial.config for trial in whole.trials}
