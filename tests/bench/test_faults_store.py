"""What can befall a store: a full disk, a read-only folder, a second driver, truncation, flipped bits, a lost start."""

import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
import pytest

from bench.database import DATABASE
from bench.errors import UsageError
from bench.experiment import Experiment, load_experiment, run_experiment
from tests.bench.conftest import Bench, assert_same_tables, changed, environment, lost
from tests.faults import befell

SETTINGS = {"problems": "sphere", "dims": "2,3", "strategies": "grid,random", "trials": 9, "seeds": 2, "name": "kept"}
SIZES_KB = (100, 160, 240)  # of a disk that this experiment fills
Often = Callable[[int, int], int]


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


def is_refused(fault: str, path: Path, damaged: bytes, kept: Experiment) -> bool:
    """Whether a database with the content `damaged` is refused; where it is not, it shows what was `kept`."""
    path.write_bytes(damaged)
    try:
        shown = load_experiment(path.parent)
    except UsageError:
        befell(fault, lost=0 if path.read_bytes() == damaged else len(kept.trials))  # it was left as it is
        return True
    befell(fault, lost=lost(kept.trials, shown.trials), changed=changed(shown, kept))
    assert shown.trials.equals(kept.trials)  # times, too
    assert (shown.spec, shown.environment) == (kept.spec, kept.environment)
    assert shown.skips.equals(kept.skips)
    return False


def test_a_flipped_bit_is_said_or_harmless_and_never_shown_as_a_result(kept: Experiment, often: Often, tmp_path: Path):
    path = tmp_path / "results" / "kept" / DATABASE
    whole, rng = path.read_bytes(), random.Random(6)
    flips = often(400, 3000)
    refused = 0
    for _ in range(flips):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        refused += is_refused("a flipped bit", path, damaged, kept)
    assert refused > flips / 10  # the rest lies in parts of pages that hold nothing


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


@pytest.mark.parametrize("column", ["problem", "status", "reason", "config"])
def test_a_letter_of_a_column_that_became_large_is_no_other_column(kept: Experiment, tmp_path: Path, column: str):
    """One bit: to SQLite the names are the same."""
    path = tmp_path / "results" / "kept" / DATABASE
    whole = path.read_bytes()
    places = [match.start() for match in re.finditer(rf"\b{column}\b".encode(), whole[:4096])]  # the list of tables
    assert places
    for at in places:
        is_refused("a flipped bit", path, whole[:at] + bytes([whole[at] ^ 32]) + whole[at + 1 :], kept)


def test_a_truncated_database_is_said(kept: Experiment, often: Often, tmp_path: Path):
    path = tmp_path / "results" / "kept" / DATABASE
    whole, rng = path.read_bytes(), random.Random(6)
    lengths = [rng.randrange(1, len(whole)) for _ in range(often(40, 400))]
    for length in [1, 99, 100, 512, 4096, 8192, len(whole) - 4096, *lengths]:
        assert is_refused("a truncated database", path, whole[:length], kept), length


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


def test_a_full_disk_is_one_line_and_the_same_command_goes_on(bench: Bench, hostile: str, often: Often, tmp_path: Path):
    settings = {**SETTINGS, "problems": f"sphere,{hostile}:works", "trials": 40}
    flags = [f"--{name}={value}" for name, value in settings.items()]
    undisturbed = run_experiment(settings, executor="serial", results=tmp_path / "undisturbed")
    for size_kb in [*SIZES_KB, *range(102, 102 + 8 * often(0, 12), 8)]:
        disk = tmp_path / f"disk of {size_kb}"
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
            stored = stored_trials(disk / "kept")
            assert len(stored) < len(undisturbed.trials)
            if size_kb > 200:  # there was room for a beginning
                assert len(stored) > 0
            resumed = run_experiment(settings, jobs=2, results=disk)
            befell("a full disk", lost=lost(stored, resumed.trials), changed=changed(resumed, undisturbed))
            assert_same_tables(resumed, undisturbed)


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
        after = load_experiment(disk / "kept")
        befell("a read-only folder", 4, lost=lost(whole.trials, after.trials), changed=changed(after, whole))


def test_a_second_driver_is_refused_in_one_line_while_the_first_goes_on(
    bench: Bench, hostile: str, often: Often, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tries = often(1, 10)
    settings = {**SETTINGS, "problems": f"{hostile}:works", "trials": 20, "seeds": 4 + 2 * tries}
    flags = [f"--{name}={value}" for name, value in settings.items()]
    first = subprocess.Popen(
        [sys.executable, "-m", "bench", "run", *flags, "--jobs=1"],
        cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while first.poll() is None and stored_trials(tmp_path / "results" / "kept").empty:
            time.sleep(0.05)
        for _ in range(tries):
            second = bench("run", *flags, "--jobs=1")
            still_there = first.poll() is None
            assert (second.returncode, second.stdout) == (2, "")
            assert second.stderr.splitlines()[-1].startswith("error: another run is writing to results/kept")
            assert second.stderr.count("error: ") == 1
            assert still_there
        stored = stored_trials(tmp_path / "results" / "kept")
        _, stderr = first.communicate(timeout=300)
        assert first.returncode == 0, stderr
    finally:
        first.kill()
        first.wait()
    monkeypatch.setenv("CALM", "yes")  # the same values, without the time that they took
    undisturbed = run_experiment(settings, executor="serial", results=tmp_path / "undisturbed")
    done = load_experiment(tmp_path / "results" / "kept")
    befell("a second driver", tries, lost=lost(stored, done.trials), changed=changed(done, undisturbed))
    assert_same_tables(done, undisturbed)


def stored_trials(folder: Path) -> pd.DataFrame:
    """The trials in `folder`; none where it could not even be begun."""
    try:
        return load_experiment(folder).trials
    except UsageError:
        return pd.DataFrame()


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
