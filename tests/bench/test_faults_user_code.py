"""What a user's objective or strategy does to its process ends its trial or its run, with the reason; nothing else."""

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import pytest

from bench.experiment import Experiment, run_experiment
from bench.reasons import LONGEST
from tests.bench.conftest import HOSTILE, UNRULY, Bench, assert_same_tables, in_a_users_folder, spared
from tests.bench.test_executors import is_alive
from tests.faults import befell

Calm: TypeAlias = Mapping[str, pd.DataFrame]

TRIALS = 10
MEDDLED_WITH = r'\{"x0": [^-]'  # where x0 > 0
FAILED_TRIALS = {  # objective: the reason in every second trial or so
    "returns_nan": "the value is nan",
    "returns_infinity": "the value is inf",
    "returns_none": "the value is None",
    "returns_text": "the value is 'three'",
    "returns_huge_int": "the value is 1000000",
    "returns_huger_int": "the value is an int too large to print",
    "returns_complex": "the value is 1j",
    "true_value_is_text": "the true value is 'three'",
    "true_value_is_huge": "the true value is 1000000",
    "test_value_is_infinite": "the test value is -inf",
    "cost_is_none": "the cost is None",
    "cost_is_nan": "the cost is nan",
    "cost_is_negative": "the cost is -1.0",
    "looks_are_huge": "the value is 'three'",
    "yields_a_number": "the problem yielded 3.0",
    "yields_nothing": "the problem yielded nothing",
    "is_no_iterator": "TypeError: 'int' object is not iterable",
    "raises": "ZeroDivisionError: training exploded",
    "raises_a_book": "characters left out",
    "raises_half_a_letter": r"ValueError: half a letter: \udcff",
    "raises_what_cannot_be_shown": "Mute: <exception str() failed>",
    "recurses": "RecursionError",
    "exits": "SystemExit: 3",
    "eats_memory": "MemoryError",
}
HARMLESS = ("prints", "changes_seeds", "mutates", "forks_and_returns")
DEADLY = {  # objective: how its worker ends
    "leaves_the_process": "exit code 7",
    "is_killed": "signal SIGKILL",
    "crashes": "signal SIGSEGV",
    "closes_everything": "signal SIGKILL",  # by us: it hung up
}
FAILED_RUNS = {  # strategy: the reason, at its fifth trial
    "ProposesNaN": "ValueError: nan (float) is not a value of",
    "ProposesInfinity": "ValueError: inf (float) is not a value of",
    "ProposesNone": "ValueError: None (NoneType) is not a value of",
    "ProposesText": "ValueError: 'three' (str) is not a value of",
    "ProposesHugeInt": "ValueError",
    "AnswersNothing": "AttributeError: 'NoneType' object",
    "Raises": "RuntimeError: the surrogate is singular",
    "RaisesWhenTold": "RuntimeError: the surrogate is singular",
    "Exits": "SystemExit: 3",
    "Leaves": "exit code 7",
    "EatsMemory": "MemoryError",
}
UNTROUBLED = ("Prints", "Forks", "ChangesSeeds", "Mutates")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder for the experiments of this module, which look at many faults at once."""
    with in_a_users_folder(tmp_path_factory.mktemp("user")):
        yield Path.cwd()


PROBLEMS = {
    "problems": [f"{HOSTILE}:{name}" for name in ("harmless", *FAILED_TRIALS, *HARMLESS, *DEADLY)],
    **{"dims": "2", "strategies": "random", "trials": TRIALS, "seeds": 1},
}
STRATEGIES = {
    "strategies": ["random", *(f"{UNRULY}:{name}" for name in (*FAILED_RUNS, *UNTROUBLED))],
    **{"problems": "sphere", "dims": "2", "trials": TRIALS, "seeds": 1},
}


@pytest.fixture(scope="module")
def objectives(folder: Path) -> Experiment:
    return run_experiment(PROBLEMS, jobs=2, name="objectives")


@pytest.fixture(scope="module")
def searchers(folder: Path) -> Experiment:
    return run_experiment(STRATEGIES, jobs=2, name="searchers")


@pytest.fixture(scope="module")
def calm(folder: Path) -> Calm:
    """The trials of both where nobody is hostile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALM", "yes")
        return {
            name: run_experiment(settings, executor="serial", name=f"calm-{name}").trials
            for name, settings in (("problem", PROBLEMS), ("strategy", STRATEGIES))
        }


def of(table: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    return table[table[column] == f"{HOSTILE if column == 'problem' else UNRULY}:{name}"]


def hold_to(calm: pd.DataFrame, trials: pd.DataFrame, kind: str, name: str) -> None:
    """What was not meddled with is what it is in a calm world."""
    befell("out of memory" if "memory" in name.lower() else kind, 1, *spared(calm, trials))


@pytest.mark.parametrize("name", FAILED_TRIALS)
def test_a_failing_objective_costs_its_trials_and_says_why(objectives: Experiment, calm: Calm, name: str):
    assert of(objectives.runs, "problem", name)["status"].tolist() == ["done"]
    trials = of(objectives.trials, "problem", name)
    failed = trials["config"].str.match(MEDDLED_WITH)
    assert len(trials) == TRIALS
    assert 0 < failed.sum() < TRIALS
    assert (trials["status"] == failed.map({True: "failed", False: "ok"})).all()
    assert (trials["value"].isna() == failed).all()
    assert trials.loc[failed, "error"].str.contains(FAILED_TRIALS[name], regex=False).all()
    assert (trials.loc[failed, "error"].str.len() < 2 * LONGEST).all()
    expected = of(calm["problem"], "problem", name)
    assert expected["config"].tolist() == trials["config"].tolist()
    hold_to(expected[~expected["config"].str.match(MEDDLED_WITH)], trials, "a hostile objective", name)


@pytest.mark.parametrize("name", ["harmless", *HARMLESS])
def test_what_an_objective_does_besides_changes_no_number(objectives: Experiment, calm: Calm, name: str):
    trials = of(objectives.trials, "problem", name)
    assert trials["status"].tolist() == ["ok"] * TRIALS
    assert trials["trial"].tolist() == list(range(1, TRIALS + 1))
    hold_to(of(calm["problem"], "problem", name), trials, "a hostile objective", name)


@pytest.mark.parametrize("name", DEADLY)
def test_an_objective_that_ends_its_process_fails_its_run_which_keeps_its_trials(
    objectives: Experiment, calm: Calm, name: str
):
    (run,) = of(objectives.runs, "problem", name).itertuples()
    assert run.status == "failed"
    assert f"the worker process died ({DEADLY[name]})" in run.error.splitlines()[-1]
    trials = of(objectives.trials, "problem", name)
    expected = of(calm["problem"], "problem", name)
    before = ~expected["config"].str.match(MEDDLED_WITH).cummax()
    assert len(trials) == before.sum()
    hold_to(expected[before], trials, "an objective that ends its process", name)


@pytest.mark.parametrize("name", FAILED_RUNS)
def test_a_failing_strategy_fails_its_run_and_says_why(searchers: Experiment, calm: Calm, name: str):
    (run,) = of(searchers.runs, "strategy", name).itertuples()
    assert run.status == "failed"
    assert FAILED_RUNS[name] in run.error
    trials = of(searchers.trials, "strategy", name)
    assert trials["trial"].tolist() == [1, 2, 3, 4]
    hold_to(of(calm["strategy"], "strategy", name)[:4], trials, "a hostile strategy", name)


@pytest.mark.parametrize("name", UNTROUBLED)
def test_what_a_strategy_does_besides_fails_nothing(searchers: Experiment, calm: Calm, name: str):
    assert of(searchers.runs, "strategy", name)["status"].tolist() == ["done"]
    trials = of(searchers.trials, "strategy", name)
    assert trials["trial"].tolist() == list(range(1, TRIALS + 1))
    assert trials["config"].str.contains("x1").all()
    hold_to(of(calm["strategy"], "strategy", name), trials, "a hostile strategy", name)
    assert searchers.runs.set_index("strategy")["status"]["random"] == "done"
    neighbours = (table[table["strategy"] == "random"] for table in (calm["strategy"], searchers.trials))
    assert spared(*neighbours) == (0, 0)


def test_what_is_printed_is_kept_nowhere(objectives: Experiment, searchers: Experiment):
    for name in ("objectives", "searchers"):
        stored = sum(path.stat().st_size for path in Path("results", name).rglob("*"))
        assert stored < 2**20


def test_a_changed_global_seed_changes_nobodys_trials(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """One worker meets the objective that sets the seeds, with libraries that draw from them, and what comes after."""
    strategies = f"random,hyperopt-tpe,optuna-cmaes,skopt-forest,{UNRULY}:ChangesSeeds"
    settings = {"problems": f"{HOSTILE}:changes_seeds,sphere", "dims": "2", "strategies": strategies, "trials": 13}
    changed = run_experiment(settings, seeds=1, jobs=1, name="changed")
    monkeypatch.setenv("CALM", "yes")
    calm = run_experiment(settings, seeds=1, jobs=1, name="calm")
    assert set(changed.runs["status"]) == {"done"}
    assert_same_tables(changed, calm)


GREEDY = """
import json, os, sys
names = []
for line in sys.stdin:
    message = json.loads(line)
    if message["call"] == "start":
        names = [parameter["name"] for parameter in message["space"]]
    if message["call"] == "ask" and message["id"] == 4 and "CALM" not in os.environ:
        held = [bytearray(2**24) for _ in range(2**10)]
    known = {"hello": {"protocol": 1}, "ask": {"config": dict.fromkeys(names, message.get("id", 0) / TRIALS)}}
    print(json.dumps(known.get(message["call"], {})), flush=True)
"""


def test_a_process_that_runs_out_of_memory_fails_its_run_which_keeps_its_trials(
    hostile: str, monkeypatch: pytest.MonkeyPatch
):
    Path("greedy.py").write_text(GREEDY.replace("TRIALS", str(TRIALS)))
    command = f'exec:sh -c "ulimit -v 200000; exec {sys.executable} greedy.py"'
    settings = {"problems": "sphere", "dims": "2", "strategies": [command], "trials": TRIALS, "seeds": 1}
    experiment = run_experiment(settings, jobs=1, name="greedy")
    assert experiment.runs["status"].tolist() == ["failed"]
    assert "MemoryError" in experiment.runs["error"][0]
    assert experiment.trials["trial"].tolist() == [1, 2, 3, 4]
    monkeypatch.setenv("CALM", "yes")
    calm = run_experiment(settings, executor="serial", name="calm").trials
    hold_to(calm[:4], experiment.trials, "", "memory of a process")


def test_children_that_outlive_a_dead_worker_keep_nobody_waiting_and_are_ended(hostile: str):
    experiment = run_experiment(
        problems=f"{hostile}:leaves_children_and_is_killed", dims="2", strategies="random", trials=TRIALS, seeds=1
    )
    assert experiment.runs["status"].tolist() == ["failed"]
    children = [int(line) for line in Path("children").read_text().split()]
    deadline = time.monotonic() + 30
    while any(map(is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(children) >= 4
    assert not any(map(is_alive, children))


def test_the_command_line_says_how_a_worker_died_in_one_line(bench: Bench, hostile: str):
    words = ("--problems", f"{hostile}:crashes,sphere", "--dims", "2", "--strategies", "random", "--seeds", "1")
    done = bench("run", *words, "--trials", "6")
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("failed: ")]
    assert "the worker process died (signal SIGSEGV)" in line
    assert "Traceback" not in done.stderr
