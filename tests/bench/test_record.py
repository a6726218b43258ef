"""`record`: trials become a problem that runs like any other; a recording that changed stops a resume."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.cli import main
from bench.errors import UsageError
from bench.experiment import Silent, carry_out, load_experiment, run_experiment
from bench.plots.style import shown
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


TRAINING = """
from problems.base import Evaluation, Problem
from problems.space import Float, Int, SearchSpace

class Training(Problem):
    def observe(self, config, rng):
        for epoch in range(config["epochs"]):
            if config["rate"] > 0.8 and epoch == 1:
                raise ValueError("diverged")
            yield Evaluation(config["rate"] - 0.01 * epoch, test_value=1.0, cost=1 / config["epochs"])

def training(name, dim, instance, rng):
    space = SearchSpace((Float("rate", 0, 1), Int("epochs", 2, 5)))
    return Training(name=name, instance=instance, space=space, source="mine", fidelity_unit="epoch")
"""


def test_learning_curves_and_failures_of_a_training_of_ones_own_are_recorded():
    Path("mine.py").write_text(TRAINING)
    asked = request("mine.py:training", 2, trials=60)
    carry_out({"executor": "serial"}, plan_of(asked), Path("a"), Silent())
    whole = recording_of(asked, plan_of(asked), load_experiment(Path("a")))
    assert whole.looks_parameter == "epochs"
    assert whole.facts.fidelity_unit == "epoch"
    assert whole.facts.versions["mine.py:training"].startswith("mine.py ")
    for trial in whole.trials:
        rate, epochs = trial.config["rate"], trial.config["epochs"]
        if rate > 0.8:
            assert trial[1:4] == ("failed", None, None)
            assert (trial.looks, trial.share) == ((rate,), pytest.approx(1 / epochs))
        else:
            assert trial.looks == tuple(rate - 0.01 * epoch for epoch in range(epochs))
            assert trial[1:4] == ("ok", trial.looks[-1], 1.0)


def test_a_recording_that_changed_stops_a_resume():
    write(recording(60, seed=1), Path("a.parquet"))
    settings = {**SMALL, "problems": "recorded:a.parquet", "name": "x", "time_limit": 0}
    run_experiment(settings)
    write(recording(60, seed=2), Path("a.parquet"))
    with pytest.raises(UsageError, match=r"began with recorded:a\.parquet as a\.parquet"):
        run_experiment(settings)
    write(recording(60, seed=1), Path("a.parquet"))
    assert len(run_experiment({**settings, "time_limit": 60}).trials) == 20


def test_pruners_and_workers_take_it():
    write(recording(60), Path("a.parquet"))
    settings = {**SMALL, "problems": "recorded:a.parquet", "strategies": "random"}
    pruned = run_experiment({**settings, "pruners": "asha", "trials": 9})
    assert (pruned.trials["status"] == "pruned").any()
    apart = run_experiment({**settings, "workers": "4", "clock": "simulated"})
    assert apart.trials["duration"].nunique() > 1


def test_figures_call_it_by_its_file():
    assert shown("recorded:results/recordings/mlp-digits-4d.parquet") == "recorded:mlp-digits-4d"


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
