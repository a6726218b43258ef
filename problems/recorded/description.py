"""What a registry says of a recording, read from its file."""

from pathlib import Path
from typing import NamedTuple

from problems.entries import Needs
from problems.recorded.storage import read
from problems.recorded.surrogates import kind_called


class Description(NamedTuple):
    """A recording as a line of a registry."""

    summary: str
    dim: int
    looks: bool
    needs: Needs
    fingerprint: str  # of its content, and of the library that learns it anew


def describe(file: Path) -> Description:
    """What is in `file`; raises `RecordingError`."""
    recording = read(file)
    facts, needs = recording.facts, kind_called(recording.facts.surrogate).needs
    code = ", ".join(part for part in (recording.checksum[:12], needs.version()) if part)
    return Description(
        f"{facts.problem}, recorded: {facts.how}",
        len(recording.space),
        recording.most_looks > 1,
        needs,
        f"{file.name} {code}",
    )
