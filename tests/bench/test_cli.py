"""The command line, as a user meets it: a subprocess in an empty folder."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.bench.conftest import Bench

SMALL = ["--problems=sphere,branin", "--dims=2,3", "--strategies=grid,random", "--trials=6", "--seeds=2", "--jobs=1"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "--strategies", "optuna-tp"], ["'optuna-tp'", "optuna-tpe"]),
        (["run", "--problems", "akley"], ["'akley'", "ackley"]),
        (["run", "--dims", "10..2"], ["'10..2'", "2..10"]),
        (["run", "--dims", "2..x"], ["'2..x'", "2..10"]),
        (["run", "--dims", "0"], ["'0'", "1..1000"]),
        (["run", "--problems", "branin", "--dims", "5"], ["branin", "dimension 2"]),
        (["run", "--trials", "ten"], ["'ten'", "10d"]),
        (["run", "--seeds", "many"], ["seeds", "'many'"]),
        (["run", "--seeds", "0"], ["seeds", "0"]),
        (["run", "--jobs", "0"], ["jobs", "'0'"]),
        (["run", "--name", "../up"], ["name", "'../up'"]),
        (["run", "--profile", "fast"], ["'fast'", "quick"]),
        (["run", "--config", "none.toml"], ["none.toml", "No such file"]),
        (["run", "--sedes", "3"], ["--sedes", "--help"]),
        (["rum"], ["rum", "run"]),
        (["report", "x", "--every", "often"], ["--every", "'often'", "integer"]),
        (["explore", "--host", ""], ["--host ''", "127.0.0.1"]),
        (["explore", "--host", "bad..host"], ["'bad..host'", "--host"]),
        (["report", "nothing"], ["nothing", "none yet"]),
        (["report", "../x"], ["'../x'"]),
        (["plan", "--strategies", ""], ["names"]),
        (["run", "--problems", "nnet-mnist", "--data", "."], ["train-images-idx3-ubyte", "--data"]),
        (["plan", "--problems", "nnet-mnist", "--data", "nowhere"], ["--data", "nowhere"]),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line_exit_2_and_nothing_written(
    bench: Bench, tmp_path: Path, words: list[str], says: list[str]
):
    done = bench(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    for said in says:
        assert said in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_run_leaves_tables_figures_and_a_report_and_says_where(bench: Bench, tmp_path: Path):
    done = bench("run", *SMALL, "--name=mine")
    assert done.returncode == 0, done.stderr
    assert "Best mean rank first" in done.stdout
    assert "report.html" in done.stdout
    folder = tmp_path / "results" / "mine"
    assert (folder / "report.html").stat().st_size > 10_000
    names = {path.name for path in (folder / "figures").iterdir()}
    assert any(name.endswith(".png") for name in names)
    assert {path.stem for path in folder.glob("figures/*.png")} == {path.stem for path in folder.glob("figures/*.svg")}
    trials = pd.read_parquet(folder / "trials.parquet")
    assert len(trials) == 2 * 3 * (6 + 6)  # two seeds of sphere-2, sphere-3 and branin-2, by two strategies
    assert set(pd.read_csv(folder / "summary.csv")["strategy"]) == {"grid", "random"}
    again = bench("run", *SMALL, "--name=mine")
    assert again.returncode == 0
    assert "6 x" not in again.stderr
    assert pd.read_parquet(folder / "trials.parquet")["started_at"].equals(trials["started_at"])


def test_a_failed_run_is_exit_1_and_listed(bench: Bench):
    done = bench("run", "--problems=sphere", "--dims=2", "--strategies=raises,random", "--trials=6", "--seeds=2")
    assert done.returncode == 1
    assert done.stderr.count("failed: raises on sphere-2d") == 2
    assert "the surrogate is singular" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_experiment_under_the_same_name_is_refused(bench: Bench, tmp_path: Path):
    def files() -> dict[Path, int]:
        """All but SQLite's shared memory, which readers touch too."""
        return {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.suffix != ".db-shm"}

    assert bench("run", *SMALL, "--name=mine").returncode == 0
    before = files()
    done = bench("run", *SMALL, "--name=mine", "--seeds=3")
    assert done.returncode == 2
    assert "its seeds are 2, not 3" in done.stderr
    assert files() == before


def test_results_that_cannot_be_written_are_one_line(bench: Bench, tmp_path: Path):
    (tmp_path / "results").write_text("a file, not a folder")
    done = bench("run", *SMALL)
    assert done.returncode == 2
    assert done.stderr.count("\n") <= 2  # the line that says what is about to run may stand before it
    assert "Traceback" not in done.stderr


def test_plan_tells_the_price_and_the_skips_and_writes_nothing(bench: Bench, tmp_path: Path):
    done = bench("plan", "--problems=branin,sphere", "--dims=2,3", "--strategies=random,gp", "--trials=20", "--seeds=2")
    assert done.returncode == 0, done.stderr
    for said in ("12 of 20 trials", "about", "jobs", "skipped: 2 cells: branin goes no further than dimension 2"):
        assert said in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_list_names_everything_with_its_version_and_departures(bench: Bench):
    done = bench("list", COLUMNS="400")
    assert done.returncode == 0, done.stderr
    for said in ("grid", "optuna 5.0.0", "skopt-gp", "mlp-digits", "raises", "rosenbrock", "2.."):
        assert said in done.stdout


def test_doctor_is_content_here_and_not_where_nothing_can_be_written(bench: Bench, tmp_path: Path):
    assert bench("doctor").returncode == 0
    (tmp_path / "file").touch()
    assert bench("doctor", "--results=file/below").returncode == 1


def test_help_is_light_and_every_command_has_an_example(bench: Bench):
    assert "Traceback" not in bench().stderr
    names = [line.split()[0] for line in bench("--help").stdout.partition("Commands:")[2].splitlines() if line.strip()]
    assert {"run", "plan", "list", "report", "doctor"} <= set(names)
    for name in names:
        assert "Example: python -m bench" in bench(name, "--help").stdout
    heavy = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bench", "--help"], capture_output=True, text=True, check=True
    ).stderr
    for module in ("numpy", "pandas", "pydantic", "matplotlib", "scipy", "rich.console"):
        assert f"| {module}\n" not in heavy.replace(" ", "").replace("|", "| ")


def test_a_reader_who_goes_away_is_no_error(tmp_path: Path):
    done = subprocess.run(
        f"{sys.executable} -m bench list | head -1",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
