"""How the values of settings are written: each form is read, or refused with what it should look like."""

import re
from collections.abc import Sequence

from bench.limits import MOST_DIMS, MOST_TRIALS
from bench.visible import in_a_few_words
from strategies.names import MOST_WORKERS

OWN_DESIGN = "default"  # of `--initial`: every strategy begins as it likes
ADDRESS = r"auto|([^\s:/@]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}"  # of a Ray cluster


def parse_dims(text: str) -> list[int]:
    """`"2..10"` or `"2,5,10"` (or both: `"2,4..6"`) as ascending dimensions; raises `ValueError` with the remedy."""
    dims: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,4})(?:\.\.(\d{1,4}))?\s*", part, re.ASCII)
        if not match:
            raise ValueError(f"dims must look like 2..10 or 2,5,10, got {text!r}")
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last:
            raise ValueError(f"dims must ascend, got {part.strip()!r}; did you mean {last}..{first}?")
        if not 1 <= first <= last <= MOST_DIMS:
            raise ValueError(f"dims must lie in 1..{MOST_DIMS}, got {part.strip()!r}")
        dims.update(range(first, last + 1))
    return sorted(dims)


def names_in(value: str | Sequence[str]) -> list[str]:
    """The names that are meant by `"gp,random"`, or by a list."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else list(value)


def parse_trials(text: str, dim: int) -> int:
    """`"50"` trials, or `"10d"`: ten per dimension; raises `ValueError` with the remedy."""
    match = re.fullmatch(r"\s*([1-9]\d{0,5})(d?)\s*", text, re.ASCII)
    if not match:
        raise ValueError(f"trials must look like 50 or 10d, from 1 to {MOST_TRIALS}, got {text!r}")
    return int(match[1]) * (dim if match[2] else 1)


def parse_initial(arms: str | list[str | int]) -> list[str]:
    """`"default,10"` or `"2d"`: how runs begin, each once; raises `ValueError` with the remedy."""
    given = arms.split(",") if isinstance(arms, str) else arms
    parts = [part.strip() if isinstance(part, str) else in_a_few_words(part) for part in given]
    for part in parts:
        try:
            if part != OWN_DESIGN:
                parse_trials(part, 1)
        except ValueError:
            raise ValueError(
                f"initial must look like default, 10 or 2d (of each dimension), or several of them, got {part!r}"
            ) from None
    return list(dict.fromkeys(parts))


def parse_workers(text: str | int | list[int]) -> list[int]:
    """`"1,8,64"`: how many simulated workers, each once; raises `ValueError` with the remedy."""
    parts = text.split(",") if isinstance(text, str) else text if isinstance(text, list) else [text]
    texts = [part if isinstance(part, str) else in_a_few_words(part) for part in parts]
    counts = [int(text) if re.fullmatch(r"\s*\d{1,4}\s*", text, re.ASCII) else 0 for text in texts]
    if not counts or min(counts) < 1:
        raise ValueError(
            f"workers must look like 8 or 1,8,64, each from 1 to {MOST_WORKERS}, got {in_a_few_words(text)}"
        )
    return list(dict.fromkeys(counts))


def parse_address(text: str) -> str:
    """`"auto"` or `"10.0.0.1:6379"`, of a Ray cluster; raises `ValueError` with the remedy."""
    if not re.fullmatch(ADDRESS, text):
        raise ValueError(f"address must look like auto or 10.0.0.1:6379, got {text!r}")
    return text
