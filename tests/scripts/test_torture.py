"""The table of `make torture`: what the tests counted, and no zero that was not."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEST = """
import pytest
from tests.faults import befell

def test_one():
    befell("a flood", 3, lost=0, changed=0)
    befell("a storm", 2)

def test_two():
    befell("a flood", 4, lost=0, changed={changed})

def test_three(often):
    befell("a drought", often(5, 50), lost=0)
    pytest.skip("no rain")
"""


def torture(folder: Path, changed: int) -> subprocess.CompletedProcess[str]:
    test = folder / "test_weather.py"
    test.write_text(TEST.format(changed=changed))
    return subprocess.run(
        [sys.executable, "scripts/torture.py", "-p", "tests.conftest", "--numprocesses=2", str(test)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_what_befell_is_summed_by_fault_and_a_dash_is_what_was_not_measured(tmp_path: Path):
    done = torture(tmp_path, changed=0)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| a flood   |           7 |           0 |               0 |" in done.stdout
    assert "| a storm   |           2 |           – |               – |" in done.stdout
    assert "| a drought |          50 |           0 |               – |" in done.stdout
    assert "no rain" in done.stdout


def test_what_was_changed_is_shown_and_is_no_success(tmp_path: Path):
    done = torture(tmp_path, changed=8)
    assert done.returncode == 1
    assert "| a flood   |           7 |           0 |               8 |" in done.stdout
    assert "a flood: 0 trials lost, 8 results changed" in done.stdout
