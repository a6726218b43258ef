"""The page of the fairness cards: what a reader of a comparison must know of each strategy."""

from collections.abc import Iterator, Mapping

from bench.cards import card_of
from strategies.registry import strategies

HEAD = """# Every strategy's card

What a comparison hangs on and nobody sees from outside. `python -m bench list --strategy NAME` prints one, and tries
besides whether the same seed gives the same trials; every report holds those of its strategies.
"""


def pages() -> Mapping[str, str]:
    """The page by its name."""
    return {"reference/cards.md": "\n".join(lines())}


def lines() -> Iterator[str]:
    """The page: a section per strategy."""
    yield HEAD
    for name, entry in strategies().items():
        if entry.only_by_name:
            continue
        yield f"## {name}\n"
        yield "| | |"
        yield "|---|---|"
        for label, line in card_of(entry).items():
            yield f"| {label} | {line.replace('|', chr(92) + '|')} |"
        yield ""
