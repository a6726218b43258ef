"""What befell the experiments of a test, and what it cost: counted where it is measured, shown by `make torture`."""

from dataclasses import dataclass, field


@dataclass
class Tally:
    """What the tests that ran saw of one fault; None: no stored trial was at stake."""

    tried: int = 0
    lost: int | None = None
    changed: int | None = None

    def add(self, tried: int, lost: int | None, changed: int | None) -> None:
        """Count `tried` more, and what they cost."""
        self.tried += tried
        self.lost, self.changed = total(self.lost, lost), total(self.changed, changed)


def total(one: int | None, other: int | None) -> int | None:
    """The sum of what was measured."""
    return other if one is None else one + (other or 0)


@dataclass
class Ledger:
    """The tallies of the test that runs, by fault."""

    tallies: dict[str, Tally] = field(default_factory=dict)

    def taken(self) -> dict[str, tuple[int, int | None, int | None]]:
        """What there is, as values that can be sent; they are gone from here then."""
        found = {fault: (tally.tried, tally.lost, tally.changed) for fault, tally in self.tallies.items()}
        self.tallies.clear()
        return found


LEDGER = Ledger()


def befell(fault: str, tried: int = 1, lost: int | None = None, changed: int | None = None) -> None:
    """Count a `fault` that befell; raises `AssertionError` where trials were lost or cells of the tables changed."""
    LEDGER.tallies.setdefault(fault, Tally()).add(tried, lost, changed)
    if lost or changed:
        raise AssertionError(f"{fault}: {lost} trials lost, {changed} results changed")
