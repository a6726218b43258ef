"""What can befall a store: a full disk, a read-only folder, a second driver, truncation, flipped bits, a lost start."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bench.database import DATABASE
from bench.errors import UsageError
from bench.experiment import Experiment, load_experiment, run_experiment
from tests.bench.conftest import Bench, assert_same_tables, environment

SETTINGS = {"problems": "sphere", "dims": "2,3", "strategies": "grid,random", "trials": 9, "seeds": 2, "name": "kept"}
FLIPS = 400


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A file system in memory at `folder`; skips where this user may not mount one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def kept(tmp_path: Path) -> Experiment:
    """A finished experiment in `results/kept`."""
    return run_experiment(SETTINGS, executor="serial", results=tmp_path / "results")


def is_refused(folder: Path, whole: Experiment) -> bool:
    """Whether the experiment in `folder` is refused; where it is not, its tables are those of `whole`."""
    try:
        shown = load_experiment(folder)
    except UsageError:
        return True
    assert_same_tables(shown, whole)
    assert shown.trials.equals(whole.trials)  # times, too
    assert (shown.spec, shown.environment) == (whole.spec, whole.environment)
    assert shown.skips.equals(whole.skips)
    return False


def test_a_flipped_bit_is_said_or_harmless_and_never_shown_as_a_result(kept: Experiment, tmp_path: Path):
    path = tmp_path / "results" / "kept" / DATABASE
    whole, rng = path.read_bytes(), random.Random(6)
    refused = 0
    for _ in range(FLIPS):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        refused += is_refused(path.parent, kept)
    assert refused > FLIPS / 10  # the rest lies in parts of pages that hold nothing


@pytest.mark.parametrize("table", ["trials", "runs", "experiment"])
def test_a_bit_of_a_stored_value_is_noticed(kept: Experiment, tmp_path: Path, table: str):
    """SQLite's own checks say nothing of these."""
    path = tmp_path / "results" / "kept" / DATABASE
    content = path.read_bytes()
    stored = {"trials": kept.trials["config"][3][:24], "runs": "analytic", "experiment": '"platform"'}[table].encode()
    at = content.rindex(stored) + len(stored) - 2
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with pytest.raises(UsageError, match=f"a row of the table {table} is not what was written"):
        load_experiment(path.parent)


def test_a_truncated_database_is_said(kept: Experiment, tmp_path: Path):
    path = tmp_path / "results" / "kept" / DATABASE
    whole, rng = path.read_bytes(), random.Random(6)
    for length in [1, 99, 100, 512, 4096, 8192, len(whole) - 4096, *(rng.randrange(1, len(whole)) for _ in range(40))]:
        path.write_bytes(whole[:length])
        assert is_refused(path.parent, kept), length


@pytest.mark.parametrize("fault", ["flipped", "truncated"])
def test_a_damaged_database_is_one_line_and_exit_2_for_every_command(
    bench: Bench, kept: Experiment, tmp_path: Path, fault: str
):
    path = tmp_path / "results" / "kept" / DATABASE
    whole = path.read_bytes()
    at = whole.rindex(b"analytic")
    path.write_bytes(whole[: len(whole) // 2] if fault == "truncated" else whole[:at] + b"b" + whole[at + 1 :])
    damaged = path.read_bytes()
    flags = [f"--{name}={value}" for name, value in SETTINGS.items()]
    for words in (["run", *flags], ["report", "kept"]):
        done = bench(*words)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert done.stderr.count("error: ") == 1
        assert done.stderr.splitlines()[-1].startswith("error: ")
        assert "is damaged" in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
        assert path.read_bytes() == damaged
        assert {file.suffix for file in path.parent.iterdir()} <= {".db", "", ".db-shm", ".db-wal"}  # no table, no page


@pytest.mark.parametrize("size_kb", [100, 160, 240])
def test_a_full_disk_is_one_line_and_the_same_command_goes_on(bench: Bench, hostile: str, tmp_path: Path, size_kb: int):
    settings = {**SETTINGS, "problems": f"sphere,{hostile}:works", "trials": 40}
    flags = [f"--{name}={value}" for name, value in settings.items()]
    undisturbed = run_experiment(settings, executor="serial", results=tmp_path / "undisturbed")
    disk = tmp_path / "disk"
    with mounted(disk, f"size={size_kb}k"):
        done = bench("run", *flags, f"--results={disk}", "--jobs=2")
        assert done.returncode == 2, done.stderr
        last = done.stderr.splitlines()[-1]
        assert last.startswith("error: cannot use")
        assert "full" in last or "I/O" in last
        assert "free space" in last
        assert done.stderr.count("error: ") == 1
        assert "Traceback" not in done.stderr
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        if size_kb > 200:  # there was room for a beginning
            stored = load_experiment(disk / "kept").trials
            assert 0 < len(stored) < len(undisturbed.trials)
        assert_same_tables(run_experiment(settings, jobs=2, results=disk), undisturbed)


def test_a_read_only_folder_is_one_line_and_what_it_holds_can_be_read(bench: Bench, tmp_path: Path):
    disk = tmp_path / "disk"
    flags = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with mounted(disk, "size=100m"):
        whole = run_experiment(SETTINGS, executor="serial", results=disk)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert_same_tables(load_experiment(disk / "kept"), whole)
        for words in (["run", *flags], ["run", *flags, "--name=other"], ["report", "kept"]):
            done = bench(*words, f"--results={disk}")
            assert done.returncode == 2, done.stderr
            assert done.stderr.splitlines()[-1].startswith("error: ")
            assert "Read-only file system" in done.stderr.splitlines()[-1]
            assert "Traceback" not in done.stderr
        done = bench("export", "kept", "--to=csv", f"--output={tmp_path / 'elsewhere'}", f"--results={disk}")
        assert done.returncode == 0, done.stderr


def test_a_second_driver_is_refused_in_one_line_while_the_first_goes_on(bench: Bench, hostile: str, tmp_path: Path):
    settings = {**SETTINGS, "problems": f"{hostile}:works", "trials": 20, "seeds": 4}
    flags = [f"--{name}={value}" for name, value in settings.items()]
    first = subprocess.Popen(
        [sys.executable, "-m", "bench", "run", *flags, "--jobs=1"],
        cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while first.poll() is None and not is_begun(tmp_path / "results" / "kept"):
            time.sleep(0.05)
        second = bench("run", *flags, "--jobs=1")
        still_there = first.poll() is None
        assert (second.returncode, second.stdout) == (2, "")
        assert second.stderr.splitlines()[-1].startswith("error: another run is writing to results/kept")
        assert second.stderr.count("error: ") == 1
        assert still_there
        _, stderr = first.communicate(timeout=300)
        assert first.returncode == 0, stderr
    finally:
        first.kill()
        first.wait()
    undisturbed = run_experiment(settings, executor="serial", results=tmp_path / "undisturbed")
    assert_same_tables(load_experiment(tmp_path / "results" / "kept"), undisturbed)


def is_begun(folder: Path) -> bool:
    try:
        return len(load_experiment(folder).trials) > 0
    except UsageError:
        return False


def test_a_driver_that_died_before_its_first_commit_left_nothing_in_the_way(tmp_path: Path):
    """SQLite writes a page of its own when it is told to keep a journal, before there is any table."""
    folder = tmp_path / "kept"
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert (folder / DATABASE).stat().st_size > 0
    with pytest.raises(UsageError, match="holds nothing yet"):
        load_experiment(folder)
    begun = run_experiment(SETTINGS, executor="serial", results=tmp_path)
    assert_same_tables(begun, run_experiment(SETTINGS, executor="serial", results=tmp_path / "fresh"))


def test_a_table_that_does_not_belong_there_is_not_built_upon(kept: Experiment, tmp_path: Path):
    """A database that lost its list of tables is damaged, not new."""
    path = tmp_path / "results" / "kept" / DATABASE
    content = bytearray(path.read_bytes())
    content[103:105] = b"\0\0"  # the number of tables, as the first page says
    path.write_bytes(content)
    for use in (lambda: load_experiment(path.parent), lambda: run_experiment(SETTINGS, results=path.parent.parent)):
        with pytest.raises(UsageError, match="is damaged"):
            use()
    assert path.read_bytes() == content
