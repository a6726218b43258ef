"""Numbers as people read them."""

import math
from collections.abc import Callable, Iterable, Sequence

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


def significant(value: float) -> str:
    """`value` with three digits that count, `"0.0132"`; `"–"` for NaN."""
    return "–" if math.isnan(value) else f"{value:.3g}"


def share(value: float) -> str:
    """A percentage that is 0 only when nothing happened; `"–"` for NaN, `"∞"` for what never did."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    return "<1 %" if 0 < value < 0.01 else f"{100 * value:.0f} %"


def bracket(low: float, high: float, word: Callable[[float], str] = number) -> str:
    """An interval to follow its number: `" [1.20, 1.80]"`; empty where there is none."""
    if math.isnan(low) or math.isnan(high):
        return ""
    return f" [{word(low)}, {word(high)}]"


def between(low: float, high: float, word: Callable[[float], str] = number) -> str:
    """`"1.20–1.80"`, a unit at the end once."""
    first, second = word(low), word(high)
    return f"{first.removesuffix(' %')}–{second}"


def plural(word: str, count: int) -> str:
    """`word` or its plural."""
    return word if count == 1 else f"{word}s"


def listed(words: Sequence[str]) -> str:
    """`"a, b and c"`."""
    return " and ".join([", ".join(words[:-1]), *words[-1:]]) if len(words) > 1 else "".join(words)


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
