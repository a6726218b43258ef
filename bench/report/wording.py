"""Numbers as people read them."""

import math
from collections.abc import Iterable

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def seconds(value: float) -> str:
    """Seconds in the unit that suits: `"1.5 s"`, `"3.2 ms"`, `"17 µs"`; `"–"` for NaN."""
    if math.isnan(value):
        return "–"
    size, unit = next(((size, unit) for size, unit in UNITS if value >= 0.9995 * size), UNITS[-1])
    scaled = value / size
    return f"{scaled:.0f} {unit}" if scaled >= 99.5 else f"{scaled:.2g} {unit}"


def number(value: float, digits: int = 2) -> str:
    """`value` with `digits` decimals; `"–"` for NaN, `"∞"` for what failed."""
    if math.isnan(value):
        return "–"
    return "∞" if math.isinf(value) else f"{value:.{digits}f}"


def share(value: float) -> str:
    """A percentage that is 0 only when nothing happened; `"–"` for NaN."""
    if math.isnan(value):
        return "–"
    return "<1 %" if 0 < value < 0.01 else f"{100 * value:.0f} %"


def ranges(numbers: Iterable[int]) -> str:
    """`[2, 3, 4, 7]` as `"2–4, 7"`."""
    parts: list[list[int]] = []
    for value in sorted(set(numbers)):
        if parts and parts[-1][-1] == value - 1:
            parts[-1] = [parts[-1][0], value]
        else:
            parts.append([value, value])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in parts)


def last_line(text: str | None) -> str:
    """What a traceback says at its end."""
    lines = (text or "").strip().splitlines()
    return lines[-1].strip() if lines else "no message"
