"""Where experiments contradict each other about what ran: another problem under one name, another program."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from bench import signatures
from bench.database import read_meta

K = TypeVar("K")
V = TypeVar("V")


class Conflict(NamedTuple, Generic[K, V]):
    """Two experiments that say different things of `what`."""

    what: K
    first: str
    said: V
    second: str
    says: V
    difference: str


def first_conflict(told: Iterable[tuple[str, Mapping[K, V]]], differ: Callable[[V, V], str]) -> Conflict[K, V] | None:
    """The first of what several experiments, each with its name, have in common and say differently.

    `differ` puts a difference into words; empty where there is none.
    """
    known: dict[K, tuple[V, str]] = {}
    for name, facts in told:
        for what, says in facts.items():
            said, first = known.setdefault(what, (says, name))
            if difference := differ(said, says):
                return Conflict(what, first, said, name, says, difference)
    return None


def unequal(before: object, now: object) -> str:
    """For what is the same or is not."""
    return "" if before == now else "not the same"


def problem_versions(connection: sqlite3.Connection) -> dict[str, str]:
    """The programs of problems that no package has a version of."""
    found: dict[str, str] = read_meta(connection, "problem_versions", {})
    return found


def other_instance(sources: Iterable[tuple[str, sqlite3.Connection]]) -> str:
    """The first instance of a problem that two of `sources` met as two, in words; empty where there is none."""
    told = [(name, signatures.read(connection)) for name, connection in sources]
    if (found := first_conflict(told, signatures.difference)) is None:
        return ""
    return f"{found.what} is not the same in {found.first} and {found.second}: {found.difference}"


def other_program(told: Iterable[tuple[str, Mapping[K, str]]], called: Callable[[K], str]) -> str:
    """The first name that stands for two programs, in words; empty where none does."""
    if (found := first_conflict(told, unequal)) is None:
        return ""
    return f"{called(found.what)} is {found.said} in {found.first} and {found.says} in {found.second}"
