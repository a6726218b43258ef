"""`record`: trials become a problem that runs like any other; a recording that changed stops a resume."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.cli import main
from bench.errors import UsageError
from bench.experiment import Silent, carry_out, load_experiment, run_experiment
from bench.recording import PART, Request, plan_of, recording_of, request
from problems.recorded.storage import read, write
from problems.registry import problem_entry
from tests.bench.conftest import Bench, what_happened
from tests.problems.recorded.made import recording

RECORD = ("record", "sphere", "--dim", "2", "--trials", "70", "--jobs", "1", "--surrogate", "nearest")
SMALL: dict[str, Any] = {"dims": "3", "strategies": "random,sobol", "trials": 5, "seeds": 2, "executor": "serial"}


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def complaint(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one line that is said of bad usage."""

    def of(*words: str) -> str:
        assert main(list(words)) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("error: ")
        assert err.count("\n") == 1
        return err

    return of


def test_a_problem_is_recorded_and_searched(bench: Bench, tmp_path: Path):
    done = bench(*RECORD)
    assert done.returncode == 0, done.stderr
    assert "recorded:results/recordings/sphere-2d.parquet" in done.stdout
    assert "rank correlation, best fifth" in done.stdout
    whole = read(tmp_path / "results/recordings/sphere-2d.parquet")
    assert len(whole.trials) == 70
    assert len({str(trial.config) for trial in whole.trials}) == 70
    again = run_experiment(
        problems="recorded:results/recordings/sphere-2d.parquet", dims="2", strategies="random",
        trials=4, seeds=2, executor="serial",
    )  # fmt: skip
    assert (again.trials["status"] == "ok").all()
    assert set(again.trials["value"]) <= {trial.value for trial in whole.trials}  # as `nearest` has no others
    assert (again.trials["value"] >= again.trials["optimum"]).all()


def test_the_parts_are_one_design_whatever_is_stored_already(tmp_path: Path):
    asked = Request("sphere", 2, trials=PART + 6)
    plan = plan_of(asked)
    assert [key.budget for key in plan.runs] == [PART, 6]
    assert {key.instance for key in plan.runs} == {0}
    settings = {"executor": "serial"}
    carry_out({**settings, "shard": "1/2"}, plan, tmp_path / "a", Silent())  # as if it had been interrupted
    carry_out(settings, plan, tmp_path / "a", Silent())
    carry_out(settings, plan, tmp_path / "b", Silent())
    first, second = (load_experiment(tmp_path / name) for name in "ab")
    assert what_happened(first.trials).equals(what_happened(second.trials))
    whole = recording_of(asked, plan, first)
    assert [trial.value for trial in whole.trials] == first.trials["value"].tolist()
    assert {key.seed for key in plan_of(Request("sphere", 2, trials=70, seed=1)).runs}.isdisjoint(
        key.seed for key in plan.runs
    )


def test_learning_curves_and_failures_are_recorded():
    pytest.importorskip("torch")
    asked = Request("mlp-digits", 3, trials=24, seed=3)
    carry_out({"executor": "serial"}, plan_of(asked), Path("a"), Silent())
    whole = recording_of(asked, plan_of(asked), load_experiment(Path("a")))
    assert whole.looks_parameter == "epochs"
    assert (whole.facts.value_label, whole.facts.fidelity_unit) == ("validation error", "epoch")
    ended = [trial for trial in whole.trials if trial.status == "ok"]
    assert all(trial.looks[-1] == trial.value and trial.test_value is not None for trial in ended)
    assert all(trial.value is None for trial in whole.trials if trial.status == "failed")


def test_a_recording_that_changed_stops_a_resume():
    write(recording(60, seed=1), Path("a.parquet"))
    settings = {**SMALL, "problems": "recorded:a.parquet", "name": "x", "time_limit": 0}
    run_experiment(settings)
    write(recording(60, seed=2), Path("a.parquet"))
    with pytest.raises(UsageError, match=r"began with recorded:a\.parquet as a\.parquet"):
        run_experiment(settings)
    write(recording(60, seed=1), Path("a.parquet"))
    assert len(run_experiment({**settings, "time_limit": 60}).trials) == 20


def test_pruners_workers_and_reports_take_it(capsys: pytest.CaptureFixture[str]):
    write(recording(60), Path("a.parquet"))
    settings = {**SMALL, "problems": "recorded:a.parquet", "strategies": "random", "name": "x"}
    pruned = run_experiment({**settings, "pruners": "asha", "trials": 9})
    assert (pruned.trials["status"] == "pruned").any()
    assert main(["report", "x"]) == 0
    assert "random+asha" in capsys.readouterr().out
    assert any("a-parquet" in path.name for path in Path("results/x/figures").iterdir())
    apart = run_experiment({**settings, "name": "y", "workers": "4", "clock": "simulated"})
    assert apart.trials["duration"].nunique() > 1


def test_bad_usage_is_one_line(complaint: Callable[..., str]):
    assert "give one of the two" in complaint("record")
    assert "give one of the two" in complaint("record", "sphere", "--from-optuna", "x")
    assert "did you mean" in complaint("record", "spere", "--dim", "2")
    assert "say which to record, as --dim 4" in complaint("record", "sphere")
    assert "needs dimension 2 or more" in complaint("record", "rosenbrock", "--dim", "1")
    assert "--design must be random or sobol" in complaint("record", "sphere", "--dim", "2", "--design", "grid")
    assert "--trials must lie in 20..20000, got 3" in complaint("record", "sphere", "--dim", "2", "--trials", "3")
    assert "--seed must lie in 0..9999" in complaint("record", "sphere", "--dim", "2", "--seed", "-1")
    assert "no comma, plus" in complaint("record", "sphere", "--dim", "2", "--output", "a,b.parquet")
    assert "one of forest, nearest" in complaint("record", "sphere", "--dim", "2", "--surrogate", "magic")
    Path("mine.txt").write_text("mine")
    assert "mine.txt exists and is no recording" in complaint("record", "sphere", "--dim", "2", "--output", "mine.txt")
    assert "is no recording" in complaint("run", "--problems", "recorded:mine.txt")
    assert "cannot be read" in complaint("run", "--problems", "recorded:nothing.parquet")
    assert sorted(path.name for path in Path().iterdir()) == ["mine.txt"]


def test_the_shipped_recording_is_whole():
    file = Path(problem_entry("recorded-mlp-digits").options["file"])
    assert file.stat().st_size < 1_000_000
    whole = read(file)
    assert (whole.facts.problem, len(whole.space)) == ("mlp-digits", 5)
    assert f"{len(whole.trials)} recorded trials" in problem_entry("recorded-mlp-digits").summary


def test_a_request_finds_its_own_trials_again():
    assert request("branin", None, trials=100) == Request("branin", 2, trials=100)
    names = {Request("sphere", 2, trials=trials, seed=seed).name for trials in (20, 30) for seed in (0, 1)}
    assert len(names) == 4
