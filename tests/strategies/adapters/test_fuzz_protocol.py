"""Whatever a process writes where an answer belongs: a config of the space, or one clear reason; and the other way."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies.adapters
from bench.experiment import run_experiment
from strategies.adapters.child_process import LONGEST_LINE, Child, ProcessFailed, parse_answer
from strategies.adapters.process_adapter import ProcessStrategy
from strategies.base import Exhausted
from strategies.testing import SPACES
from tests.faults import befell

ANSWER = b'{"config": {"x": 0.5, "y": 1e-3}, "id": 0, "note": ["\\u00e9", null, true, -1.5E+3]}'
SPACE = SPACES["two floats"]


class Scripted(Child):
    """A child without a process: it answers with the lines that it was given, the two of the beginning apart."""

    def __init__(self, line: bytes) -> None:
        self._name, self._lines, self._unasked = "scripted", b"", [b'{"protocol": 1}', b"{}", line]
        self._end = self  # type: ignore[assignment]

    alive = True

    def _write(self, data: bytes) -> None:
        json.loads(data)

    def _line(self) -> bytes:
        return self._unasked.pop(0)

    def failed(self, what: str) -> ProcessFailed:
        return ProcessFailed(f"{self._name} {what}")

    def close(self, message: object) -> None:
        """There is nothing to end."""


def ask(line: bytes) -> None:
    """Hold what comes of an answer to what is promised: a value of the space, nothing left, or a line of reason."""
    befell("a fuzzed line of a process")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("strategies.adapters.process_adapter.Child", lambda command, **options: Scripted(line))
        strategy = ProcessStrategy(SPACE, budget=5, rng=np.random.default_rng(0), command=["scripted"])
        reason = "scripted answered 'ask' "
        try:
            SPACE.validate(strategy.ask().config)
        except Exhausted:
            pass
        except ProcessFailed as failure:
            reason = str(failure)
        assert reason.startswith("scripted answered 'ask' ")
        assert len(reason) < 4000


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["config", "x", "y", "id", "error", "exhausted"]) | st.text(), inner)
    ),
)


@given(st.binary() | JSON.map(lambda form: json.dumps(form).encode()) | st.text().map(lambda text: text.encode()))
def test_any_line(line: bytes):
    ask(line.replace(b"\n", b" "))


@given(st.lists(st.tuples(st.integers(0, len(ANSWER) - 1), st.binary(max_size=3)), min_size=1, max_size=4))
def test_an_answer_with_other_bytes(changes: list[tuple[int, bytes]]):
    line = ANSWER
    for place, other in changes:
        line = line[:place] + other + line[place + 1 :]
    ask(line)


def test_the_answer_that_is_mutated_is_one():
    assert parse_answer(ANSWER)["config"] == {"x": 0.5, "y": 0.001}


@pytest.mark.parametrize(("opening", "closing"), [(b'{"a":', b"}"), (b"[", b"]")])
@pytest.mark.parametrize("field", [b"config", b"id", b"error", b"exhausted", b"other"])
def test_lists_in_lists_in_lists(opening: bytes, closing: bytes, field: bytes):
    for depth in (1, 100, 300, *range(800, 1010, 5), 10_000):
        ask(b'{"%s": %s1%s}' % (field, opening * depth, closing * depth))


GARBAGE: dict[str, tuple[str, str]] = {  # what a real child writes instead of its first answer -> what is said of it
    "not UTF-8": (r"b'\xff\xfe\xfa'", "which is no JSON"),
    "UTF-16": ("'{}'.encode('utf-16')", "which is no JSON"),
    "NUL": (r"b'\0' * 100", "which is no JSON"),
    "an empty line": ("b''", "which is no JSON"),
    "half an object": ("b'{\"config\": {'", "which is no JSON"),
    "too deep": ("b'[' * 100_000", "which is no JSON"),
    "too long": (f"b'x' * {LONGEST_LINE + 2}", f"a line of more than {LONGEST_LINE} bytes"),
    "too many digits": ("b'{\"config\": ' + b'1' * 5000 + b'}'", "which is no JSON"),
    "NaN": ('b\'{"config": {"x1": NaN, "x2": Infinity}}\'', "nan is not a value"),
    "1e400": ('b\'{"config": {"x1": 1e400, "x2": 0}}\'', "inf is not a value"),
    "a field twice": ('b\'{"config": {"x1": 0, "x1": 1, "x2": 0}}\'', "which names a field twice"),
    "the wrong id": ('b\'{"id": 7, "config": {"x1": 0, "x2": 0}}\'', "answered 'ask' 0 with the id 7"),
    "a config of text": ('b\'{"config": {"x1": "0", "x2": 0}}\'', "'0' is not a value"),
    "a list": ("b'[]'", "which is no JSON object"),
    "an error in HTML and escapes": (r"b'{\"error\": \"<script>\\u001b[31m\\ud800\"}'", "with the error: <script>"),
}
CHILD = """
import sys
sys.stdin.readline(); print('{"protocol": 1}', flush=True); sys.stdin.readline(); print('{}', flush=True)
sys.stdin.readline(); sys.stdout.buffer.write(%s + b'\\n'); sys.stdout.flush(); sys.stdin.readline()
"""


def test_garbage_from_a_real_child_is_a_failed_run_with_one_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    names = []
    for number, (code, _) in enumerate(GARBAGE.values()):
        Path(f"{number}.py").write_text(CHILD % code)
        names.append(f"exec:{sys.executable} {number}.py")
    experiment = run_experiment(
        problems="sphere", dims="2", strategies=[*names, "random"], trials=3, seeds=1, executor="serial"
    )
    assert experiment.runs["status"].tolist() == ["failed"] * len(names) + ["done"]
    for name, run, (_, says) in zip(GARBAGE, experiment.runs.itertuples(), GARBAGE.values(), strict=False):
        reason = str(run.error).strip().splitlines()[-1]
        assert says in reason, name
        assert len(reason) < 4000


def test_a_child_that_never_reads_and_always_writes_does_not_fill_the_memory():
    flood = "import os\nwhile True: os.write(1, b'x' * 65536)"
    child = Child([sys.executable, "-c", flood], timeout_s=1.5)
    with pytest.raises(ProcessFailed, match=r"did not read|more than"):
        child.request({"call": "start", "space": "x" * 2**20})
    assert len(child._lines) <= LONGEST_LINE + 1


SERVER = """
import sys
sys.path.insert(0, sys.argv[1])
from child_main import answer_lines
class Searcher:
    def ask(self): return {"config": {}}
    def tell(self, number, value): pass
    def adopt(self, config, told): pass
answer_lines("fuzzed", lambda message: Searcher())
"""


def speak(lines: list[bytes]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", SERVER, str(Path(strategies.adapters.__file__).parent)],
        input=b"\n".join(lines) + b"\n", capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_our_children_answer_garbage_with_an_error():
    rng = np.random.default_rng(0)
    noise = [rng.bytes(int(length)).replace(b"\n", b" ") for length in rng.integers(0, 200, 500)]
    known = [
        b"[]",
        b"1",
        b"null",
        b"{}",
        b'{"call": 1}',
        b'{"call": "no"}',
        b'{"call": "ask", "id": 0}',
        b"[" * 100_000,
    ]
    answers = speak([*noise, *known, b'{"call": "start"}', b'{"call": "tell"}', b'{"call": "hello"}'])
    assert len(answers) == len(noise) + len(known) + 3
    assert all(set(answer) == {"error"} for answer in answers[:-3])
    assert (answers[-3], set(answers[-2]), answers[-1]["name"]) == ({}, {"error"}, "fuzzed")
