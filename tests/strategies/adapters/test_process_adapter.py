"""Strategies in other processes: the examples of the documentation, and children that misbehave."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.experiment import run_experiment
from problems.space import Config, Float, Int, SearchSpace
from problems.space_form import config_as_json, config_from_json, space_as_json
from strategies.adapters.child_process import Child, ProcessFailed
from strategies.adapters.process_adapter import ProcessStrategy
from strategies.base import Exhausted
from strategies.registry import strategy_entry
from strategies.testing import CHECKS, SPACES, search

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
COMMANDS = {
    "python": f"exec:{sys.executable} {EXAMPLES / 'hill_climber.py'}",
    "node": f"exec:node {EXAMPLES / 'random_search.js'}",
}
HELLO = """
import json, os, signal, sys, time
def say(answer): print(json.dumps(answer), flush=True)
def listen(): return json.loads(sys.stdin.readline())
listen(); say({"protocol": 1}); space = listen()["space"]; say({})
"""


def make(code: str, *, before: str = HELLO, timeout_s: float = 20.0) -> ProcessStrategy:
    return ProcessStrategy(
        SPACES["two floats"], budget=5, rng=np.random.default_rng(0),
        command=[sys.executable, "-c", before + code], timeout_s=timeout_s,
    )  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
@pytest.mark.parametrize("language", COMMANDS)
def test_the_examples_keep_the_contract(language: str, check):
    if language == "node" and shutil.which("node") is None:
        pytest.skip("needs node")
    check(strategy_entry(COMMANDS[language]).make)


def test_the_seed_of_a_run_reaches_the_child():
    entry = strategy_entry(COMMANDS["python"])
    runs = [search(entry.make(SPACES["mixed"], budget=13, rng=np.random.default_rng(seed))) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("sys.exit(3)", ["exit code 3", "nothing to stderr"]),
        ("os.kill(os.getpid(), signal.SIGKILL)", ["signal 9"]),
        ("listen(); raise RuntimeError('no surrogate')", ["exit code 1", "RuntimeError: no surrogate"]),
        ("listen(); print('hello', flush=True)", ["no JSON", "hello"]),
        ("listen(); print('[1]', flush=True)", ["no JSON object"]),
        ("listen(); say({'error': 'out of ideas'})", ["'ask'", "out of ideas"]),
        ("listen(); say({'config': {'x': 0.5}})", ["exactly the parameters", "['x']"]),
        ("listen(); say({'config': {'x': 0.5, 'y': 7}})", ["7 is not a value"]),
        ('listen(); print(\'{"config": {"x": NaN, "y": 1e400}}\', flush=True)', ["nan is not a value"]),
        ("listen(); say({})", ["exactly the parameters", "None"]),
        ("listen(); print('x' * 2_000_000, flush=True)", ["a line of more than"]),
        ("listen(); os.close(1); time.sleep(60)", ["ended its output"]),
    ],
)
def test_a_child_that_misbehaves_is_an_error_that_says_how(code: str, says: list[str]):
    strategy = make(code)
    with pytest.raises(ProcessFailed) as raised:
        strategy.ask()
    for said in says:
        assert said in str(raised.value)
    strategy.close()


def test_a_child_that_hangs_is_killed_with_all_that_it_started(tmp_path: Path):
    mark = tmp_path / "still-here"
    grandchild = f"import time, pathlib; time.sleep(2); pathlib.Path({str(mark)!r}).touch()"
    strategy = make(
        f"import subprocess; subprocess.Popen([sys.executable, '-c', {grandchild!r}]); time.sleep(60)", timeout_s=0.5
    )
    begun = time.monotonic()
    with pytest.raises(ProcessFailed, match=r"no answer within 0\.5 s"):
        strategy.ask()
    assert time.monotonic() - begun < 10
    time.sleep(2.5)
    assert not mark.exists()


def test_a_flood_on_stderr_neither_blocks_nor_fills_the_memory():
    strategy = make("listen(); sys.stderr.write('x' * 50_000_000 + 'the end'); sys.exit(1)")
    with pytest.raises(ProcessFailed) as raised:
        strategy.ask()
    assert "xthe end\n" in str(raised.value)
    assert str(raised.value).endswith("ended with exit code 1")
    assert len(str(raised.value)) < 10_000


@pytest.mark.parametrize(
    ("hello", "says"),
    [({"protocol": 2}, "speaks protocol 2, expected 1"), ({"protocol": 1, "categorical": False}, "no categorical")],
)
def test_what_the_child_cannot_do_is_said_at_once(hello: dict[str, object], says: str):
    code = f"import json; input(); print({json.dumps(hello)!r}, flush=True); input()"
    with pytest.raises(ProcessFailed, match=says):
        ProcessStrategy(
            SPACES["mixed"], budget=5, rng=np.random.default_rng(0), command=[sys.executable, "-c", code], timeout_s=20
        )


def test_a_command_that_cannot_be_started():
    with pytest.raises(ProcessFailed, match="cannot start '/no/such/program'"):
        Child(["/no/such/program"], timeout_s=1)


def test_what_is_not_read_is_not_waited_for_for_ever():
    space = SearchSpace(tuple(Float(f"parameter-{i}", 0, 1) for i in range(2000)))  # more than a pipe holds
    code = "import json, time; input(); print(json.dumps({'protocol': 1}), flush=True); time.sleep(60)"
    with pytest.raises(ProcessFailed, match="did not read"):
        ProcessStrategy(
            space, budget=5, rng=np.random.default_rng(0), command=[sys.executable, "-c", code], timeout_s=2
        )


def test_more_than_an_answer_is_an_error_and_so_is_asking_the_dead():
    strategy = make("listen(); print('{}\\n{}', flush=True); listen()")
    with pytest.raises(ProcessFailed, match="more than a line"):
        strategy.ask()
    with pytest.raises(ProcessFailed, match="ended before"):
        strategy.ask()
    strategy.close()


def test_a_child_does_not_outlive_the_process_that_started_it(tmp_path: Path):
    mark = tmp_path / "pid"
    child = f"import os, pathlib, time; pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); time.sleep(60)"
    parent = (
        "import sys; from strategies.adapters.child_process import Child; "
        f"Child([sys.executable, '-c', {child!r}], timeout_s=60).request({{'call': 'hello'}})"
    )
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", parent], cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    while not (mark.exists() and mark.read_text()):
        time.sleep(0.05)
    process.kill()
    process.wait()
    for _ in range(100):
        if not alive(int(mark.read_text())):
            break
        time.sleep(0.05)
    assert not alive(int(mark.read_text()))


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_number_too_large_for_a_float_is_no_value():
    with pytest.raises(ValueError, match="is not a value"):
        config_from_json(SearchSpace((Float("x", 0, 1),)), {"x": 10**400})


def test_exhausted_is_no_error():
    strategy = make("listen(); say({'exhausted': True}); listen()")
    with pytest.raises(Exhausted):
        strategy.ask()
    strategy.close()


def test_a_strategy_that_nobody_closed_leaves_no_child():
    strategy = make("listen()")
    child = strategy._child._process
    del strategy
    assert child.poll() is not None


@pytest.mark.parametrize("name", SPACES)
def test_configs_come_back_as_they_were(name: str):
    space, rng = SPACES[name], np.random.default_rng(0)
    for _ in range(20):
        config: Config = space.sample(rng)
        form = json.loads(json.dumps(config_as_json(space, config)))
        assert repr(config_from_json(space, form)) == repr(config)
    assert [p["name"] for p in json.loads(json.dumps(space_as_json(space)))] == list(space.names)


def test_numbers_of_languages_with_one_kind_of_them():
    space = SearchSpace((Float("x", 0, 2), Int("n", 1, 5)))
    assert repr(config_from_json(space, {"n": 3.0, "x": 1})) == "{'x': 1.0, 'n': 3}"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(SPACES["mixed"].names) | st.text(), inner),
    )
)
def test_whatever_a_child_says_is_a_config_or_a_value_error(form: object):
    try:
        config = config_from_json(SPACES["mixed"], form)
    except ValueError:
        return
    SPACES["mixed"].validate(config)


SPY = """
import json, os, sys
def answer(**said): print(json.dumps(said), flush=True)
for line in sys.stdin:
    call = json.loads(line)["call"]
    if call == "hello": answer(protocol=1)
    if call == "start": answer()
    if call == "ask": answer(error=f"PYTHONPATH is {os.environ.get('PYTHONPATH')}")
"""


@pytest.mark.parametrize("set_to", ["/their/packages", None])
def test_a_worker_does_not_hand_its_own_packages_on_to_a_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, set_to: str | None
):
    """They would be found before those of the environment that the process lives in."""
    (tmp_path / "spy.py").write_text(SPY)
    if set_to is None:
        monkeypatch.delenv("PYTHONPATH", raising=False)
    else:
        monkeypatch.setenv("PYTHONPATH", set_to)
    command = f"exec:{sys.executable} {tmp_path / 'spy.py'}"
    runs = run_experiment(
        strategies=[command], problems="sphere", dims="2", trials=2, seeds=1, jobs=1, name="spied", results=tmp_path
    ).runs
    assert f"PYTHONPATH is {set_to}" in runs["error"].iloc[0]
