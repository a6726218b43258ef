"""Runs whose trials may be stopped early: what they cost, what they store, how they go on."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from bench.errors import UsageError
from bench.experiment import Experiment, run_experiment
from bench.records import RunKey, Setting, Trial
from bench.report.html import write_report
from bench.run import execute
from strategies.pruners.base import Pruner
from strategies.pruners.registry import TABLE, pruners
from tests.bench.conftest import Bench, installed_plugins

pytestmark = pytest.mark.usefixtures("plugins")

BUDGET = 12
HOMEMADE = [entry.name for entry in TABLE if entry.needs.missing() is None and not entry.needs.modules]


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    with installed_plugins():
        return run_experiment(
            problems="curves", dims="2", strategies="random,gp", pruners=[*HOMEMADE, "everything"], trials=BUDGET,
            seeds=2, executor="serial", results=tmp_path_factory.mktemp("pruned"),
        )  # fmt: skip


def runs_of(trials: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(str(key[1]), run) for key, run in trials.groupby(["strategy", "pruner", "seed"])]


def test_no_run_spends_more_than_its_budget_nor_leaves_a_full_trial_of_it(experiment: Experiment):
    assert set(experiment.runs["status"]) == {"done"}
    assert len(runs_of(experiment.trials)) == 2 * 2 * (len(HOMEMADE) + 1)
    for pruner, run in runs_of(experiment.trials):
        spent = run["cost"].where(run["status"] == "pruned", 1.0).sum()
        assert BUDGET - 1 < spent <= BUDGET + 1e-6, pruner


def test_without_a_pruner_the_budget_is_a_number_of_trials_and_with_one_there_are_more(experiment: Experiment):
    counts = {name: [len(run) for pruner, run in runs_of(experiment.trials) if pruner == name] for name in HOMEMADE}
    assert set(counts["none"]) == {BUDGET}
    for name in ("asha", "hyperband"):
        assert min(counts[name]) >= BUDGET
        assert sum(counts[name]) > BUDGET * len(counts[name])
    assert sum(counts["asha"]) > sum(counts["hyperband"])  # which has brackets that stop late or never
    assert sum(counts["median"]) > 4 * BUDGET  # lenient: a best value against running averages


def test_whole_and_failed_trials_are_as_without_a_pruner(experiment: Experiment):
    by_pruner = {name: part for name, part in experiment.trials.groupby("pruner") if name != "none"}
    for part in by_pruner.values():
        whole = part[part["status"] == "ok"]
        assert whole["cost"].to_numpy() == pytest.approx(1.0)
        pruned = part[part["status"] == "pruned"]
        assert (pruned["cost"] < 0.999).all()
        assert pruned["value"].notna().all()
        assert pruned["error"].isna().all()
    assert (experiment.trials["status"] == "failed").any()


def test_a_pruned_trial_is_the_same_trial_cut_short_and_has_the_values_of_its_last_look(experiment: Experiment):
    random = experiment.trials[experiment.trials["strategy"] == "random"]
    plain = random[random["pruner"] == "none"].set_index(["seed", "trial"])
    compared = 0
    for name in (*HOMEMADE, "everything"):
        for trial in random[(random["pruner"] == name) & (random["trial"] <= BUDGET)].to_dict("records"):
            whole = plain.loc[trial["seed"], trial["trial"]]
            assert trial["config"] == whole["config"]
            curve = json.loads(trial["observations"])
            assert curve == json.loads(whole["observations"])[: trial["fidelity"]]
            if trial["status"] == "pruned":
                assert [trial["value"], trial["test_value"], trial["cost"]] == curve[-1]
                compared += 1
    assert compared > 20


class Collected:
    def __init__(self):
        self.trials: list[Trial] = []

    def begin(self, setting: Setting):
        self.setting = setting

    def add(self, trial: Trial):
        self.trials.append(trial)

    def restart(self, reason: str):
        self.reason = reason


@pytest.mark.parametrize("pruner", sorted(pruners()))
def test_a_pruned_run_that_was_cut_off_anywhere_goes_on_as_if_it_had_not_been(pruner: str):
    if missing := pruners()[pruner].needs.missing():
        pytest.skip(missing)
    key = RunKey("curves", 2, 1, "gp", 1, 10, pruner)
    whole = Collected()
    assert execute(key, [], whole).status == "done"
    for cut in (1, 5, len(whole.trials) - 1):
        rest = Collected()
        assert execute(key, whole.trials[:cut], rest).status == "done"
        assert [trial[:10] for trial in rest.trials] == [trial[:10] for trial in whole.trials[cut:]]


def test_a_pruner_that_does_not_repeat_its_stops_has_its_run_begun_again():
    key = RunKey("curves", 2, 0, "random", 0, 10, "asha")
    whole = Collected()
    execute(key, [], whole)
    number, pruned = next((i, trial) for i, trial in enumerate(whole.trials) if trial.status == "pruned")
    stored = [*whole.trials[:number], pruned._replace(status="ok")]
    again = Collected()
    assert execute(key, stored, again).status == "done"
    assert f"trial {number + 1} was not stopped at" in again.reason
    assert [trial[:10] for trial in again.trials] == [trial[:10] for trial in whole.trials]


def test_a_pruner_that_raises_is_a_failed_run_not_a_failed_trial(tmp_path: Path):
    experiment = run_experiment(
        problems="curves", dims="2", strategies="random", pruners="raising,none", trials=8, seeds=1,
        executor="serial", results=tmp_path,
    )  # fmt: skip
    runs = experiment.runs.set_index("pruner")
    assert runs["status"].to_dict() == {"raising": "failed", "none": "done"}
    assert "RuntimeError: no rungs left" in runs["error"]["raising"]
    alone = run_experiment(
        problems="curves", dims="2", strategies="random", pruners="raising", trials=8, seeds=1, executor="serial",
        results=tmp_path,
    )  # fmt: skip
    assert write_report(alone, tmp_path).exists()


def test_a_pruner_is_shown_the_finite_looks_of_every_trial_in_steps_that_end_at_one(monkeypatch: pytest.MonkeyPatch):
    shown: dict[int, list[float]] = {}

    def should_stop(self: Pruner, proposal_id: int, step: float, value: float) -> bool:
        shown.setdefault(proposal_id, []).append(step)
        return False

    monkeypatch.setattr("strategies.pruners.asha.AshaPruner.should_stop", should_stop)
    collected = Collected()
    execute(RunKey("curves", 2, 0, "random", 0, 10, "asha"), [], collected)
    assert sorted(shown) == list(range(10))
    for trial, steps in zip(collected.trials, shown.values(), strict=True):
        assert steps == sorted(steps)
        assert len(steps) == trial.fidelity
        if trial.status == "ok":
            assert steps[-1] == pytest.approx(1.0)


def test_a_pruner_that_was_written_for_optuna_runs_as_it_is(tmp_path: Path):
    name = "docs/examples/accuracy_pruner.py:AccuracyPruner"
    experiment = run_experiment(
        problems="curves", dims="2", strategies="random", pruners=name, trials=12, seeds=1,
        executor="serial", results=tmp_path,
    )  # fmt: skip
    assert list(experiment.runs["status"]) == ["done"]
    assert "accuracy_pruner.py" in experiment.runs["strategy_version"][0]
    write_report(experiment, tmp_path)
    assert (tmp_path / "figures" / "trial-lengths-curves.png").exists()
    looked = [json.loads(looks) for looks in experiment.trials["observations"]]
    best = math.inf
    for status, looks in zip(experiment.trials["status"], looked, strict=True):
        if status == "pruned":
            assert min(value for value, *_ in looks) > best + 0.1
        elif status == "ok":
            best = min(best, looks[-1][0])
    assert (experiment.trials["status"] == "pruned").any()


@pytest.mark.parametrize(
    ("pruner", "complaint"),
    [
        ("collections:Counter", "is no subclass of strategies"),
        ("optuna.pruners:ThresholdPruner", "without arguments .*upper must be specified.*; give a subclass"),
    ],
)
def test_what_is_no_pruner_or_cannot_be_made_is_said(tmp_path: Path, pruner: str, complaint: str):
    with pytest.raises(UsageError, match=complaint):
        run_experiment(problems="curves", dims="2", strategies="random", pruners=pruner, results=tmp_path)
    assert not list(tmp_path.iterdir())


def test_pruners_from_the_command_line(bench: Bench, tmp_path: Path):
    """The last of issue 7's commands, small: a real training, resumed by the same command."""
    flags = [
        *("--problems=mlp-digits,sphere", "--dims=2", "--strategies=random", "--pruners=none,asha"),
        *("--trials=6", "--seeds=1", "--jobs=1", "--name=pruned"),
    ]
    planned = bench("plan", *flags[:-1])
    assert "asha needs looks: sphere has one look per trial" in planned.stdout
    done = bench("run", *flags)
    assert done.returncode == 0, done.stderr
    assert "random+asha" in done.stdout
    folder = tmp_path / "results" / "pruned"
    trials = pd.read_parquet(folder / "trials.parquet")
    stopped = trials[trials["status"] == "pruned"]
    assert set(stopped["pruner"]) == {"asha"}
    assert bench("run", *flags).returncode == 0
    assert pd.read_parquet(folder / "trials.parquet")["started_at"].equals(trials["started_at"])
    listed = bench("list", COLUMNS="400").stdout
    assert all(name in listed for name in HOMEMADE)
