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
    done = bench("check", "mine.py:Mine", "--timeout", "1" if "sleep" in code else "20")
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


@pytest.mark.parametrize("name", ["randon", "gone.py:Mine", "os:path"])
def test_what_is_neither_is_one_line(bench: Bench, name: str):
    done = bench("check", name)
    assert (done.returncode, done.stdout) in {(2, ""), (1, done.stdout)}
    assert "Traceback" not in done.stderr
