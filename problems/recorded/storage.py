"""A recording as one Parquet file: a row per trial, the rest as JSON in its metadata, a checksum of both."""

import json
import os
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from problems.recorded.recording import Facts, RecordedTrial, Recording, RecordingError, require_enough
from problems.space import Categorical, Float, Int, Parameter, SearchSpace
from problems.space_form import config_from_json

KEY = b"search-bench recording"
FORMAT = 1
TYPES: Mapping[str, pa.DataType] = {
    "status": pa.string(),
    **dict.fromkeys(("value", "test_value", "seconds", "share"), pa.float64()),
    "looks": pa.list_(pa.float64()),
}


def write(recording: Recording, path: Path) -> None:
    """Write `path` at once; what is there must be a recording, or nothing."""
    if path.exists():
        refuse_foreign(path)
    columns = recording.columns()
    kinds = {f"config_{parameter.name}": kind(parameter) for parameter in recording.space}
    table = pa.table({name: pa.array(column, (kinds | dict(TYPES))[name]) for name, column in columns.items()})
    facts = {"format": FORMAT, "checksum": recording.checksum, **recording.as_json()}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        pq.write_table(table.replace_schema_metadata({KEY: json.dumps(facts)}), draft, compression="zstd")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def kind(parameter: Parameter) -> pa.DataType:
    """The type of a parameter's column."""
    return pa.float64() if isinstance(parameter, Float) else pa.int64()


def refuse_foreign(path: Path) -> None:
    """Raise `RecordingError` where `path` is none of our files: it is not ours to replace."""
    try:
        is_ours = path.is_file() and KEY in (pq.read_schema(path).metadata or {})
    except (pa.ArrowException, OSError):
        is_ours = False
    if not is_ours:
        raise RecordingError(f"{path} exists and is no recording; give another --output")


def read(path: Path) -> Recording:
    """The recording in `path`, checked and read once; raises `RecordingError`."""
    try:
        found = path.stat()
    except OSError as error:
        raise RecordingError(f"{path} cannot be read ({error.strerror}); give its path from {Path.cwd()}") from error
    return read_as_of(path.resolve(), found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=16)
def read_as_of(path: Path, changed_ns: int, size: int) -> Recording:
    """The recording that is in `path` since it was last changed."""
    try:
        table = pq.read_table(path, partitioning=None)
        facts = json.loads((table.schema.metadata or {})[KEY])
        form = facts.pop("format")
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise RecordingError(f"{path} is no recording; make one with: python -m bench record PROBLEM") from error
    if form != FORMAT:
        raise RecordingError(f"{path} is a recording of format {form!r}, and this version reads format {FORMAT}")
    checksum = facts.pop("checksum", None)
    try:
        recording = decoded(facts, table.to_pydict())
        is_whole = recording.checksum == checksum
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise damaged(path) from error
    if not is_whole:
        raise damaged(path)
    require_enough(recording)
    return recording


def damaged(path: Path) -> RecordingError:
    """What is said of a file whose content is not what was written."""
    return RecordingError(f"{path} is damaged: its content is not what was written; restore a copy, or record again")


def decoded(facts: Mapping[str, Any], columns: Mapping[str, list[Any]]) -> Recording:
    """The recording that was written as this."""
    space = SearchSpace(tuple(parameter_from_json(form) for form in facts["space"]))
    known = {each.name: facts[each.name] for each in fields(Facts)}
    tuples = {name: known[name] and tuple(known[name]) for name in ("left_out", "minimiser")}
    own = [columns[f"config_{name}"] for name in space.names]
    configs = (config_from_json(space, dict(zip(space.names, row, strict=True))) for row in zip(*own, strict=True))
    rest = zip(*(columns[name] for name in RecordedTrial._fields[1:]), strict=True)
    trials = (RecordedTrial(config, *row) for config, row in zip(configs, rest, strict=True))
    return Recording(
        Facts(**{**known, **tuples, "left_out": tuple(known["left_out"])}),
        space,
        tuple(trial._replace(looks=tuple(trial.looks)) for trial in trials),
    )


def parameter_from_json(form: Mapping[str, Any]) -> Parameter:
    """The parameter that `problems.space_form` wrote as `form`."""
    match form["type"]:
        case "float":
            return Float(form["name"], form["low"], form["high"], form["log"])
        case "int":
            return Int(form["name"], form["low"], form["high"], form["log"])
        case "categorical":
            return Categorical(form["name"], tuple(form["choices"]))
        case other:
            raise ValueError(f"a parameter is float, int or categorical, got {other!r}")
