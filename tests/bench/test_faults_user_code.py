"""What a user's objective or strategy does to its process ends its trial or its run, with the reason; nothing else."""

import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from bench.experiment import Experiment, run_experiment
from bench.reasons import LONGEST
from tests.bench.conftest import Bench, assert_same_tables
from tests.bench.test_executors import is_alive

TRIALS = 10
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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One folder for the experiments of this module, which look at many faults at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("user"))
        Path("hostile.py").write_bytes((Path(__file__).parent / "users" / "hostile.py").read_bytes())
        yield "hostile.py"


@pytest.fixture(scope="module")
def objectives(folder: str) -> Experiment:
    problems = [f"{folder}:{name}" for name in ("harmless", *FAILED_TRIALS, *HARMLESS, *DEADLY)]
    return run_experiment(
        problems=problems, dims="2", strategies="random", trials=TRIALS, seeds=1, jobs=2, name="objectives"
    )


@pytest.fixture(scope="module")
def searchers(folder: str) -> Experiment:
    strategies = ["random", *(f"{folder}:{name}" for name in (*FAILED_RUNS, *UNTROUBLED))]
    return run_experiment(
        problems="sphere", dims="2", strategies=strategies, trials=TRIALS, seeds=1, jobs=2, name="searchers"
    )


def of(table: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    return table[table[column] == f"hostile.py:{name}"]


@pytest.mark.parametrize("name", FAILED_TRIALS)
def test_a_failing_objective_costs_its_trials_and_says_why(objectives: Experiment, name: str):
    assert of(objectives.runs, "problem", name)["status"].tolist() == ["done"]
    trials = of(objectives.trials, "problem", name)
    failed = trials["config"].str.match(r'\{"x0": [^-]')  # where x0 > 0
    assert len(trials) == TRIALS
    assert 0 < failed.sum() < TRIALS
    assert (trials["status"] == failed.map({True: "failed", False: "ok"})).all()
    assert (trials["value"].isna() == failed).all()
    assert trials.loc[failed, "error"].str.contains(FAILED_TRIALS[name], regex=False).all()
    assert (trials.loc[failed, "error"].str.len() < 2 * LONGEST).all()


@pytest.mark.parametrize("name", ["harmless", *HARMLESS])
def test_what_an_objective_does_besides_changes_no_number(objectives: Experiment, name: str):
    trials = of(objectives.trials, "problem", name)
    assert trials["status"].tolist() == ["ok"] * TRIALS
    assert trials["trial"].tolist() == list(range(1, TRIALS + 1))


@pytest.mark.parametrize("name", DEADLY)
def test_an_objective_that_ends_its_process_fails_its_run_which_keeps_its_trials(objectives: Experiment, name: str):
    (run,) = of(objectives.runs, "problem", name).itertuples()
    assert run.status == "failed"
    assert f"the worker process died ({DEADLY[name]})" in run.error.splitlines()[-1]
    trials = of(objectives.trials, "problem", name)
    assert trials["trial"].tolist() == list(range(1, len(trials) + 1))  # none of those before is lost
    assert not trials["config"].str.match(r'\{"x0": [^-]').any()


@pytest.mark.parametrize("name", FAILED_RUNS)
def test_a_failing_strategy_fails_its_run_and_says_why(searchers: Experiment, name: str):
    (run,) = of(searchers.runs, "strategy", name).itertuples()
    assert run.status == "failed"
    assert FAILED_RUNS[name] in run.error
    assert of(searchers.trials, "strategy", name)["trial"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("name", UNTROUBLED)
def test_what_a_strategy_does_besides_fails_nothing(searchers: Experiment, name: str):
    assert of(searchers.runs, "strategy", name)["status"].tolist() == ["done"]
    trials = of(searchers.trials, "strategy", name)
    assert trials["trial"].tolist() == list(range(1, TRIALS + 1))
    assert trials["config"].str.contains("x1").all()
    assert searchers.runs.set_index("strategy")["status"]["random"] == "done"


def test_what_is_printed_is_kept_nowhere(objectives: Experiment, searchers: Experiment):
    for name in ("objectives", "searchers"):
        stored = sum(path.stat().st_size for path in Path("results", name).rglob("*"))
        assert stored < 2**20


def test_a_changed_global_seed_changes_nobodys_trials(folder: str, monkeypatch: pytest.MonkeyPatch):
    """One worker meets the objective that sets the seeds, with libraries that draw from them, and what comes after."""
    strategies = f"random,hyperopt-tpe,optuna-cmaes,skopt-forest,{folder}:ChangesSeeds"
    settings = {"problems": f"{folder}:changes_seeds,sphere", "dims": "2", "strategies": strategies, "trials": 13}
    changed = run_experiment(settings, seeds=1, jobs=1, name="changed")
    monkeypatch.setenv("CALM", "yes")
    calm = run_experiment(settings, seeds=1, jobs=1, name="calm")
    assert set(changed.runs["status"]) == {"done"}
    assert_same_tables(changed, calm)


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
