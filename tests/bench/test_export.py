"""`export`, as a user meets it."""

from pathlib import Path

import pandas as pd
import pytest

from bench.cli import main
from bench.errors import UsageError
from bench.exchange import formats
from bench.exchange.formats import Format
from bench.experiment import run_experiment
from problems.entries import Needs


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small experiment, below the working directory's results."""
    monkeypatch.chdir(tmp_path)
    settings = {"problems": "bbob-f8", "dims": "2", "strategies": "random", "trials": 5, "seeds": 2}
    run_experiment(settings, name="mine", executor="serial")
    return tmp_path / "results" / "mine"


def test_every_format_is_written_below_the_experiment_and_says_how_to_open_it(
    ran: Path, capsys: pytest.CaptureFixture[str]
):
    for name in ("coco", "ioh", "optuna", "csv", "parquet"):
        assert main(["export", "mine", "--to", name]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        assert f"Exported to results/mine/exports/{name}; open with: " in said.out
        assert any((ran / "exports" / name).iterdir())


def test_wide_tables_go_where_they_are_told_to(ran: Path, tmp_path: Path):
    assert main(["export", "mine", "--to", "csv", "--wide", "--output", "elsewhere/here"]) == 0
    assert "config_x1" in pd.read_csv(tmp_path / "elsewhere" / "here" / "trials.csv")
    assert not (ran / "exports").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["mine", "--to=csv", "--output=theirs"],
            "theirs/notes.txt was not written by this command and would",
        ),
        (["mine", "--to=xlsx"], "--to must be one of coco, ioh, optuna, csv, parquet, wandb, got 'xlsx'"),
        (["mine", "--to=ioh", "--wide"], "--wide is for --to csv, parquet"),
        (["other", "--to=csv"], "known: mine"),
        (["../x", "--to=csv"], "not by a path, got '../x'"),
        (["mine"], "--to"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line_exit_2_and_nothing_written(
    ran: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "notes.txt").write_text("mine")
    assert main(["export", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert says in said.err
    assert not (ran / "exports").exists()
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["notes.txt"]


def test_a_library_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch):
    lacking = Format("theirs", "no.such:module", "", Needs("theirs", ("no_such_library",)))
    with pytest.raises(UsageError, match=r'--to theirs needs no_such_library; .*"search-bench\[theirs\]"'):
        lacking.load(wide=False)
    assert formats.format_called("csv").wide
