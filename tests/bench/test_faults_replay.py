"""A run that is gone on with is the run that was begun: strategies that do not repeat, and clocks that jump."""

import time
from itertools import count
from pathlib import Path

import pytest

from bench.experiment import run_experiment
from tests.bench.conftest import CLOCK, UNRULY, Bench, assert_same_tables, changed, cut_off, lost
from tests.faults import befell

SETTINGS = {"problems": "sphere", "dims": "2", "trials": 8, "seeds": 1, "name": "kept"}


@pytest.mark.parametrize("name", ["Unrepeatable", "GivesUpEarlier"])
def test_a_strategy_that_does_not_repeat_is_named_and_begins_again(bench: Bench, hostile: str, name: str):
    """Its worker is killed once, so that its run is replayed; random search beside it is left alone."""
    flags = [f"--{key}={value}" for key, value in SETTINGS.items()]
    done = bench("run", *flags, f"--strategies={UNRULY}:{name},random", "--trial-timeout=600")  # a commit per trial
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("not repeatable: ")]
    assert f"{UNRULY}:{name} on sphere-2d, seed 0 does not repeat itself" in line
    assert f"trial {1 if name == 'Unrepeatable' else 3} was " in line
    experiment = run_experiment(SETTINGS, strategies=f"{UNRULY}:{name},random")
    assert experiment.runs["status"].tolist() == ["done", "done"]
    assert experiment.runs["error"].notna().tolist() == [True, False]
    for _, trials in experiment.trials.groupby("strategy"):
        assert trials["trial"].tolist() == list(range(1, 9))
    assert Path("killed").exists() or Path("killed-before").exists()


def test_a_run_that_was_cut_off_is_gone_on_with_and_one_changed_bit_of_a_config_is_a_difference(hostile: str):
    """Even a bit whose checksum was made to fit: the replay compares the text of every config."""
    whole = run_experiment(SETTINGS, strategies=f"{UNRULY}:Climber", executor="serial")
    folder = Path("results", "kept")
    cut_off(folder, 5)
    resumed = run_experiment(SETTINGS, strategies=f"{UNRULY}:Climber", executor="serial")
    befell(
        "a run cut off and gone on with", lost=lost(whole.trials[:5], resumed.trials), changed=changed(resumed, whole)
    )
    assert_same_tables(resumed, whole)
    assert (resumed.trials["started_at"] == whole.trials["started_at"]).tolist() == [True] * 5 + [False] * 3
    cut_off(folder, 5, lambda config: f"{config[:-2]}{1 if config[-2] == '2' else 2}}}")
    again = run_experiment(SETTINGS, strategies=f"{UNRULY}:Climber", executor="serial")
    assert "trial 5 was " in again.runs["error"][0]
    again.runs["error"] = None
    assert_same_tables(again, whole)
    assert (again.trials["started_at"] > whole.trials["started_at"]).all()


def test_a_clock_that_jumps_back_gives_no_negative_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    undisturbed = run_experiment(SETTINGS, strategies="random,gp", executor="serial", results=tmp_path / "undisturbed")
    before = time.time()
    hours = count()

    def backwards() -> float:
        return before - 3600.0 * next(hours)

    monkeypatch.setattr(time, "time", backwards)
    monkeypatch.setattr("bench.run.time", backwards)
    jumping = run_experiment(SETTINGS, strategies="random,gp", executor="serial", results=tmp_path, time_limit=600)
    gone = lost(undisturbed.trials.drop(columns=CLOCK), jumping.trials.drop(columns=CLOCK))
    befell("the clock jumps back", next(hours), lost=gone, changed=changed(jumping, undisturbed))
    assert_same_tables(jumping, undisturbed)
    assert (jumping.trials[["ask_s", "evaluate_s", "tell_s"]] >= 0).all(axis=None)
    assert (jumping.trials[["ask_s", "evaluate_s", "tell_s"]] < 600).all(axis=None)
    assert jumping.trials["started_at"].is_monotonic_decreasing  # the clock did jump
