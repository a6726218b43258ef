"""What an address may run: an address may have been written by anybody, and starts no code."""

from pathlib import Path

import pytest

from bench.errors import UsageError
from bench.explore.offered import offered_problem, offered_strategy
from bench.explore.views.landscape.ground import refusal
from bench.explore.views.landscape.page import label
from bench.explore.views.landscape.running import keys_of


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """A file that is there once code of ours has run that an address named."""
    mark = tmp_path / "owned"
    (tmp_path / "evil.py").write_text(f"open({str(mark)!r}, 'w')\n")
    return mark


def hostile(mark: Path) -> list[str]:
    evil = f"{mark.parent / 'evil.py'}:X"
    return [evil, f"{evil}@2d", f"{evil}@2d@4w", f"exec:touch {mark}", f"prepared:{mark}", "os:system"]


def test_no_address_starts_code(mark: Path):
    for name in hostile(mark):
        assert label(name) == name
        with pytest.raises(UsageError, match="is not run: a page runs what"):
            keys_of("branin", 0, [name], 3)
        with pytest.raises(KeyError, match="is not run"):
            offered_strategy(name)
    for name in (
        f"{mark.parent / 'evil.py'}:f",
        f"{mark.parent / 'evil.py'}:f+noise=1",
        f"recorded:{mark}",
        "a:b@c.toml",
    ):
        assert "is not run" in refusal(name)
        with pytest.raises(KeyError, match="is not run"):
            offered_problem(name)
    assert not mark.exists()


def test_what_the_tables_name_is_offered():
    assert offered_strategy("gp@2d").name == "gp@2d"
    assert offered_problem("ackley+noise=10%").name == "ackley+noise=10%"
    with pytest.raises(KeyError, match="did you mean"):
        offered_strategy("gpp")
