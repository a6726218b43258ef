"""What hangs is ended: a trial fails, a strategy fails its run, and a new worker goes on."""

from pathlib import Path

import pytest

from bench.errors import UsageError
from bench.experiment import Experiment, load_experiment, run_experiment
from tests.bench.conftest import UNRULY, Bench, assert_same_tables, changed, cut_off, lost, spared
from tests.faults import befell

TRIALS = 8
LIMIT_S = 5.0  # nothing but what hangs takes so long, on a slow machine either

NEVER_READY = """
import time
from strategies.random_search import RandomSearch
class NeverReady(RandomSearch):
    def __init__(self, space, *, budget, rng):
        time.sleep(3600)
"""


def run(results: Path | str = "results", **settings: object) -> Experiment:
    defaults = {"problems": "sphere", "dims": "2", "trials": TRIALS, "seeds": 1, "jobs": 2, "name": "timed"}
    return run_experiment({**defaults, **settings}, results=Path(results))


def test_a_trial_that_hangs_has_failed_its_strategy_goes_on_and_it_is_replayed_without_waiting(hostile: str):
    settings = {"problems": f"{hostile}:hangs", "dims": "6", "strategies": f"{UNRULY}:Climber,random"}
    experiment = run(**settings, trial_timeout=LIMIT_S)
    assert experiment.runs["status"].tolist() == ["done", "done"]
    for _, trials in experiment.trials.groupby("strategy"):
        late = trials["config"].str.match(r'\{"x0": [^-]')  # where x0 > 0
        assert 0 < late.sum() < TRIALS
        assert trials["trial"].tolist() == list(range(1, TRIALS + 1))  # a time-out costs what any failure costs
        assert (trials["status"] == late.map({True: "timeout", False: "ok"})).all()
        assert (trials["value"].isna() == late).all()
        assert (trials.loc[late, "error"] == f"it did not end within {LIMIT_S:g} s (--trial-timeout)").all()
        assert (trials.loc[late, "evaluate_s"] == LIMIT_S).all()
    of_first = experiment.trials[experiment.trials["strategy"] == f"{UNRULY}:Climber"]
    cut_off(Path("results/timed"), int(of_first["trial"][of_first["status"] == "timeout"].max()))
    committed = load_experiment("results/timed").trials
    resumed = run(**settings)  # knows no limit, and would wait for ten minutes
    hung = int((committed["status"] == "timeout").sum())
    befell("a trial that hangs", hung, lost=lost(committed, resumed.trials), changed=changed(resumed, experiment))
    assert_same_tables(resumed, experiment)


@pytest.mark.parametrize(("name", "doing"), [("HangsInAsk", "propose trial 5"), ("HangsInTell", "learn from trial 5")])
def test_a_strategy_that_hangs_fails_its_run_which_keeps_its_trials(
    hostile: str, monkeypatch: pytest.MonkeyPatch, name: str, doing: str
):
    experiment = run(strategies=f"{UNRULY}:{name},random", ask_timeout=LIMIT_S, jobs=1)
    hung, after = experiment.runs.itertuples()
    assert (hung.status, after.status) == ("failed", "done")
    assert hung.error == f"the strategy {UNRULY}:{name} did not manage to {doing} within {LIMIT_S:g} s (--ask-timeout)"
    kept = experiment.trials[experiment.trials["strategy"] == f"{UNRULY}:{name}"]
    assert kept["trial"].tolist() == [1, 2, 3, 4]
    monkeypatch.setenv("CALM", "yes")
    calm = run("calm", strategies=f"{UNRULY}:{name}", executor="serial").trials
    befell("a strategy that hangs", 1, *spared(calm[:4], kept))


def test_a_strategy_that_hangs_before_its_first_trial_fails_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Imports and construction take longer than a proposal may: a minute more, here nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bench.executors.SETUP_S", 0.0)
    Path("slow.py").write_text(NEVER_READY)
    experiment = run(strategies="slow.py:NeverReady,random", ask_timeout=2 * LIMIT_S, jobs=1)
    hung, after = experiment.runs.itertuples()
    assert (hung.status, after.status) == ("failed", "done")
    assert hung.error == "the strategy slow.py:NeverReady did not manage to be set up within 10 s (--ask-timeout)"


def test_a_limit_that_nobody_reaches_changes_nothing(hostile: str):
    settings = {"problems": f"sphere,{hostile}:raises", "strategies": f"random,{UNRULY}:Climber", "seeds": 2}
    limited = run("limited", **settings, trial_timeout=600, ask_timeout=600)
    assert_same_tables(limited, run("free", **settings, executor="serial"))


def test_time_outs_need_workers(tmp_path: Path):
    with pytest.raises(UsageError, match="time-outs need worker processes"):
        run(tmp_path, strategies="random", executor="serial", trial_timeout=1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("flag", "value"),
    [("trial_timeout", "0"), ("ask_timeout", "-1"), ("trial_timeout", "nan"), ("ask_timeout", "soon")],
)
def test_a_limit_that_is_none_is_one_line(bench: Bench, flag: str, value: str):
    done = bench("run", "--strategies=random", f"--{flag.replace('_', '-')}={value}")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert flag in done.stderr
    assert f"'{value}'" in done.stderr
