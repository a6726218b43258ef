"""A part of an experiment for each task of a job array: `--shard 3/16` does the third of sixteen parts of the runs.

Every part knows the whole plan, so that `merge` sees what is missing, and `run` goes on with it.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from bench.records import RunKey


@dataclass(frozen=True, slots=True)
class Shard:
    """One of so many `parts`, from 1."""

    number: int
    parts: int

    def __str__(self) -> str:
        return f"{self.number}/{self.parts}"

    @property
    def suffix(self) -> str:
        """What is added to the experiment's name, so that no two parts share a folder."""
        return f"-{self.number}-of-{self.parts}" if self.parts > 1 else ""

    def of(self, keys: Iterable[RunKey]) -> frozenset[RunKey]:
        """Its share of the runs: dealt out in an order that has nothing to do with what they cost."""
        return frozenset(sorted(keys, key=shuffled)[self.number - 1 :: self.parts])


WHOLE = Shard(1, 1)


def parse_shard(text: str) -> Shard:
    """`"3/16"`; raises `ValueError` with the remedy."""
    match = re.fullmatch(r"\s*(\d{1,6})/(\d{1,6})\s*", text, re.ASCII)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise ValueError(f"shard must look like 3/16, the third of sixteen parts, got {text!r}")
    return Shard(int(match[1]), int(match[2]))


def shuffled(key: RunKey) -> str:
    """A place in an order that is random, and the same everywhere."""
    return hashlib.sha256(json.dumps(astuple(key)).encode()).hexdigest()
