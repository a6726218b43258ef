"""Files that are there whole or not at all, under names that are safe everywhere."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

LONGEST = 80


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` at the end, or disappears when that fails."""
    draft = path.with_name(f".{os.getpid()}-{path.name}")  # the suffix stays: writers choose the format by it
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """`name` in `a-z0-9-_` only; a name that had to be changed gets a mark of its own, so that no two meet."""
    safe = re.sub(r"[^a-z0-9_-]+", "-", name.lower())[:LONGEST]
    return safe if safe == name else f"{safe}-{crc32(name.encode()):08x}"
