"""Whatever words follow `python -m bench`: one of four exit codes, a line for what is wrong, and nothing half-done."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from bench.cli import BAD_USAGE, DONE, INTERRUPTED, SOME_FAILED, app, main
from bench.experiment import load_experiment, run_experiment
from bench.limits import LONGEST_COMPLAINT
from problems.user_files import VARIABLE
from tests.bench.conftest import changed, environment, lost
from tests.faults import befell

SMALL = {"problems": "sphere", "dims": "2", "strategies": "random", "trials": 3, "seeds": 1, "name": "small"}
NOTHING_RUNS = ["--problems=sphere", "--strategies=random", "--dims=2", "--trials=3", "--seeds=1", "--time-limit=0"]
# What would take hours, ask the network, or start a process for each example.
TOO_DEAR = {"--all", "--full", "--help", "--host"}
NASTY = [
    *("", " ", "-", "--", "---", "0", "-1", "1e400", "nan", "inf", "-inf", "1e300", "9" * 400, "0x10", "1_0", "١", "²"),
    *("..", ".", "/", "//", "../..", "../../etc/passwd", "/etc/passwd", "results/small", "small/", "./small", "~"),
    *("a\nb", "a\tb", "\r", "\x1b[31mred", "\x1b]0;title\x07", "\u202egnp", "\u2028", "é", "😀", "\udcff", "\x85", "|"),
    *("*", "**", "a**", "[", "[a", "?", "***", "[red]x[/foo]", "[/]", ":x:", "$(id)", "`id`", "%s", "{0}", "{", "\\"),
    *("<script>alert(1)</script>", "../../x<script>", "x" * 300, "x" * 5000, ",", ",,", "a,", "all", "none", "random,"),
    *("random@", "random@0", "random@1@2", "@", "exec:", "exec:'", "exec:/no", ":", "::", ".py:", ".py:x", "a.py:b"),
    *("os:", "..x:y", "__main__:x", "1..", "..1", "2..1", "1..1000000", "999999d", "5%", "0%", "101%", "1/0", "2/1"),
]
WORDS = st.sampled_from(NASTY) | st.text(max_size=12)


def commands() -> dict[str, list[str]]:
    """Every command with its flags, as the program has them."""
    found = typer.main.get_command(app)
    return {
        name: sorted({flag for parameter in command.params for flag in parameter.opts if flag.startswith("--")})
        for name, command in found.commands.items()  # type: ignore[attr-defined]
    }


COMMANDS = commands()


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """A command, some of its flags, mostly with values that are none, and words where names belong."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    flags = st.sampled_from([flag for flag in COMMANDS[name] if flag not in TOO_DEAR] or ["--x"])
    words = draw(st.lists(WORDS, max_size=2))
    for flag, value, together in draw(st.lists(st.tuples(flags, WORDS, st.booleans()), max_size=3)):
        words += [f"{flag}={value}"] if together else [flag, value]
    if name == "run":
        words = [*NOTHING_RUNS, *words, "--time-limit=0", "--executor=serial"]
    if name == "export" and draw(st.booleans()):
        words = ["small", "--to=csv", *words]
    if name in ("check", "list"):  # what can be loaded is tried in a process of its own
        words = [word.replace(":", ";") for word in words]
    return [name, *words]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of a user, with a small finished experiment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "")  # which `--data` sets
        patch.setenv("COLUMNS", "200")
        patch.chdir(tmp_path_factory.mktemp("user"))
        patch.setattr("werkzeug.serving.BaseWSGIServer.serve_forever", interrupted)
        patch.setattr("webbrowser.open", lambda address: True)
        run_experiment(SMALL, executor="serial")
        yield Path.cwd()


def interrupted(server: object) -> None:
    """What `explore` would do for ever."""
    raise KeyboardInterrupt


def snapshot(folder: Path) -> dict[Path, int]:
    """Every file, but the shared memory of SQLite, which readers touch too."""
    return {
        path: path.stat().st_mtime_ns
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".db-shm", ".db-wal")
    }


def call(words: list[str]) -> tuple[int, str, str]:
    """Exit code, stdout, stderr of a command in this process."""
    stdout, stderr = StringIO(), StringIO()
    with redirect_stdout(stdout), redirect_stderr(stderr):
        code = main(words)
    return code, stdout.getvalue(), stderr.getvalue()


def check(words: list[str], folder: Path) -> int:
    """Hold a command to what is promised of every command; returns its exit code."""
    before, stored = snapshot(folder), load_experiment(folder / "results" / "small")
    code, stdout, stderr = call(words)
    after = load_experiment(folder / "results" / "small")
    befell("a fuzzed command line", lost=lost(stored.trials, after.trials), changed=changed(after, stored))
    assert code in (DONE, SOME_FAILED, BAD_USAGE, INTERRUPTED)
    said = stdout + stderr
    assert "Traceback" not in said
    assert all(sign.isprintable() or sign in "\n\t" for sign in said), "something in it steers the terminal"
    complaints = [line for line in stderr.splitlines() if line.startswith("error:")]
    assert len(complaints) == (code == BAD_USAGE)
    if code == BAD_USAGE:
        assert stderr.endswith(f"{complaints[0]}\n")
        assert len(complaints[0]) < LONGEST_COMPLAINT + 10
        assert snapshot(folder) == before
    return code


@given(words=command_lines())
def test_any_command_line(scratch: Path, words: list[str]):
    check(words, scratch)


@given(words=st.lists(WORDS | st.sampled_from(["report", "merge", "verify", "export"]), max_size=4))
def test_any_words(scratch: Path, words: list[str]):
    check(words, scratch)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["merge", "a**", "--name", "x"], BAD_USAGE),
        (["doctor", "--results", "[red]x[/foo]"], DONE),
        (["doctor", "--results", "\udcff"], DONE),
        (["report", ".."], BAD_USAGE),
        (["report", ""], BAD_USAGE),
        (["verify", ".."], BAD_USAGE),
        (["export", "..", "--to", "csv"], BAD_USAGE),
        (["export", "small", "--to", "csv", "--output", "/"], BAD_USAGE),
        (["export", "small", "--to", "csv", "--output", ".."], BAD_USAGE),
        (["report", "x" * 5000], BAD_USAGE),
        (["report", "\x1b[31m"], BAD_USAGE),
        (["check", "random", "--timeout", "inf"], BAD_USAGE),
        (["check", "random", "--timeout", "1e300"], BAD_USAGE),
        (["verify", "small", "--jobs", "1000000"], BAD_USAGE),
        (["plan", "--problems", "__main__:__name__", "--strategies", "random"], BAD_USAGE),
        (["run", "--trial-timeout", "1e300"], BAD_USAGE),
        (["plan", "--dims", "1..1000", "--seeds", "10000", "--strategies", "random"], BAD_USAGE),
        (["run", *NOTHING_RUNS, "--name=none", "--executor=serial"], DONE),
        (["explore"], DONE),
    ],
    ids=lambda value: " ".join(value)[:60].encode("unicode_escape").decode() if isinstance(value, list) else "",
)
def test_faults_that_were_found(scratch: Path, words: list[str], code: int):
    assert check(words, scratch) == code


def test_an_export_to_a_folder_that_is_given_as_a_dot(scratch: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A path without a name: nothing can be written beside it."""
    monkeypatch.chdir(tmp_path)
    for output in ("", "."):
        code = check(["export", "small", "--to=csv", f"--output={output}", f"--results={scratch / 'results'}"], scratch)
        assert code in (DONE, BAD_USAGE)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([b"report", b"\xff\xfe"], 2),
        ([b"run", b"--name", b"\x1b[31m"], 2),
        ([b"merge", b"a**", b"--name", b"x"], 2),
        ([b"plan", b"--strategies", "../../x<script>‮".encode()], 2),
        ([b"run", b"--config", b"/dev/zero"], 2),
        ([b"doctor"], 0),
    ],
    ids=lambda words: repr(words)[:40],
)
def test_as_a_user_meets_it_on_a_terminal_that_knows_ascii_alone(tmp_path: Path, words: list[bytes], code: int):
    done = subprocess.run(
        [sys.executable, "-m", "bench", *words],
        cwd=tmp_path, env=environment(PYTHONIOENCODING="ascii"), capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == (code == 2)
    assert (done.stdout + done.stderr).isascii()
    assert list(tmp_path.iterdir()) == []
