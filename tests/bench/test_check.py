"""`check`: each broken rule is found and explained; what hangs or dies is a finding too."""

from pathlib import Path

import pytest

from tests.bench.conftest import Bench

MISCHIEF = """
import os, time
from strategies.random_search import RandomSearch

class Mine(RandomSearch):
    def ask(self):
        match self.space.names:
            case ("x",): raise RuntimeError("singular")
            case ("x", "y"): time.sleep(60)
            case ("x", "y", "z"): os._exit(7)
            case _: return self.propose({"x": "much"})
"""
SAYS = {  # rule -> what is found, of the first space in which it is looked at
    "Every config lies in its space": [
        "ask() raised RuntimeError('singular') (at mine.py, line 8)",
        "mend what raises",
    ],
    "Four proposals may be pending": ["did not end within 5 s"],
    "With more budget than configs": ["its process died (exit code 7)"],
    "Any budget from 1 on": ["got ['x']", "convert values"],
}


def test_each_broken_rule_is_said_with_the_remedy(bench: Bench, tmp_path: Path):
    (tmp_path / "mine.py").write_text(MISCHIEF, encoding="utf-8")
    done = bench("check", "mine.py:Mine", "--timeout", "5", COLUMNS="900")  # no cell is folded
    assert done.returncode == 1
    assert done.stderr == ""
    for rule, said in SAYS.items():
        (line,) = [line for line in done.stdout.splitlines() if rule in line]
        assert all(word in line for word in said), line
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
