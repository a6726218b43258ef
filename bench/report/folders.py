"""A folder of files that is there whole or not at all, and never in the place of somebody else's."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.errors import UsageError

MANIFEST = ".search-bench-export"  # no .json: IOHinspector would take it for data
MADE_OF = "/made of"  # among the files of a manifest, which have no such names
ELSEWHERE = "move it, or give another --output"


@contextmanager
def replacing_folder(folder: Path, made_of: str, remedy: str = ELSEWHERE) -> Iterator[Path]:
    """An empty folder beside `folder` to fill; it takes the place of `folder` at the end, or disappears on failure.

    `made_of`: which trials its files are made of (`bench.database.fingerprint`), for `verify`. Raises `UsageError` with
    the `remedy` where `folder` holds anything but what was written so before, untouched since.
    """
    refuse_foreign(folder, remedy)
    folder = Path(os.path.abspath(folder))  # `..` has no folder beside it
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft, old = (folder.with_name(f".{os.getpid()}-{folder.name}{ending}") for ending in ("", "-old"))
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
        (draft / MANIFEST).write_text(json.dumps({MADE_OF: made_of, **prints_of(draft)}, indent=1), encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def refuse_foreign(folder: Path, remedy: str) -> None:
    """Raise `UsageError` where replacing `folder` would lose what we did not write."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder} is no folder; {remedy}")
    if not folder.exists():
        return
    written = manifest_of(folder)
    if not written and (first := next(folder.iterdir(), None)):  # do not read all of it: it may be a home, or a disk
        raise UsageError(f"{first} was not written by this command and would be lost; {remedy}")
    for name, print_of in prints_of(folder).items():
        if written.get(name) != print_of:
            what = "was changed since" if name in written else "was not written by this command"
            raise UsageError(f"{folder / name} {what} and would be lost; {remedy}")


def manifest_of(folder: Path) -> Mapping[str, str]:
    """What was written to `folder`, and of which trials (`MADE_OF`); nothing where it does not say."""
    try:
        written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return written if isinstance(written, dict) else {}


def prints_of(folder: Path) -> dict[str, str]:
    """Every file below `folder` but the manifest, with the hash of its content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        elif name != MANIFEST and not path.is_dir():
            with path.open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found
