"""W&B's own reader (`wandb leet inspect`) shows what `wandb sync` would upload."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bench.cli import main
from bench.commands.run import write_log
from bench.exchange.formats import FORMATS
from bench.experiment import Experiment
from tests.bench.conftest import Bench, environment

pytest.importorskip("wandb")


def inspected(path: Path, *words: str) -> str:
    command = [sys.executable, "-m", "wandb", "leet", "inspect", str(path), "--json", *words]
    quiet = environment(HOME=str(path), WANDB_MODE="offline", WANDB_ERROR_REPORTING="false")
    return subprocess.run(command, env=quiet, capture_output=True, text=True, check=True).stdout


def test_runs_are_logged_offline_and_whole(bench: Bench, tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    words = ["--problems=broken", "--dims=2", "--strategies=random,raises", "--trials=20", "--seeds=1", "--name=mine"]
    done = bench("run", *words, "--executor=serial", "--log=wandb", HOME=str(home), WANDB_API_KEY="x" * 40)
    assert done.returncode == 1, done.stderr  # `raises` failed
    assert "wandb sync" in done.stdout
    assert "wandb:" not in done.stderr
    assert list(home.rglob("*wandb*")) == []
    folder = tmp_path / "results" / "mine" / "exports" / "wandb"
    runs = {
        (found := json.loads(inspected(path, "--summary")))["name"]: (path, found) for path in folder.rglob("*.wandb")
    }
    assert set(runs) == {"random on broken-2d, seed 0", "raises on broken-2d, seed 0"}
    path, found = runs["random on broken-2d, seed 0"]
    assert found["project"] == "mine"
    assert found["state"] == "finished"
    assert found["step"] == 20
    history = [
        record["history"] for record in map(json.loads, inspected(path).splitlines()) if record["type"] == "history"
    ]
    assert [step["item"]["trial"] for step in history] == list(range(1, 21))
    values = [step["item"]["value"] for step in history if "value" in step["item"]]
    assert found["summary"]["incumbent"] == pytest.approx(min(values))
    assert found["summary"]["failed_trials"] == 20 - len(values) > 0
    assert set(found["config"]["incumbent"]) == {"x0", "x1"}
    assert found["config"]["strategy"] == "random"
    assert runs["raises on broken-2d, seed 0"][1]["exit_code"] == 1


def test_an_unknown_log_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--log=mlflow"]) == 2
    assert capsys.readouterr().err == "error: --log must be wandb, got 'mlflow'\n"
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_the_way_of_the_log_takes_nothing_from_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    write_log(FORMATS["wandb"], tmp_path / "mine", Console(stderr=True))
    said = capsys.readouterr().err
    assert said.startswith("Not logged: no experiment at")
    assert "export mine --to wandb" in said


def test_odd_names_are_logged(odd: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    write: Any = pytest.importorskip("bench.exchange.wandb_runs").write
    chosen = {
        name: getattr(odd, name).query("problem == 'sphere' and dim == 2 and seed == 0") for name in ("runs", "trials")
    }
    small = Experiment(**{**vars(odd), **chosen})
    (tmp_path / "wandb").mkdir()
    write(small, tmp_path / "wandb")
    assert len(list((tmp_path / "wandb").rglob("*.wandb"))) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"wandb"}
