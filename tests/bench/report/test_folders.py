import pytest

from bench.errors import UsageError
from bench.report.folders import replacing_folder


def fill(folder, text="ours"):
    with replacing_folder(folder, "some trials") as draft:
        (draft / "below").mkdir()
        (draft / "below" / "file").write_text(text)


def test_an_earlier_export_is_replaced_as_a_whole(tmp_path):
    fill(tmp_path / "exports" / "x")
    fill(tmp_path / "exports" / "x", "new")
    assert (tmp_path / "exports" / "x" / "below" / "file").read_text() == "new"
    assert [path.name for path in (tmp_path / "exports").iterdir()] == ["x"]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path):
    fill(tmp_path / "x")

    def fail():
        with replacing_folder(tmp_path / "x", "some trials") as draft:
            (draft / "half").touch()
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        fail()
    assert (tmp_path / "x" / "below" / "file").read_text() == "ours"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("what", ["added", "linked", "changed", "not ours", "a file", "a link"])
def test_what_an_export_did_not_write_is_never_lost(tmp_path, what):
    folder = tmp_path / "x"
    if what in ("added", "changed"):
        fill(folder)
        (folder / "below" / {"added": "mine", "changed": "file"}[what]).write_text("mine")
    elif what == "linked":
        fill(folder)
        (folder / "mine").symlink_to(tmp_path / "nowhere")
    elif what == "not ours":
        folder.mkdir()
        (folder / "thesis.tex").write_text("mine")
    elif what == "a file":
        folder.write_text("mine")
    else:
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="--output"):
        fill(folder)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
