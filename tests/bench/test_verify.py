"""`verify` finds what was changed by hand, by chance or by another program, and nothing else."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.verification import parse_sample
from tests.bench.conftest import Bench, tamper
from tests.bench.test_fuzz_command_line import call

RUN = ("run", "--problems", "sphere", "--dims", "2", "--trials", "6", "--seeds", "3", "--name", "small")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("ran")
    code, _, stderr = call([*RUN, "--strategies=random,gp", f"--results={results}", "--jobs=1"])
    assert code == 0, stderr
    return results / "small"


@pytest.fixture
def folder(ran: Path, tmp_path: Path) -> Path:
    return shutil.copytree(ran, tmp_path / "results" / "small")


def test_what_happened_is_verified_and_nothing_is_changed(bench: Bench, folder: Path):
    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "-" not in path.suffix}

    (folder / "notes.md").write_text("not a result")
    before = contents()
    done = bench("verify", "small", "--sample", "100%")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 of 6 runs, done again, came out the same" in done.stdout
    assert "\nno" not in done.stdout
    assert contents() == before
    assert bench("verify", "small", "--sample", "1").stdout.count("1 of 6 runs") == 1


def sql(statement: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        tamper(folder, statement)

    return change


def other_summary(folder: Path) -> None:
    path = folder / "summary.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("gp", "our-gp"), encoding="utf-8")


def another_figure(folder: Path) -> None:
    (folder / "figures" / "much-better.png").write_bytes(b"not a figure")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (other_summary, "summary.csv is not what the stored trials give here; write it again with: python -m bench"),
        (another_figure, "figures/much-better.png is not of this experiment's report"),
        (sql("UPDATE trials SET value = value * 0.5 WHERE run = 2 AND trial = 4"), "done again, trial 4: value is"),
        (sql("DELETE FROM trials WHERE run = 2 AND trial = 4"), "its trials are not numbered from 1 to 5"),
        (sql("DELETE FROM trials WHERE run = 2 AND trial = 6"), "it is done, and only 5 of 6 trials were spent"),
        (sql("UPDATE runs SET strategy_version = 'gp 0'"), "gp ran as gp 0 and is search-bench"),
    ],
)
def test_what_was_changed_is_found(folder: Path, change: Callable[[Path], None], says: str):
    change(folder)
    code, stdout, stderr = call(["verify", "small", "--sample=100%", "--jobs=1", f"--results={folder.parent}"])
    assert code == 1, stdout + stderr
    assert says in stdout


def test_a_strategy_that_is_not_reproducible_is_named(bench: Bench, tmp_path: Path):
    (tmp_path / "mine.py").write_text(
        "import numpy as np\nfrom strategies.random_search import RandomSearch\n"
        "class Mine(RandomSearch):\n"
        "    def ask(self):\n"
        "        return self.propose(self.space.sample(np.random.default_rng()))\n",
        encoding="utf-8",
    )
    bench(*RUN, "--strategies", "random,mine.py:Mine")
    done = bench("verify", "small", "--sample", "100%")
    assert done.returncode == 1
    assert "mine.py:Mine on sphere-2d, seed 0, done again, trial 1: config is" in done.stdout
    assert "random on" not in done.stdout


def test_a_damaged_database_is_one_line(bench: Bench, folder: Path):
    path = folder / "experiment.db"
    content = bytearray(path.read_bytes())
    content[4096:4196] = b"\xff" * 100
    path.write_bytes(content)
    done = bench("verify", "small")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stdout + done.stderr
    assert "is damaged" in done.stderr


@pytest.mark.parametrize(("text", "count"), [("5%", 2), ("50%", 20), ("100%", 40), ("7", 7), ("99", 40), ("0.1%", 1)])
def test_a_sample_is_a_share_or_a_number(text: str, count: int):
    assert parse_sample(text, 40) == count


@pytest.mark.parametrize("text", ["0", "0%", "101%", "-5", "1.5", "some", ""])
def test_a_bad_sample_is_one_line(bench: Bench, text: str):
    done = bench("verify", "small", f"--sample={text}")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "sample must look like 5%" in done.stderr
