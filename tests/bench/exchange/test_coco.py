"""COCO's own reader is the judge."""

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.analysis.regret import regret_curves
from bench.errors import UsageError
from bench.exchange.coco import write
from bench.experiment import Experiment
from bench.report.files import safe_name
from tests.bench.exchange.conftest import EVIL, written

cocopp: Any = pytest.importorskip("cocopp")


@pytest.fixture
def coco(experiment: Experiment, tmp_path: Path) -> Path:
    return written(write, experiment, tmp_path / "coco")[0]


def load(folder: Path, suite: str) -> dict[tuple[int, int], Any]:
    """cocopp's data sets by function and dimension."""
    cocopp.testbedsettings.load_current_testbed(suite, cocopp.pproc.TargetValues)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fewer than 15 instances, which is no fault of the format
        warnings.filterwarnings("error", message=".*(ill-finalized|disagree|First evaluation|valid number|tdat).*")
        found = cocopp.pproc.DataSetList([str(path) for path in sorted(folder.glob("*.info"))])
    return {(data.funcId, data.dim): data for data in found}


@pytest.mark.parametrize(
    ("suite", "testbed", "dim", "function"),
    [("bbob", "bbob", 2, 1), ("search-bench", "bbob-boxed", 4, 31)],  # COCO has no dimension 4
)
def test_cocopp_reads_our_runs_as_ours(
    coco: Path, experiment: Experiment, suite: str, testbed: str, dim: int, function: int
):
    data = load(coco / suite / "random", testbed)[function, dim]
    curves = regret_curves(experiment.runs, experiment.trials).query("problem == 'bbob-f1' and strategy == 'random'")
    mine = curves[curves["dim"] == dim].sort_values("seed")
    assert data.instancenumbers == [1, 2, 3]
    assert data.maxevals.tolist() == [9, 9, 9]
    assert data.algId == "random"
    ends = mine.groupby("seed")["regret"].last().to_numpy()
    np.testing.assert_allclose(data.finalfunvals, ends, rtol=1e-8)
    for target in 10.0 ** np.arange(2, -1, -0.2):  # where cocopp reads off
        hits = mine[mine["regret"] <= target].groupby("seed")["trial"].min().reindex([0, 1, 2])
        np.testing.assert_array_equal(data.detEvals([target])[0], hits.to_numpy(dtype=float))


def test_each_suite_holds_what_is_its_own(coco: Path):
    assert set(load(coco / "bbob" / "random", "bbob")) == {(1, 2)}
    assert set(load(coco / "search-bench" / "random", "bbob-boxed")) == {(31, 4), (32, 2), (32, 4), (33, 2), (33, 4)}


def test_a_run_that_failed_ends_where_it_failed(coco: Path):
    assert load(coco / "bbob" / "raises", "bbob")[1, 2].maxevals.tolist() == [4, 4, 4]


def test_a_first_trial_without_a_value_is_no_obstacle(coco: Path, experiment: Experiment):
    first = experiment.trials.query("problem == 'broken' and strategy == 'random' and dim == 2 and trial == 1")
    assert (first["status"] == "failed").any()
    data = load(coco / "search-bench" / "random", "bbob-boxed")[32, 2]
    assert data.maxevals.tolist() == [9, 9, 9]


def test_what_has_no_reachable_optimum_is_refused_with_the_reason(experiment: Experiment, tmp_path: Path):
    bound = experiment.runs["problem"] == "broken"
    runs = experiment.runs.assign(optimum_origin=experiment.runs["optimum_origin"].mask(bound, "bound"))
    changed = Experiment(**{**vars(experiment), "runs": runs})
    folder, left_out = written(write, changed, tmp_path / "coco")
    assert left_out[0] == "broken: COCO's targets are distances to an optimum, which is bound here"
    assert "broken" not in (folder / "postprocess.py").read_text()
    nothing = Experiment(
        **{**vars(changed), "runs": runs[bound], "trials": experiment.trials.query("problem == 'broken'")}
    )
    with pytest.raises(UsageError, match="nothing of small is for COCO: broken"):
        written(write, nothing, tmp_path / "none")


def test_an_odd_name_stays_in_the_folder_and_is_read(odd: Experiment, tmp_path: Path):
    folder, _ = written(write, odd, tmp_path / "coco")
    assert [path.name for path in tmp_path.iterdir()] == ["coco"]
    place = folder / "bbob" / safe_name(EVIL)
    assert load(place, "bbob")[1, 2].algId == place.name


def test_pruned_trials_share_the_evaluations_that_they_cost(stopped: Experiment, tmp_path: Path):
    folder, _ = written(write, stopped, tmp_path / "coco")
    (pruned,) = (folder / "search-bench").glob("random-median*")
    assert (load(pruned, "bbob-boxed")[31, 2].maxevals <= 12).all()


def test_cocopp_draws_our_problems_under_their_own_names(experiment: Experiment, tmp_path: Path):
    chosen = {name: getattr(experiment, name).query("problem == 'sphere' and dim == 2") for name in ("runs", "trials")}
    small = Experiment(**{**vars(experiment), **chosen})
    folder, _ = written(write, small, tmp_path / "coco")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", folder / "postprocess.py", "-o", tmp_path / "drawn"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"MPLBACKEND": "agg", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    drawn = {path.name for path in (tmp_path / "drawn").rglob("*.svg")}
    assert {"pprldmany_02D_noiselessall.svg", "pprldmany_f031_02D.svg"} <= drawn
    assert any("31 sphere" in path.read_text() for path in (tmp_path / "drawn").rglob("pprldmany_f031*.svg"))
