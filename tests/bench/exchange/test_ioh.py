"""IOHprofiler's format: what IOHanalyzer and IOHinspector ask of it."""

import json
from pathlib import Path

import numpy as np
import pytest

from bench.exchange.ioh import write
from bench.experiment import Experiment
from bench.report.files import safe_name
from tests.bench.exchange.conftest import EVIL, written

KEYS = {
    *("version", "suite", "function_id", "function_name", "maximization", "algorithm", "attributes", "scenarios"),
}


@pytest.fixture
def ioh(experiment: Experiment, tmp_path: Path) -> Path:
    return written(write, experiment, tmp_path / "ioh")[0]


def runs_of(path: Path) -> list[np.ndarray]:
    """The runs of a `.dat`, as IOHanalyzer tells them apart: each begins with the header."""
    blocks = path.read_text().split("evaluations raw_y value\n")[1:]
    return [np.array([[float(x) for x in line.split()] for line in block.splitlines()]) for block in blocks]


def test_every_file_has_the_form_of_iohs_own_logger(ioh: Path):
    found = sorted(ioh.glob("*/*.json"))
    assert len(found) == 3 * 3
    for path in found:
        about = json.loads(path.read_text())
        assert set(about) == KEYS
        assert about["maximization"] is False
        assert about["algorithm"]["name"] == path.parent.name
        assert path.name == f"IOHprofiler_f{about['function_id']}_{about['function_name']}.json"
        assert [scenario["dimension"] for scenario in about["scenarios"]] == [2, 4]
        for scenario in about["scenarios"]:
            runs = runs_of(path.parent / scenario["path"])
            assert len(runs) == len(scenario["runs"])
            for run, rows in zip(scenario["runs"], runs, strict=True):
                assert rows[0, 0] == 1  # by this IOHinspector tells runs apart
                assert rows[-1, 0] == run["evals"]
                if run["best"]["y"] < 1e300:
                    assert run["best"]["y"] == pytest.approx(rows[:, 1].min())
                    assert rows[run["best"]["evals"] - 1, 1] == pytest.approx(run["best"]["y"])


def test_numbers_are_ours_and_bbob_keeps_its_own(ioh: Path, experiment: Experiment):
    about = json.loads((ioh / "random" / "IOHprofiler_f1_bbob-f1.json").read_text())
    assert about["suite"] == "BBOB"
    assert [run["instance"] for run in about["scenarios"][0]["runs"]] == [1, 2, 3]
    rows = runs_of(ioh / "random" / about["scenarios"][0]["path"])[2]
    mine = experiment.trials.query("problem == 'bbob-f1' and strategy == 'random' and dim == 2 and seed == 2")
    np.testing.assert_allclose(rows[:, 1], mine["true_value"] - mine["optimum"], rtol=1e-8)
    np.testing.assert_allclose(rows[:, 2], mine["value"], rtol=1e-8)
    names = {json.loads(path.read_text())["function_id"]: path.name for path in ioh.glob("random/*.json")}
    assert names[101].endswith("broken.json")
    assert names[102].endswith("sphere.json")


def test_failed_trials_are_evaluations_that_found_nothing(ioh: Path, experiment: Experiment):
    mine = experiment.trials.query("problem == 'broken' and strategy == 'random' and dim == 4 and seed == 0")
    rows = runs_of(ioh / "random" / "data_f101_broken" / "IOHprofiler_f101_DIM4.dat")[0]
    assert np.isinf(rows[:, 1]).tolist() == (mine["status"] == "failed").tolist()


def test_odd_names_stay_in_their_folder_and_are_shown_in_full(odd: Experiment, tmp_path: Path):
    folder, _ = written(write, odd, tmp_path / "ioh")
    assert {path.name for path in folder.iterdir()} == {safe_name(EVIL), "grid", "raises"}
    about = json.loads(next((folder / safe_name(EVIL)).glob("*.json")).read_text())
    assert about["algorithm"]["name"] == EVIL
