"""The table of wrappers: what may follow a problem's name, `ackley+noise=0.1+permuted`, and what it does.

A new one is one line here: a function `wrap(inner, name, value, dim, rng)` that returns the problem in `dim`
dimensions, and a function that reads its value.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from numpy.random import Generator

from problems.base import Problem
from problems.wrappers.levels import discretised
from problems.wrappers.noise import Amount, noisy
from problems.wrappers.order import embedded, permuted
from problems.wrappers.scales import on_linear_scale, on_log_scale

Wrap: TypeAlias = Callable[[Problem, str, Any, int, Generator], Problem]
MOST_LEVELS = 1000
MOST_DECADES = 100  # further down, numbers of double precision end
DECADES = 4


@dataclass(frozen=True)
class Wrapper:
    """One line of the table; `read` gets what follows `=`, None without it, and raises `ValueError`."""

    name: str
    form: str  # how it is written
    summary: str
    wrap: Wrap
    read: Callable[[str | None], Any]
    narrows: bool = False  # its value is the number of parameters of the inner problem
    probes: Callable[[Any], bool] = lambda value: False  # whether, with this value, it needs hundreds of evaluations


def noise(text: str | None) -> Amount:
    """`"0.1"` or `"10%"`, positive."""
    match = re.fullmatch(r"(\d{0,9}\.?\d{0,9}(?:e-?\d{1,2})?)(%?)", text or "", re.ASCII)
    try:
        size = float(match[1]) if match else 0.0
    except ValueError:  # a point without digits
        size = 0.0
    if not (match and 0.0 < size < math.inf):
        raise ValueError
    return Amount(size / 100.0, of_spread=True) if match[2] else Amount(size, of_spread=False)


def whole(least: int, most: int, default: int | None = None) -> Callable[[str | None], int]:
    """Reads an integer in `least` … `most`."""

    def read(text: str | None) -> int:
        number = default if text is None else int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else None
        if number is None or not least <= number <= most:
            raise ValueError
        return number

    return read


def nothing(text: str | None) -> None:
    """Reads the value of a wrapper that has none."""
    if text is not None:
        raise ValueError


WRAPPERS: Mapping[str, Wrapper] = {
    wrapper.name: wrapper
    for wrapper in (
        Wrapper(
            "noise",
            "noise=0.1 or noise=10%",
            "Gaussian noise on told values; its standard deviation in units of the value, or of its spread",
            noisy,
            noise,
            probes=lambda amount: bool(amount.of_spread),
        ),
        Wrapper(
            "discrete",
            f"discrete=5, from 2 to {MOST_LEVELS}",
            "so many levels of each number, searched as an integer; the best one stays",
            discretised,
            whole(2, MOST_LEVELS),
        ),
        Wrapper(
            "log",
            f"log or log=6, from 1 to {MOST_DECADES}",
            f"real numbers on a logarithmic scale of so many decades, {DECADES} unless said",
            on_log_scale,
            whole(1, MOST_DECADES, DECADES),
        ),
        Wrapper("linear", "linear", "every range declared as linear, whatever its scale", on_linear_scale, nothing),
        Wrapper("permuted", "permuted", "parameters, and choices, in a drawn order", permuted, nothing),
        Wrapper(
            "embedded",
            "embedded=2",
            "so many parameters of the problem, among others without effect; --dims counts all",
            embedded,
            whole(1, 9999),
            narrows=True,
        ),
    )
}
