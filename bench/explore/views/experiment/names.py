"""What the parts of the page are called."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]

NAME = "experiment"


def part(name: str) -> str:
    """The id of a part of the page."""
    return f"{NAME}-{name}"


def of_cell(shown: Row) -> dict[str, Any]:
    """What says which cell is shown."""
    return {name: shown[name] for name in ("name", "problem", "dim")}
