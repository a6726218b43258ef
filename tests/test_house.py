"""The house itself: floors, lazy libraries, lint, types."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {"problems": 0, "strategies": 1, "bench": 2}
OPTIMISERS = {
    "optuna",
    "hyperopt",
    "skopt",
    "ray",
    "ax",
    "botorch",
    "gpytorch",
    "wandb",
    "cmaes",
    "nevergrad",
    "smac",
    "sweeps",
}
FOR_THEIR_USERS = {  # our strategies in other people's frameworks, our results in their formats
    ("tune.py", "ray"),
    ("ray_cluster.py", "ray"),
    ("optuna_storage.py", "optuna"),
    ("optuna_studies.py", "optuna"),
    ("optuna_importance.py", "optuna"),
    ("wandb_runs.py", "wandb"),
}
SEEN_BY_STRATEGIES = {"space", "space_form", "loading", "entries", "plugins", "environments", "contracts"}
MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downwards_and_libraries_stay_in_their_adapters(path: Path):
    floor = path.relative_to(ROOT).parts[0]
    for module in imports(path):
        package = module.partition(".")[0]
        assert FLOORS.get(package, 0) <= FLOORS[floor], f"{module} is above {floor}/"
        if package in OPTIMISERS and (path.name, package) not in FOR_THEIR_USERS:
            assert path.parent.name == "adapters", f"{module} belongs into an adapter"
        if floor == "strategies" and package == "problems":
            assert module.split(".")[1] in SEEN_BY_STRATEGIES, "a strategy sees the space only"
        if package == "torch":
            assert "torch_training" in path.parts or path.name == "botorch_adapter.py"


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=["lint", "format", "types"]
)
def test_the_tools_are_content(command: list[str]):
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
