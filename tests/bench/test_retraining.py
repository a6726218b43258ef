"""The winner of a run on a noisy problem is evaluated again with fresh seeds, whatever happens meanwhile."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.database import FORMAT, WITHOUT_RETRAININGS
from bench.errors import UsageError
from bench.executors.serial import run_serial
from bench.experiment import Experiment, Silent, load_experiment, run_experiment
from bench.integrity import sign, teach_checksums
from bench.merging import merge
from bench.records import Trial
from bench.retraining import Incumbent
from bench.verification import database_findings, rerun_finding
from tests.bench.conftest import CLOCK, assert_same_tables, tamper

pytestmark = pytest.mark.usefixtures("plugins")

SMALL = {"problems": "noisy,sphere", "dims": "2", "strategies": "random,gp", "trials": 9, "seeds": 2}
OF_RUN = ["problem", "strategy", "seed"]


def run(results: Path, name: str = "kept", **more: object) -> Experiment:
    return run_experiment({**SMALL, "executor": "serial", **more}, name=name, results=results)


def test_the_winner_is_evaluated_again_where_there_is_noise_and_nothing_else_moves(tmp_path: Path):
    with_it, without = run(tmp_path, retrain=4), run(tmp_path, "none", retrain=0)
    pd.testing.assert_frame_equal(*(e.trials.drop(columns=CLOCK) for e in (with_it, without)))
    assert without.retrainings.empty
    again = with_it.retrainings
    assert set(again["problem"]) == {"noisy"}
    assert (again.groupby(OF_RUN)["repeat"].apply(list).map(tuple) == (1, 2, 3, 4)).all()
    trials = with_it.trials.set_index([*OF_RUN, "trial"]).sort_index()
    for (problem, strategy, seed, number), rows in again.groupby([*OF_RUN, "trial"]):
        of_run = trials.loc[problem, strategy, seed]
        assert number == of_run["value"].idxmin()
        assert rows["true_value"].nunique() == 1
        assert rows["true_value"].iloc[0] == of_run["true_value"][number]


def test_its_noise_is_the_same_for_every_strategy_and_that_of_no_trial(tmp_path: Path):
    experiment = run(tmp_path)
    noise = experiment.retrainings.assign(noise=lambda rows: rows["value"] - rows["true_value"])
    wide = noise.pivot(index=["seed", "repeat"], columns="strategy", values="noise")
    assert len(wide) == 6  # three of each seed, the default
    assert np.allclose(wide["random"], wide["gp"], atol=1e-12)
    trials = experiment.trials[experiment.trials["problem"] == "noisy"]
    of_trials = (trials["value"] - trials["true_value"]).to_numpy()
    assert np.abs(of_trials[:, None] - wide["random"].to_numpy()[None, :]).min() > 1e-9
    assert wide["random"].nunique() == 6


def test_the_incumbent_is_the_first_of_the_lowest_whole_trials():
    told = [(1, 3.0, "ok"), (2, 0.1, "pruned"), (3, None, "failed"), (4, 2.0, "ok"), (5, 2.0, "ok")]
    incumbent = Incumbent()
    for number, value, status in told:
        incumbent.see(Trial(number, "{}", value, None, None, status, None, 1.0, 1, None, 0, 0, 0, 0))  # type: ignore[arg-type]
    assert incumbent.trial is not None
    assert incumbent.trial.trial == 4


@pytest.mark.parametrize("kept", [0, 2])
def test_a_kill_in_between_is_gone_on_from(tmp_path: Path, kept: int):
    before = run(tmp_path)
    tamper(
        tmp_path / "kept",
        f"DELETE FROM retrainings WHERE run = 1 AND repeat > {kept}",
        "UPDATE runs SET status = 'running' WHERE id = 1",
    )
    after = run(tmp_path)
    assert_same_tables(before, after)
    stamps = [e.retrainings["started_at"].to_numpy() for e in (before, after)]
    assert np.flatnonzero(stamps[0] != stamps[1]).tolist() == list(range(kept, 3))


def test_a_database_without_them_is_read_and_gone_on_with(tmp_path: Path):
    whole, folder = run(tmp_path), tmp_path / "kept"
    tamper(folder, "UPDATE runs SET status = 'running' WHERE id = 2", "DELETE FROM trials WHERE run = 2 AND trial > 5")
    tamper_old(folder)
    old = load_experiment(folder)
    assert old.retrainings.empty
    assert len(old.trials) == len(whole.trials) - 4
    merge([folder], tmp_path / "merged")
    assert load_experiment(tmp_path / "merged").trials.equals(old.trials)
    resumed = run(tmp_path)
    assert resumed.trials.drop(columns=CLOCK).equals(whole.trials.drop(columns=CLOCK))
    assert set(resumed.retrainings["strategy"]) == {"gp"}  # of the only run that had not ended
    assert len(resumed.retrainings) == 3


def tamper_old(folder: Path) -> None:
    """Make the database one of the format before ours."""
    with closing(sqlite3.connect(folder / "experiment.db")) as connection:
        teach_checksums(connection)
        connection.execute("DROP TABLE retrainings")
        connection.execute("UPDATE experiment SET value = ? WHERE key = 'format'", (str(WITHOUT_RETRAININGS),))
        sign(connection, "experiment")
        connection.commit()
    assert FORMAT == WITHOUT_RETRAININGS + 1


def test_merged_they_stay_the_most_of_them_and_contradictions_are_named(tmp_path: Path):
    few, many = run(tmp_path, "few", retrain=1), run(tmp_path, "many", retrain=3)
    for name, order in (("one", ["few", "many"]), ("other", ["many", "few"])):
        merge([tmp_path / each for each in order], tmp_path / name)
        assert_same_tables(load_experiment(tmp_path / name), many)
    assert len(few.retrainings) == 4
    tamper(tmp_path / "few", "UPDATE retrainings SET value = value + 1e-12 WHERE run = 1")
    with pytest.raises(UsageError, match=r"few and many contradict .* retraining 1: value is .* and .*; leave out one"):
        merge([tmp_path / "few", tmp_path / "many"], tmp_path / "neither")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE retrainings SET value = 0.5 WHERE run = 1 AND repeat = 2", "done again, retraining 2: value is 0.5"),
        ("UPDATE retrainings SET trial = trial % 9 + 1 WHERE run = 2", "was trained again, and its best is trial"),
        ("DELETE FROM retrainings WHERE run = 2 AND repeat = 1", "its retrainings are not numbered from 1 to 2"),
        ("UPDATE runs SET status = 'done'", ""),
    ],
)
def test_verify_looks_at_them_too(tmp_path: Path, change: str, says: str):
    run(tmp_path, problems="noisy", seeds=1)
    folder = tmp_path / "kept"
    tamper(folder, change)
    findings = [*database_findings(folder), rerun_finding(folder, "100%", run_serial, 1, Silent())]
    faults = [fault for finding in findings for fault in finding.faults]
    assert (says in " ".join(faults)) if says else not faults


MINE = """
import os, signal, time
from dataclasses import dataclass
from pathlib import Path
from problems.base import Evaluation, Problem
from problems.space import Float, SearchSpace

@dataclass(frozen=True, kw_only=True)
class Mine(Problem):
    how: str
    noisy: bool = True

    def observe(self, config, rng):
        calls = Path("calls")
        calls.write_text(calls.read_text() + "." if calls.exists() else ".")
        time.sleep(0.06)  # dear enough to be committed at once
        if len(calls.read_text()) > 4:  # the trials are over
            if self.how == "hangs":
                time.sleep(3600)
            elif self.how == "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError("it was only luck")
        yield Evaluation(config["x"] + rng.random())

def raises(name, dim, instance, rng):
    return Mine(name=name, instance=instance, space=SearchSpace((Float("x", 0.0, 1.0),)), source="mine",
                how=name.rpartition(":")[2])

hangs = dies = raises
"""


@pytest.mark.parametrize(
    ("how", "status", "says"),
    [
        ("raises", "failed", "RuntimeError: it was only luck"),
        ("dies", "failed", "the worker process died (signal SIGKILL), 2 times"),
        ("hangs", "timeout", "it did not end within 1 s (--trial-timeout)"),
    ],
)
def test_a_winner_that_cannot_be_trained_again_is_said_and_costs_the_run_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, status: str, says: str
):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(MINE)
    experiment = run_experiment(
        problems=f"mine.py:{how}", dims="1", strategies="random", trials=4, seeds=1, retrain=1, jobs=1,
        results=tmp_path, **({"trial_timeout": 1.0} if how == "hangs" else {}),
    )  # fmt: skip
    assert experiment.runs["status"].tolist() == ["done"]
    assert experiment.trials["status"].tolist() == ["ok"] * 4
    (row,) = experiment.retrainings.to_dict("records")
    assert (row["status"], row["trial"]) == (status, experiment.trials.set_index("trial")["value"].idxmin())
    assert pd.isna(row["value"])
    assert says in row["error"]


def test_a_run_that_does_not_repeat_itself_is_without_those_of_before(tmp_path: Path):
    run(tmp_path, strategies="unrepeatable", seeds=1)
    before = load_experiment(tmp_path / "kept").retrainings
    tamper(tmp_path / "kept", "UPDATE runs SET status = 'running' WHERE id = 1")
    after = run(tmp_path, strategies="unrepeatable", seeds=1).retrainings
    assert after["repeat"].tolist() == [1, 2, 3]
    assert not set(after["true_value"]) & set(before["true_value"])
