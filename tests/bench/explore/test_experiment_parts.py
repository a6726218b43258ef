"""What `Your experiment` shows of trials, runs and addresses, without a browser."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.errors import UsageError
from bench.exchange.spaces import INFERRED, MADE, Origin, Spaces
from bench.experiment import load_experiment, run_experiment
from bench.explore.views.experiment import stored
from bench.explore.views.experiment.choices import State, fitted, several_of
from bench.explore.views.experiment.curves import medians, single_runs
from bench.explore.views.experiment.one_run import learning_curves
from bench.explore.views.experiment.parallel import MOST, parallel
from bench.explore.views.experiment.run_callbacks import origin_of
from bench.explore.views.experiment.stored import Opened, Shelf
from bench.explore.views.experiment.table import pages_of, table
from bench.records import RunKey
from problems.space import Categorical, Float, Int, SearchSpace

SPACE = SearchSpace((Float("rate", 1e-4, 1, log=True), Categorical("act", ("relu", "tanh")), Int("layers", 1, 3)))


def trials_with(values: list[float | None], statuses: list[str]) -> pd.DataFrame:
    """Trials of `SPACE` with these values."""
    configs = [
        {"rate": 10.0 ** -(n % 5), "act": ("relu", "tanh")[n % 2], "layers": 1 + n % 3} for n in range(len(values))
    ]
    return pd.DataFrame(
        {
            "trial": range(1, len(values) + 1), "config": [json.dumps(config) for config in configs],
            "value": pd.Series(values, dtype=float), "true_value": np.nan, "test_value": np.nan, "status": statuses,
            "error": None, "cost": 1.0, "observations": None, "ask_s": 0.1, "evaluate_s": 0.2, "tell_s": 0.3,
        }
    )  # fmt: skip


def test_a_line_goes_through_each_parameter_in_its_own_scale_to_the_value():
    trials = trials_with([3.0, 1.0, None, 2.0, 9.0], ["ok", "ok", "failed", "ok", "pruned"])
    plot = parallel(trials, Origin(SPACE, MADE), "loss")
    by_trial = {}
    for trace in plot.figure["data"]:
        line: list[float] = []
        for x, y, words in zip(trace["x"], trace["y"], trace["text"], strict=True):
            line = [*line, y] if x is not None else []
            if x is not None:
                by_trial[int(words.split("<br>")[0].removeprefix("trial "))] = line
    assert by_trial[1] == pytest.approx([1, 0.25, 1 / 6, 1], abs=1e-3)  # the worst
    assert by_trial[2] == pytest.approx([0.75, 0.75, 0.5, 0], abs=1e-3)  # a decade below; the best
    assert by_trial[4] == pytest.approx([0.25, 0.75, 1 / 6, 0.5], abs=1e-3)
    assert [len(by_trial[trial]) for trial in (3, 5)] == [3, 3]  # without a value that could be compared
    best = plot.figure["data"][-1]
    assert best["text"][0].startswith("trial 2<br>")
    assert plot.figure["layout"]["xaxis"]["ticktext"][0] == "rate<br>log"
    assert {note["text"] for note in plot.figure["layout"]["annotations"]} >= {"relu", "tanh", "0.0001", "1", "3"}
    assert "2 pruned or failed" in plot.caption


def test_of_very_many_trials_some_are_drawn_with_the_best_and_the_table_has_them_all():
    values: list[float | None] = [float((n * 7919) % 5000) for n in range(5000)]
    trials = trials_with(values, ["ok"] * 5000)
    plot = parallel(trials, Origin(SPACE, MADE), "loss")
    assert sum(trace["x"].count(None) for trace in plot.figure["data"]) in (MOST - 1, MOST)
    assert plot.figure["data"][-1]["text"][-2] == "trial 1<br>0"
    assert "1,000 of 5,000 trials" in plot.caption
    assert pages_of(trials) == 417
    assert "5000" in str(table(trials, "tried", 416))
    assert learning_curves(trials, "loss") is None


def test_a_file_that_a_database_names_is_not_run_for_its_space(tmp_path: Path):
    mark, file = tmp_path / "was run", tmp_path / "users.py"
    file.write_text(f"open({str(mark)!r}, 'w').close()\n")
    configs = [{"rate": 0.1}, {"rate": 0.4}]
    key = RunKey(f"{file}:problem", 1, 0, "random", 0, 2)
    origin = origin_of(key, configs, Spaces())
    assert not mark.exists()
    assert (origin.how, origin.space) == (INFERRED, SearchSpace((Float("rate", 0.1, 0.4),)))
    Spaces().of(key, configs)  # as a command would
    assert mark.exists()
    assert origin_of(RunKey("sphere", 1, 0, "random", 0, 2), [{"x1": 0.5}], Spaces()).how == MADE


def test_an_empty_run_and_one_without_a_success_are_shown():
    nothing = parallel(trials_with([], []), Origin(None, MADE), "loss")
    assert "No trial yet." in str(nothing.figure)
    failed = parallel(trials_with([None, None], ["failed", "timeout"]), Origin(SPACE, MADE), "loss")
    assert "2 pruned or failed" in failed.caption
    assert "failed" in str(table(trials_with([None], ["failed"]), "best", 0))


def test_names_with_commas_survive_an_address():
    said: list[str] = []
    assert several_of(["a", "b", "c", "a"], ["a,b", "c", "a"], said) == ["a,b", "c", "a"]
    assert several_of(["x<b>", "c"], ["a,b", "c"], said) == ["c"]
    assert said == ["There is no strategy 'x<b>' here; it was left out."]


def test_runs_that_failed_or_have_not_begun_are_no_error(tmp_path: Path):
    run_experiment(
        problems="sphere", dims="1,2", strategies="random,grid", trials="6", seeds=3, results=tmp_path, name="planned",
        executor="serial", time_limit=0.0,
    )  # fmt: skip
    opened = Shelf(tmp_path).opened("planned")
    shown, menus, said = fitted(State(name="planned", dim="2"), opened)
    assert (shown.problem, shown.dim, said) == ("sphere", 2, [])
    assert list(menus.run) == ["0", "1", "2"]
    assert "no success, planned" in menus.run["0"]
    cell = opened.cell("sphere", 2)
    assert medians(cell, shown.curves).figure["data"] == []
    assert single_runs(cell, "random", 0).figure["data"] == []
    with pytest.raises(UsageError, match="no experiment at"):
        Shelf(tmp_path).opened("absent")


def test_two_experiments_are_kept_and_one_is_read_again_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    read: list[str] = []

    def load(folder: Path) -> object:
        read.append(folder.name)
        return load_experiment(folder)

    monkeypatch.setattr(stored, "load_experiment", load)
    monkeypatch.setattr(stored, "REST", 0.0)
    few = {"problems": "sphere", "dims": "1", "strategies": "random", "trials": "3", "results": tmp_path, "seeds": 1}
    for name in ("a", "b", "c"):
        run_experiment(name=name, executor="serial", **few)
    shelf = Shelf(tmp_path)
    for name in ("a", "b", "a", "c", "b"):
        shelf.opened(name)
    assert read == ["a", "b", "c"]  # then, `a` went
    shelf.refreshed("b")
    assert read == ["a", "b", "c"]
    (tmp_path / "b" / "experiment.db").touch()
    assert isinstance(shelf.refreshed("b"), Opened)
    assert read == ["a", "b", "c", "b"]
    shelf.opened("a")
    assert read == ["a", "b", "c", "b", "a"]
