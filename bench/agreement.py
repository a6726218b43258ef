"""Whether two versions of one run are the same, bit for bit; seconds apart, which are never the same twice."""

from collections.abc import Sequence

from bench.records import Retraining, Trial

COMPARED = ("config", "value", "true_value", "test_value", "status", "cost", "fidelity", "observations")
COMPARED_AGAIN = ("trial", "value", "true_value", "test_value", "status")


def first_difference(one: Sequence[Trial], other: Sequence[Trial]) -> str:
    """The first column in which two lists of trials differ, as far as both go; empty where they agree."""
    for mine, theirs in zip(one, other, strict=False):
        if said := differing(mine, theirs, COMPARED):
            return f"trial {mine.trial}: {said}"
    return ""


def first_difference_again(one: Sequence[Retraining], other: Sequence[Retraining]) -> str:
    """The same of two lists of retrainings."""
    for mine, theirs in zip(one, other, strict=False):
        if said := differing(mine, theirs, COMPARED_AGAIN):
            return f"retraining {mine.repeat}: {said}"
    return ""


def differing(mine: Trial | Retraining, theirs: Trial | Retraining, columns: Sequence[str]) -> str:
    """The first of `columns` in which two rows differ, with both values."""
    for column in columns:
        if getattr(mine, column) != getattr(theirs, column):
            return f"{column} is {getattr(mine, column)!r:.200} and {getattr(theirs, column)!r:.200}"
    return ""
