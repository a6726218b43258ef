"""What is read is what was written, or it is refused in one line."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.recorded import storage
from problems.recorded.recording import RecordedTrial, RecordingError
from problems.recorded.storage import KEY, read, write
from tests.problems.recorded.made import SPACE, recording

numbers = st.floats(allow_nan=False, allow_infinity=False)
some_trials = st.builds(
    RecordedTrial,
    config=st.lists(st.floats(0, 1), min_size=3, max_size=3).map(SPACE.from_unit),
    status=st.sampled_from(["ok", "failed", "pruned"]),
    value=st.none() | numbers,
    test_value=st.none() | numbers,
    seconds=st.none() | numbers,
    looks=st.lists(st.none() | numbers, max_size=4).map(tuple),
    share=st.floats(0, 1),
)


@settings(max_examples=20)
@given(st.lists(some_trials, max_size=8))
def test_every_trial_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, trials: list[RecordedTrial]):
    whole = recording(30)
    path = tmp_path_factory.mktemp("recorded") / "a.parquet"
    before = replace(whole, trials=(*whole.trials, *trials))
    write(before, path)
    after = read(path)
    assert (repr(after.trials), after.space, after.facts) == (repr(before.trials), before.space, before.facts)
    assert [path.name for path in path.parent.iterdir()] == ["a.parquet"]


def test_no_flipped_byte_goes_unnoticed(tmp_path: Path):
    path = tmp_path / "a.parquet"
    write(recording(60), path)
    content, checksum = path.read_bytes(), read(path).checksum
    refused = 0
    for place in np.random.default_rng(1).integers(len(content), size=60).tolist():
        path.write_bytes(content[:place] + bytes([content[place] ^ 16]) + content[place + 1 :])
        storage.read_as_of.cache_clear()
        try:
            after = read(path).checksum
        except RecordingError:
            refused += 1
        else:
            assert after == checksum  # of a byte that nothing is read from
    assert refused > 30


def test_a_changed_value_is_refused(tmp_path: Path):
    path = tmp_path / "a.parquet"
    write(recording(60), path)
    table = pq.read_table(path)
    values = [value and value + 1e-9 for value in table["value"].to_pylist()]
    pq.write_table(table.set_column(table.schema.get_field_index("value"), "value", pa.array(values)), path)
    with pytest.raises(RecordingError, match="damaged"):
        read(path)


@pytest.mark.parametrize("changed", [{"format": 2}, {"format": "x"}])
def test_a_newer_format_is_told_from_damage(tmp_path: Path, changed: dict[str, object]):
    path = tmp_path / "a.parquet"
    write(recording(60), path)
    table = pq.read_table(path)
    facts = json.loads(table.schema.metadata[KEY]) | changed
    pq.write_table(table.replace_schema_metadata({KEY: json.dumps(facts)}), path)
    with pytest.raises(RecordingError, match="format"):
        read(path)


@pytest.mark.parametrize("metadata", [b"[]", b"{", b"3", b"{}", None])
def test_somebody_elses_file_is_refused_and_never_replaced(tmp_path: Path, metadata: bytes | None):
    path = tmp_path / "a.parquet"
    if metadata is None:
        path.write_text("x1,x2\n1,2\n")
    else:
        pq.write_table(
            pa.table({"x": [1]}).replace_schema_metadata({b"other" if metadata == b"3" else KEY: metadata}), path
        )
    with pytest.raises(RecordingError, match="is no recording"):
        read(path)
    if metadata in (None, b"3"):
        before = path.read_bytes()
        with pytest.raises(RecordingError, match="another --output"):
            write(recording(60), path)
        assert path.read_bytes() == before


def test_what_is_not_there_or_too_small_says_so(tmp_path: Path):
    with pytest.raises(RecordingError, match="cannot be read"):
        read(tmp_path / "nothing.parquet")
    write(recording(5), tmp_path / "a.parquet")
    with pytest.raises(RecordingError, match="at least 20 trials"):
        read(tmp_path / "a.parquet")
