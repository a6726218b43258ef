"""`python -m bench explore` as a user starts it, and what it says where it cannot start."""

import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

import bench.commands.explore as command
from bench.errors import UsageError
from bench.explore.server import LOOPBACK, first_free
from problems.entries import Needs

EXPLORE = [sys.executable, "-m", "bench", "explore", "--no-browser", "--results"]


def test_it_prints_its_address_serves_and_ends_with_ctrl_c(tmp_path: Path):
    port = first_free("127.0.0.1")
    arguments = [*EXPLORE, str(tmp_path / "none yet"), "--port", str(port)]
    server = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address == f"http://localhost:{port}/"
        with urlopen(address) as answer:
            assert b"search-bench" in answer.read()
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        second = subprocess.run(arguments, capture_output=True, text=True)
        assert (second.returncode, second.stdout) == (2, "")
        assert len(second.stderr.splitlines()) == 1
        assert f"port {port}" in second.stderr
        assert "--port" in second.stderr
    finally:
        server.send_signal(signal.SIGINT)
        said = server.communicate(timeout=30)[1]
    assert server.returncode == 0
    assert "Traceback" not in said
    assert "Ctrl-C" in said


@pytest.mark.parametrize("host", ["256.1.1.1", "<no such host>", f"{64 * 'a'}.example"])
def test_an_address_that_is_none_is_one_line(tmp_path: Path, host: str):
    told = subprocess.run([*EXPLORE, str(tmp_path), "--host", host], capture_output=True, text=True)
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1
    assert host in told.stderr
    assert "--host" in told.stderr


def test_without_dash_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(command, "DASH", Needs("explore", ("no_such_module",)))
    with pytest.raises(UsageError, match=r"search-bench\[explore\]"):
        command.explore(tmp_path, "127.0.0.1", None, browser=False)


def test_by_default_only_this_machine_is_let_in():
    told = subprocess.run([sys.executable, "-m", "bench", "explore", "--help"], capture_output=True, text=True)
    assert "127.0.0.1" in told.stdout
    assert "0.0.0.0" not in LOOPBACK
