"""Values of which a library takes squares, held to where these are still numbers."""

from typing import overload

LARGEST = 1e100


@overload
def clipped(value: float) -> float: ...
@overload
def clipped(value: None) -> None: ...
def clipped(value: float | None) -> float | None:
    """`value`, or the nearest of ±1e100; None, of a failed trial, stays None."""
    return None if value is None else min(max(value, -LARGEST), LARGEST)
