"""From trials to an answer: the parameters that matter are found, and the command says so."""

import json
import math
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.random import Generator

from bench.cli import BAD_USAGE, DONE, main
from bench.commands import sensitivity
from bench.database import fingerprint
from bench.experiment import load_experiment, run_experiment
from bench.records import Instance
from bench.report.folders import MADE_OF, manifest_of
from bench.report.sensitivity_page import rows_of
from bench.run import make_problem
from bench.sensitivity.advice import adaptive, order_in_words, warnings
from bench.sensitivity.cells import Cell, cell_of
from bench.sensitivity.instances import InstanceAnswer, Refusal, Task, answer, answers_of, key_of, tasks_of
from problems.space import Categorical, Float, Int, SearchSpace

MIXED = SearchSpace(
    (Float("rate", 1e-5, 1.0, log=True), Int("layers", 1, 4), Categorical("kind", ("a", "b", "c")), Float("idle", 0, 1))
)


def task_of(space: SearchSpace, count: int, value, seed: int = 0, **columns: object) -> Task:
    """Random trials of a problem that is not in the table: `value` of a config and a generator."""
    rng = np.random.default_rng(seed)
    configs = [space.sample(rng) for _ in range(count)]
    table = pd.DataFrame(
        {
            "config": [json.dumps(config) for config in configs],
            "value": pd.Series([value(config, rng) for config in configs], dtype=float),
            "true_value": math.nan, "evaluate_s": 1.0, "status": "ok", **columns,
        }
    )  # fmt: skip
    return Task(Instance("made-up", len(space), seed), space, False, table)


def cell(*tasks: Task, refits: int = 3) -> Cell:
    found = [answer(task, refits) for task in tasks]
    assert not [refusal for refusal in found if isinstance(refusal, Refusal)]
    return cell_of([one for one in found if isinstance(one, InstanceAnswer)])


def test_the_parameters_that_matter_are_found_and_no_others(tmp_path: Path):
    experiment = run_experiment(
        problems="embedded-2", dims="5", strategies="sobol-repeated", trials=80, seeds=1, executor="serial",
        results=tmp_path,
    )  # fmt: skip
    (task,) = tasks_of(experiment)
    found = cell(task)
    relevant = make_problem(key_of(task.instance)).relevant  # type: ignore[attr-defined]
    assert set(found.order.loc[found.order["seen"], "parameter"]) == set(relevant)
    assert set(found.order["parameter"][: len(relevant)]) == set(relevant)
    assert found.direct
    assert found.noise == 0.0


def test_log_scales_integers_and_choices_with_failures():
    def value(config, rng: Generator) -> float:
        if config["kind"] == "c" and rng.random() < 0.3:
            return math.nan
        return 2.0 * (config["kind"] == "b") + 2.5 * abs(math.log10(config["rate"]) + 2) / 5 + 0.05 * rng.normal()

    found = cell(task_of(MIXED, 80, value), refits=8)
    seen = found.order.set_index("parameter")["seen"]
    assert seen[["kind", "rate"]].all()
    assert not seen[["idle", "layers"]].any()
    assert not found.direct
    assert any("trials failed" in line for line in warnings(found))
    assert "no effect seen: " in order_in_words(found)


def test_noise_alone_has_no_order():
    found = cell(task_of(MIXED, 50, lambda config, rng: rng.normal()), refits=6)
    assert not found.order["seen"].any()
    assert order_in_words(found).startswith("none")
    assert any("no order can be trusted" in line for line in warnings(found))


def test_an_instance_with_too_few_trials_is_refused_with_what_it_needs():
    refused = answer(task_of(MIXED, 5, lambda config, rng: rng.random()))
    assert isinstance(refused, Refusal)
    assert "at least 8 trials" in refused.reason


def test_processes_find_what_one_process_finds(tmp_path: Path):
    tasks = [task_of(MIXED, 20, lambda config, rng: config["layers"] + rng.random(), seed) for seed in (0, 1)]
    said: list[str] = []
    alone, together = (list(answers_of(tasks, jobs, said.append, refits=1)) for jobs in (1, 2))
    for one, other in zip(alone, together, strict=True):
        assert isinstance(one, InstanceAnswer)
        assert isinstance(other, InstanceAnswer)
        pd.testing.assert_frame_equal(one.refitted.estimates, other.refitted.estimates)
    assert said


def test_searchers_that_learn_are_told_from_designs():
    assert adaptive(["sobol", "random@10", "gp", "optuna-tpe@2d"]) == ["gp", "optuna-tpe@2d"]


def test_the_command_on_a_problem_then_on_its_experiment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sensitivity, "answers_of", partial(answers_of, refits=2))
    words = ["--results", str(tmp_path), "--jobs", "1"]
    assert main(["sensitivity", "embedded-1", "--dim", "3", "--trials", "24", "--seeds", "1", *words]) == DONE
    said = capsys.readouterr().out
    name = "sensitivity-embedded-1-3d-24-1"
    (relevant,) = make_problem(key_of(Instance("embedded-1", 3, 0))).relevant  # type: ignore[attr-defined]
    assert f"Tuning order: {relevant}" in said
    assert max(map(len, said.replace(str(tmp_path), "").splitlines())) <= 80
    folder = tmp_path / name / "sensitivity"
    table = pd.read_csv(folder / "sensitivity.csv", dtype={"instance": str})
    assert set(table["instance"]) == {"all", "0"}
    assert {"fanova", "ped_anova", "ard", "first", "total", "mean_rank"} == set(table["measure"])
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg"}
    assert relevant in (folder / "report.html").read_text()
    assert manifest_of(folder)[MADE_OF] == fingerprint(folder.parent)
    before = (folder / "sensitivity.csv").read_bytes()
    monkeypatch.setattr(sensitivity, "write_sensitivity", lambda *given: written.append(rows_of(given[1][0])))
    written: list[pd.DataFrame] = []
    assert main(["sensitivity", name, *words]) == DONE  # the experiment, by its name: nothing is run
    assert written[0].to_csv(index=False).encode() == before
    assert len(load_experiment(tmp_path / name).trials) == 24
    capsys.readouterr()
    for wrong, complaint in (
        ([name, "--trials", "50"], "has its trials"),
        ([name, "--dim", "7"], "no trials of dim 7; it has 3"),
        ([name, "--strategies", "gp"], "no trials of strategy gp"),
        (["sphere"], "say how many, by --dim"),
        (["sphree", "--dim", "3"], "did you mean sphere"),
        (["sphere", "--dim", "3", "--strategies", "gp"], "is a problem"),
        (["sphere", "--dim", "3", "--trials", "many"], "trials must look like"),
        (["hartmann3", "--dim", "4"], "goes no further than dimension 3"),
    ):
        assert main(["sensitivity", *wrong, *words]) == BAD_USAGE
        error = capsys.readouterr().err.strip().splitlines()[-1]
        assert error.startswith("error: ")
        assert complaint in error
