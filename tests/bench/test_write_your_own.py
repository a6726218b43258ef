"""What docs/write-your-own.md says is true: its code keeps the contracts and runs from the command line."""

import re
from pathlib import Path

import pytest

from tests.bench.conftest import Bench

PAGE = (Path(__file__).parents[2] / "docs" / "write-your-own.md").read_text(encoding="utf-8")
SAMPLER, PROBLEM, _ = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The folder of a user: a sampler and a problem in files."""
    (tmp_path / "my_sampler.py").write_text(SAMPLER, encoding="utf-8")
    (tmp_path / "my_problem.py").write_text(PROBLEM, encoding="utf-8")
    return tmp_path


def test_the_sampler_keeps_its_contract_and_learns(bench: Bench, mine: Path):
    done = bench("check", "my_sampler.py:Evolution")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all 14 rules are kept" in done.stdout
    assert "it learns" in done.stdout


def test_the_sampler_takes_part_in_both_arms(bench: Bench, mine: Path):
    words = ("run", "--problems", "sphere", "--dims", "2", "--trials", "8", "--seeds", "1", "--name", "arms")
    done = bench(*words, "--strategies", "my_sampler.py:Evolution", "--initial", "default,2d")
    assert done.returncode == 0, done.stderr
    assert "2 of 2 runs done, 0 failed" in done.stderr
    assert "my_sampler.py:Evolution@2d" in (mine / "results/arms/report.html").read_text(encoding="utf-8")


def test_the_problem_keeps_its_contract(bench: Bench, mine: Path):
    done = bench("check", "my_problem.py:valley")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all 15 rules are kept" in done.stdout


def test_both_run_resume_and_are_reported_under_their_names(bench: Bench, mine: Path):
    words = ("run", "--problems", "sphere,my_problem.py:valley", "--dims", "2", "--trials", "8", "--seeds", "2")
    words += ("--strategies", "random,my_sampler.py:Evolution", "--name", "mine")
    done = bench(*words)
    assert done.returncode == 0, done.stderr
    folder = mine / "results" / "mine"
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "my_sampler.py:Evolution" in report
    assert "Rechenberg 1973" in report  # what it says of itself
    assert "not registered" not in report
    assert all(path.parent == folder / "figures" for path in folder.rglob("*.png"))
    again = bench(*words)
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ("my_problem.py", ("--problems", "my_problem.py:valley", "--strategies", "random")),
        ("my_pruner.py", ("--problems", "curves", "--strategies", "random", "--pruners", "my_pruner.py:Mine")),
    ],
)
def test_a_changed_problem_or_pruner_is_noticed(bench: Bench, mine: Path, changed: str, names: tuple[str, ...]):
    (mine / "my_pruner.py").write_text("from strategies.pruners.median import MedianPruner as Mine\n", encoding="utf-8")
    words = ("run", *names, "--dims", "2", "--trials", "5", "--seeds", "2", "--name", "mine", "--executor", "serial")
    bench(*words, "--time-limit", "0")
    with (mine / changed).open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    done = bench(*words)
    assert done.returncode == 2, done.stdout
    assert "began with " in done.stderr
    assert changed in done.stderr


def test_a_changed_file_is_noticed(bench: Bench, mine: Path):
    words = ("--problems", "sphere", "--dims", "2", "--trials", "8", "--seeds", "4", "--name", "mine")
    words += ("--strategies", "my_sampler.py:Evolution", "--executor", "serial")
    assert bench("run", *words, "--time-limit", "0").returncode in (0, 1)
    (mine / "my_sampler.py").write_text(SAMPLER + "\n# another version\n", encoding="utf-8")
    done = bench("run", *words)
    assert done.returncode == 2
    assert "which is my_sampler.py" in done.stderr.splitlines()[-1], done.stderr


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("no_such.py:Sampler", "", ["no_such.py", "not there"]),
        ("mine.py:Sampler", "x = 1", ["no 'Sampler'"]),
        ("mine.py:Sampler", "import no_such_package", ["No module named 'no_such_package'", "mine.py, line 1"]),
        ("mine.py:Sampler", "x = 1\n1 / 0", ["ZeroDivisionError", "mine.py, line 2"]),
        ("mine.py:Sampler", "import sys\nsys.exit(3)", ["SystemExit: 3", "mine.py, line 2"]),
        ("mine.py:Sampler", "from . import parts", ["relative import", "mine.py, line 1"]),
        ("mine.py:Sampler", "def (", ["SyntaxError"]),
        ("mine.py:Sampler", "Sampler = 3", ["no subclass of strategies.base.Strategy"]),
        ("no_such_module:Sampler", "", ["No module named 'no_such_module'"]),
        ("exec:", "", ["a program that can be started"]),
        ("exec:no-such-program --flag", "", ["a program that can be started"]),
        ("exec:python3 'half", "", ["No closing quotation"]),
    ],
)
def test_what_cannot_be_loaded_is_one_line(bench: Bench, tmp_path: Path, name: str, code: str, says: list[str]):
    (tmp_path / "mine.py").write_text(code, encoding="utf-8")
    done = bench("run", "--problems", "sphere", "--dims", "2", "--strategies", name, "--trials", "3")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert all(said in done.stderr for said in says), done.stderr
    assert not (tmp_path / "results").exists()


def test_a_neighbour_of_the_file_can_be_imported(bench: Bench, mine: Path):
    (mine / "below").mkdir()
    (mine / "below" / "parts.py").write_text(SAMPLER, encoding="utf-8")
    (mine / "below" / "whole.py").write_text("from parts import Evolution as Whole\n", encoding="utf-8")
    words = ("--problems", "sphere", "--dims", "2", "--trials", "3", "--seeds", "1")
    done = bench("run", *words, "--strategies", "below/whole.py:Whole")
    assert done.returncode == 0, done.stderr
