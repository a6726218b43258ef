"""`setup`: an unknown name, a failure that leaves nothing behind, a second call."""

from pathlib import Path

from tests.bench.conftest import Bench


def test_an_unknown_environment_is_one_line(bench: Bench, tmp_path: Path):
    done = bench("setup", "wanb")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "'wanb'" in done.stderr
    assert "wandb" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_an_index_it_says_so_and_leaves_nothing(bench: Bench, tmp_path: Path):
    done = bench("setup", "wandb", PIP_INDEX_URL="http://127.0.0.1:9/", PIP_RETRIES="0", PIP_CONFIG_FILE="/dev/null")
    assert done.returncode == 2
    assert "pip could not install wandb" in done.stderr.splitlines()[-1]
    assert list((tmp_path / ".venvs").iterdir()) == []


def test_what_is_there_stays(bench: Bench, tmp_path: Path):
    python = tmp_path / ".venvs" / "wandb" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    done = bench("setup", "wandb")
    assert done.returncode == 0
    assert "is there already" in done.stderr


def test_a_run_without_it_says_what_to_do(bench: Bench):
    done = bench("run", "--problems", "sphere", "--dims", "2", "--strategies", "wandb-bayes", "--trials", "3")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "python -m bench setup wandb" in done.stderr
