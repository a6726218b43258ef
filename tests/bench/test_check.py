"""`check`: each broken rule is found and explained; what hangs or dies is a finding too."""

from pathlib import Path

import pytest

from tests.bench.conftest import Bench

START = "from strategies.random_search import RandomSearch\nimport os, time\nclass Mine(RandomSearch):\n"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("    def ask(self): raise RuntimeError('singular')", ["ask()", "RuntimeError('singular')", "mine.py, line 4"]),
        ("    def ask(self): return self.propose({'x': 'much'})", ["convert values"]),
        ("    def ask(self): time.sleep(60)", ["did not end within 1 s"]),
        ("    def ask(self): os._exit(7)", ["its process died (exit code 7)"]),
    ],
)
def test_what_breaks_a_rule_is_said_with_the_remedy(bench: Bench, tmp_path: Path, code: str, says: list[str]):
    (tmp_path / "mine.py").write_text(START + code + "\n", encoding="utf-8")
    wide = {"COLUMNS": "500"}  # no cell is folded
    done = bench("check", "mine.py:Mine", "--timeout", "1" if "sleep" in code else "20", **wide)
    assert done.returncode == 1
    assert done.stderr == ""
    said = " ".join(done.stdout.replace("│", " ").split())
    assert all(word in said for word in says), done.stdout
    assert "rules broken" in done.stdout


def test_a_strategy_that_does_not_learn_is_told_so_and_passes(bench: Bench):
    done = bench("check", "random")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no sign that it learns" in done.stdout
    assert "1.9%" in done.stdout  # P(10 or more of 12 | ½) = 79/4096


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("randon", "", "no strategy or problem"),
        ("gone.py:Mine", "", "gone.py, which is not there"),
        ("os:path", "", "cannot be called"),
        ("mine.py:Mine", "import time; time.sleep(60)", "did not end within 11 s"),
        ("mine.py:Mine", "import os; os._exit(7)", "its process died (exit code 7)"),
        ("mine.py:Mine", "Mine = 1 / 0", "ZeroDivisionError: division by zero (at mine.py, line 1)"),
    ],
)
def test_what_cannot_be_loaded_is_one_line(bench: Bench, tmp_path: Path, name: str, code: str, says: str):
    (tmp_path / "mine.py").write_text(code, encoding="utf-8")
    done = bench("check", name, "--timeout", "1" if "sleep" in code else "60")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert says in done.stderr
