"""`make torture`: every fault that the tests know, many times; what each cost goes to stdout and docs/torture.md.

python scripts/torture.py [words for pytest: only these tests, and no page]. Exit code 1 if a test failed, a trial was
lost or a result changed. The tests are those of `make test`, which tries each fault less often.
"""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "torture.md"
RESULT = "\n## What it said\n\n"  # on the page: from here on it is written anew
TESTS = ("tests/**/test_faults_*.py", "tests/**/test_fuzz*.py", "tests/bench/test_ray.py")
HEAD = ("fault", "times tried", "trials lost", "results changed")


@dataclass
class Table:
    """A plugin of pytest: what the tests say that befell, summed by fault."""

    rows: dict[str, list[int | None]] = field(default_factory=dict)  # tried, lost, changed; None: nothing at stake
    skipped: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what travels with the report of a test."""
        if report.when == "call":
            for fault, numbers in report.user_properties:
                row = self.rows.setdefault(fault, [None] * len(numbers))
                for place, number in enumerate(numbers):
                    if number is not None:
                        row[place] = (row[place] or 0) + number
        if report.skipped and isinstance(report.longrepr, tuple):
            self.skipped.append(f"{report.nodeid}: {report.longrepr[2]}")

    @property
    def cost(self) -> int:
        """Trials lost and cells changed, of all faults together."""
        return sum(number or 0 for row in self.rows.values() for number in row[1:])

    def lines(self) -> list[str]:
        """The table in Markdown, which a terminal shows well enough."""
        rows = [[fault, *map(shown, numbers)] for fault, numbers in sorted(self.rows.items())]
        first, *others = (max(map(len, column)) for column in zip(HEAD, *rows, strict=True))
        rule = ["-" * first, *("-" * (width - 1) + ":" for width in others)]
        return [
            f"| {' | '.join([name.ljust(first), *map(str.rjust, numbers, others)])} |"
            for name, *numbers in (HEAD, rule, *rows)
        ]


def shown(number: int | None) -> str:
    """A number of the table."""
    return "–" if number is None else str(number)


def main(words: Sequence[str]) -> int:
    """Run the tests, print the table and write the page; returns the exit code."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))  # as `python -m pytest` there; the workers get it from here
    table, began = Table(), monotonic()
    tests = words or sorted(str(path) for pattern in TESTS for path in ROOT.glob(pattern))
    flags = ["--quiet", "--torture", "--hypothesis-profile=torture", "--numprocesses=auto", "--dist=worksteal"]
    code = pytest.main([*flags, *tests], plugins=[table])
    minutes = (monotonic() - began) / 60
    verdict = "passed" if code == 0 else "did not all pass"
    said = [
        *table.lines(),
        "",
        f"The tests {verdict} in {minutes:.0f} minutes on {os.cpu_count()} cores (Python {platform.python_version()}).",
        *(f"Skipped: {skipped}" for skipped in table.skipped),
    ]
    print("", *said, sep="\n")
    if not words and code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):  # it came to its end
        PAGE.write_text(
            PAGE.read_text(encoding="utf-8").partition(RESULT)[0] + RESULT + "\n".join(said) + "\n", "utf-8"
        )
    return 1 if code or table.cost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
