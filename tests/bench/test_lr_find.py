"""`lr-find` from the command line: numbers, a figure, and one line where there is nothing to find."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.cli import main

pytest.importorskip("torch")
pytest.importorskip("sklearn")

ROOT = Path(__file__).parents[2]
EXAMPLE = "docs/examples/my_network.py:model_and_data"


def test_the_example_of_the_docs_runs(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "bench", "lr-find", EXAMPLE, "--results", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    low, high = map(float, re.findall(r"range to search (\S+) to (\S+),", done.stdout)[0])
    assert 1e-4 < low < high < 10
    figure = re.findall(r"Figure: (\S+)", done.stdout)[0]
    assert Path(figure).read_bytes()[:4] == b"\x89PNG"
    assert len(list((tmp_path / "lr-find").iterdir())) == 2


def test_a_problem_of_the_table_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["lr-find", "mlp-digits", "--results", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("steepest fall", "minimum / 10", "range to search", "diverged at"))


BROKEN = """
import torch
def empty(): return None
def raises(): raise RuntimeError("no data\\nhere")
def nan(): return torch.nn.Linear(2, 2), torch.full((8, 2), float("nan")), torch.zeros(8, dtype=torch.int64)
def shapes(): return torch.nn.Linear(2, 2), torch.zeros(8, 3), torch.zeros(8, dtype=torch.int64)
text = "x"
"""


@pytest.mark.parametrize(
    ("training", "said"),
    [
        ("ackley", "ackley has no learning rate to find; give mlp-digits"),
        ("mlp-digit", "unknown problem 'mlp-digit'; did you mean mlp-digits"),
        ("missing.py:f", "needs the file missing.py"),
        ("{}:nobody", "has no 'nobody'"),
        ("{}:text", "is a str; give a function"),
        ("{}:empty", "returned 1 values; return a torch.nn.Module"),
        ("{}:raises", "cannot be trained: RuntimeError: no data here (at broken.py, line 4)"),
        ("{}:nan", "the loss is no finite number before the first update"),
        ("{}:shapes", "cannot be trained: RuntimeError: mat1 and mat2"),
    ],
)
def test_what_cannot_be_tested_is_said_in_one_line(
    training: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "broken.py").write_text(BROKEN)
    assert main(["lr-find", training.format(tmp_path / "broken.py"), "--results", str(tmp_path / "results")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert said in printed.err
    assert not (tmp_path / "results").exists()


def test_rates_that_do_not_rise_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["lr-find", "mlp-digits", "--low", "1", "--high", "0.1", "--results", str(tmp_path)]) == 2
    assert "need 0 < low < high, got 1 and 0.1" in capsys.readouterr().err


def test_without_torch_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("problems.entries._installed", lambda module: module != "torch")
    for training in ("mlp-digits", EXAMPLE):
        assert main(["lr-find", training, "--results", str(tmp_path)]) == 2
        assert "needs torch; install with: pip install" in capsys.readouterr().err
