"""Nothing that is read back is executed, and no door is opened to the network."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from strategies.registry import strategy_entry
from tests.test_house import MODULES, ROOT

# What turns bytes into code. The workers of an experiment speak pickle with their driver over a socket pair that only
# these two hold (multiprocessing.connection), which is no file, and nothing that anybody else can write to.
EXECUTING = {"pickle", "_pickle", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle", "yaml", "code"}
CALLS = {"eval", "exec", "compile", "__import__", "marshal.load", "marshal.loads"}  # marshal.dumps is for hashes only
READERS = {"read_pickle", "to_pickle", "read_hdf", "load_library", "unsafe_load"}  # of pandas, numpy, yaml


def found_in(tree: ast.AST) -> Iterator[str]:
    """What of the above a module uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in EXECUTING)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in {*EXECUTING, "marshal"}:
            yield str(node.module)
        elif isinstance(node, ast.Attribute) and node.attr in READERS:
            yield node.attr
        elif isinstance(node, ast.Call):
            yield from found_in_call(node)


def found_in_call(node: ast.Call) -> Iterator[str]:
    """`eval(…)`, `torch.load(…)` that is not of weights only, `np.load(…, allow_pickle=True)`."""
    called, given = ast.unparse(node.func), {word.arg: ast.unparse(word.value) for word in node.keywords}
    if called in CALLS:
        yield called
    if called.endswith("torch.load") and given.get("weights_only") != "True":
        yield f"{called} without weights_only=True"
    if given.get("allow_pickle", "False") != "False":
        yield f"{called} with allow_pickle"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_is_read_back_is_executed(path: Path):
    assert list(found_in(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        *("import pickle", "from pickle import loads", "import yaml", "eval('1')", "exec(text)"),
        *("torch.load(path)", "torch.load(path, weights_only=False)", "np.load(path, allow_pickle=True)"),
        *("pd.read_pickle(path)", "from marshal import loads", "marshal.loads(row)"),
    ],
)
def test_the_test_sees_what_it_is_for(code: str):
    assert len(list(found_in(ast.parse(code)))) == 1


# Listens where --host says, by default here alone: tests/bench/explore/test_server.py.
WHERE_ASKED = {
    "bench/explore/server.py": ["make_server(host, free, app.server, threaded=True)", "trial.bind((host, port))"]
}
SERVERS = {
    "make_server",
    "bind",
    "create_server",
    "start_server",
    "Listener",
    "TCPServer",
    "HTTPServer",
    "ThreadingHTTPServer",
}


def is_server(called: str) -> bool:
    owner, _, name = called.rpartition(".")
    return name in SERVERS and owner != "signature"  # a function's, which has nothing to do with sockets


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_server_of_ours_listens_beyond_this_machine(path: Path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    servers = [ast.unparse(call) for call in calls if is_server(ast.unparse(call.func))]
    beyond = [server for server in servers if "127.0.0.1" not in server and "localhost" not in server]
    assert sorted(beyond) == WHERE_ASKED.get(str(path.relative_to(ROOT)), [])


# Prepended to what every Python of an experiment imports first: it notes whoever binds a socket, or listens.
SITE = """
import os, socket, sys
def note(event, arguments):
    if event == "socket.bind":
        with open(os.environ["BOUND"], "a") as file:
            print(arguments[0].family.name, arguments[1], file=file)
sys.addaudithook(note)
"""
STRATEGIES = ("random", "optuna-tpe", "smac", "ray-optuna", "ray-random", "wandb-random", "nevergrad")


def bound(folder: Path, *words: str) -> list[str]:
    """The addresses that `words` bound, in any of its processes."""
    (folder / "sitecustomize.py").write_text(SITE)
    (folder / "bound").touch()
    path = os.pathsep.join([str(folder), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "BOUND": str(folder / "bound")}
    done = subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return (folder / "bound").read_text().splitlines()


def test_who_binds_a_socket_is_noted(tmp_path: Path):
    code = "import socket; socket.socket().bind(('0.0.0.0', 0))"
    assert bound(tmp_path, "-c", code) == ["AF_INET ('0.0.0.0', 0)"]


def test_an_experiment_binds_nothing_but_loopback(tmp_path: Path):
    """Ray's searchers and W&B's sweeps included, as far as they are installed."""
    strategies = ",".join(name for name in STRATEGIES if is_ready(name))
    (tmp_path / ".venvs").symlink_to(ROOT / ".venvs")
    small = ["--problems=sphere", "--dims=2", "--trials=4", "--seeds=1", "--jobs=1"]
    addresses = bound(tmp_path, "-m", "bench", "run", *small, f"--strategies={strategies}")
    assert [line for line in addresses if not line.startswith(("AF_UNIX", "AF_INET ('127.", "AF_INET6 ('::1'"))] == []


def is_ready(name: str) -> bool:
    return strategy_entry(name).needs.missing() is None
