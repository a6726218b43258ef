"""What a strategy's name says beside the strategy: `gp@10@8w` is gp after ten given trials, with eight workers."""

import re
from typing import NamedTuple

FORM = re.compile(
    r"(?P<searcher>.+?)(?:@(?P<given>[1-9][0-9]{0,5}d?))?(?:@(?P<workers>[2-9]|[1-9][0-9]{1,3})w)?", re.DOTALL
)
MOST_WORKERS = 9999


class Parts(NamedTuple):
    """A name taken apart."""

    searcher: str
    given: str = ""  # how many first trials are given, `"10"` or `"2d"`; empty: none
    workers: int = 1  # simulated ones, that work on trials at the same time

    def __str__(self) -> str:
        given = f"@{self.given}" if self.given else ""
        return f"{self.searcher}{given}@{self.workers}w" if self.workers > 1 else f"{self.searcher}{given}"


def parts_of_name(name: str) -> Parts:
    """`"gp@2d"` as searcher, what is given, and workers."""
    match = FORM.fullmatch(name)
    return Parts(match["searcher"], match["given"] or "", int(match["workers"] or 1)) if match else Parts(name)
