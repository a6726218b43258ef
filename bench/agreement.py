"""Whether two versions of one run are the same, bit for bit; seconds apart, which are never the same twice."""

from collections.abc import Sequence

from bench.records import Trial

COMPARED = ("config", "value", "true_value", "test_value", "status", "cost", "fidelity", "observations")


def first_difference(one: Sequence[Trial], other: Sequence[Trial]) -> str:
    """The first column in which two lists of trials differ, as far as both go; empty where they agree."""
    for mine, theirs in zip(one, other, strict=False):
        for column in COMPARED:
            if getattr(mine, column) != getattr(theirs, column):
                values = f"{getattr(mine, column)!r:.200} and {getattr(theirs, column)!r:.200}"
                return f"trial {mine.trial}: {column} is {values}"
    return ""
