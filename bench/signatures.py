"""What an instance of a problem is known by: its first look at a few fixed configs, so that nobody mixes two problems.

A problem of the table may change with our code, with a library below it, with the user's data files. A user's own is
known by the hash of its file or the version of its package instead: one look at it may take a day.
"""

import json
import sqlite3
from math import isclose

from numpy.random import Generator

from bench.evaluate import number_or_none
from bench.records import Instance, RunKey, Signature
from bench.seeding import rng_for
from problems.base import Problem
from problems.registry import problem_entry
from problems.space import Config

PROBES = 2
# Another processor may add in another order, which a training's first epoch shows in its sixth digit.
RELATIVE, ABSOLUTE = 1e-5, 1e-9


def is_signed(problem: str) -> bool:
    """Whether its instances are known by their values."""
    return not problem_entry(problem).fingerprint


def signature_of(key: RunKey, problem: Problem) -> Signature:
    """The values at the probe points, noise included; the same for every strategy that meets this instance."""
    points = rng_for("probe", key.problem, key.dim)
    configs = [problem.space.sample(points) for _ in range(PROBES)]
    return tuple(
        first_value(problem, config, rng_for("probe", *key.met, number)) for number, config in enumerate(configs)
    )


def first_value(problem: Problem, config: Config, rng: Generator) -> float | None:
    """What the first look shows, without the rest of a training; None where that is no number."""
    try:
        return number_or_none(next(iter(problem.observe(config, rng))).value)
    except Exception:  # noqa: BLE001  that a config cannot be evaluated is a fact about the problem, too
        return None


def difference(before: Signature, now: Signature) -> str:
    """How two signatures differ beyond rounding; empty where they are of the same instance."""
    if len(before) == len(now) and all(map(same, before, now)):
        return ""
    return f"fixed configs gave {shown(before)} and give {shown(now)}"


def same(one: float | None, other: float | None) -> bool:
    """Whether two values are the same up to rounding."""
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def shown(signature: Signature) -> str:
    """For a message: `"0.25, 1.5"`."""
    return ", ".join("nothing" if value is None else f"{value:.9g}" for value in signature)


def fact(met: Instance) -> str:
    """Under which key the `experiment` table holds the signature of an instance."""
    return f"signature {json.dumps(met)}"


def keep(connection: sqlite3.Connection, met: Instance, signature: Signature) -> str:
    """Store what was told of an instance, unless it is known; returns how it differs from what is known."""
    row = connection.execute("SELECT value FROM experiment WHERE key = ?", (fact(met),)).fetchone()
    if row is not None:
        return difference(tuple(json.loads(row[0])), signature)
    connection.execute("INSERT INTO experiment (key, value) VALUES (?, ?)", (fact(met), json.dumps(signature)))
    return ""


def read(connection: sqlite3.Connection) -> dict[Instance, Signature]:
    """All that an experiment holds."""
    rows = connection.execute("SELECT key, value FROM experiment WHERE key GLOB 'signature *'")
    return {Instance(*json.loads(key.partition(" ")[2])): tuple(json.loads(value)) for key, value in rows}
