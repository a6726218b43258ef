"""What identifies the code that a run hangs on, so that no run is done by another one than was planned."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

from bench.environment import installed_packages, versions
from bench.records import RunKey
from bench.tables import version_of
from problems.registry import problem_entry

Code: TypeAlias = Mapping[str, str]  # what it is of, and what identifies it

OURS = "search-bench"
FLOORS = ("bench", "strategies", "problems")


def code_of(key: RunKey) -> Code:
    """The code of `key` as it is here: of its strategy, pruner and problem, of the libraries below them, and ours."""
    problem = problem_entry(key.problem)
    own = {key.problem: problem.fingerprint or problem.needs.version() or OURS}
    return {**libraries(), **own, key.strategy: version_of(key.strategy, key.pruner)}


def other_code(key: RunKey, asked: Code) -> str:
    """The first difference between the code that is `asked` for and ours, in words; empty where there is none.

    A library that one of the two lacks is none, for the run may well do without it.
    """
    try:
        here = code_of(key)
    except KeyError as error:  # a user's file that is not there
        return str(error.args[0])
    different = (name for name, code in asked.items() if here.get(name, code) != code)
    name = next(different, None)
    return "" if name is None else f"has {name} as {here[name]}, not as {asked[name]}; install the same on every node"


@cache
def libraries() -> Code:
    """The libraries that numbers may hang on, without what says for which device they were built; and our own files."""
    found = {name: text.partition("+")[0] for name, text in versions(installed_packages()).items()}
    return {**found, OURS: f"{found.get(OURS, 'a checkout')} ({own_files()})"}


def own_files() -> str:
    """A hash of our source, which two checkouts of one version may differ in."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for path in sorted(path for floor in FLOORS for path in (root / floor).rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
