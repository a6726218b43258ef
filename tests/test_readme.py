"""What the README says is true: its strategy is short, keeps the contract and runs from the command line."""

import re
import sys
from pathlib import Path

import pytest

from bench.experiment import run_experiment
from strategies.registry import StrategyEntry, strategies
from strategies.testing import violations

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
(STRATEGY,) = (block for block in BLOCKS if "class CoordinateSearch" in block)
(LINE,) = (block for block in BLOCKS if block.startswith("StrategyEntry("))


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StrategyEntry:
    (tmp_path / "coordinate_search.py").write_text(STRATEGY)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "coordinate_search", raising=False)
    name, factory, summary = re.findall(r'"([^"]+)"', LINE)
    return StrategyEntry(name, factory.removeprefix("strategies."), summary)


def test_the_example_is_short_and_keeps_the_contract(entry: StrategyEntry):
    assert len(STRATEGY.strip().splitlines()) < 25
    assert [violation for _, violation in violations(entry.make) if violation] == []


def test_the_example_runs(entry: StrategyEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    table = {**strategies(), entry.name: entry}
    for module in ("bench.plan", "strategies.registry"):
        monkeypatch.setattr(f"{module}.strategies", lambda: table)
    experiment = run_experiment(
        problems="sphere", dims="5", strategies=["random", entry.name], trials=60, seeds=5, executor="serial",
        results=tmp_path,
    )  # fmt: skip
    best = experiment.trials.groupby(["strategy", "seed"])["value"].min().groupby("strategy").median()
    assert best[entry.name] < best["random"]


def test_every_command_in_the_readme_exists():
    commands = re.findall(r"^python -m bench ([\w-]+)", README, flags=re.MULTILINE)
    assert set(commands) == {
        "list",
        "explore",
        "plan",
        "record",
        "run",
        "report",
        "reproduce",
        "check",
        "compare",
        "doctor",
        "export",
        "merge",
        "tune",
        "sensitivity",
        "recommend",
        "verify",
        "lr-find",
    }


def test_what_the_readme_links_to_is_there():
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (Path(__file__).parent.parent / target).exists(), target
