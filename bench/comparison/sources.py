"""The two experiments of a comparison: found, of the same problems, and what else is not the same about them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.comparison.pairing import Side
from bench.conflicts import other_instance, other_program, problem_versions
from bench.database import connect_for_reading, folder_named
from bench.errors import UsageError
from bench.experiment import Experiment, load_experiment
from bench.report.wording import listed

MACHINE = ("processor", "cores", "threads per run", "platform")


def sides(old: str, new: str | None, results: Path) -> tuple[Side, Side]:
    """The experiments `old` and `new` (folders, or names below `results`), twice the same one where `new` is None.

    Raises `UsageError` where one is not there, or where one name stands for two problems.
    """
    first = folder_named(old, results)
    if new is None:
        side = Side.of(first.resolve().name, load_experiment(first))
        return side, side
    second = folder_named(new, results)
    names = [folder.resolve().name for folder in (first, second)]
    if names[0] == names[1]:
        names = [str(first), str(second)]
    check_problems(first, second, names)
    return Side.of(names[0], load_experiment(first)), Side.of(names[1], load_experiment(second))


def check_problems(first: Path, second: Path, names: list[str]) -> None:
    """Raise `UsageError` where the two experiments met another problem under one name."""
    with (
        closing(connect_for_reading(first, unchecked=["trials"])) as one,
        closing(connect_for_reading(second, unchecked=["trials"])) as other,
    ):
        both = tuple(zip(names, (one, other), strict=True))
        programs = [(name, problem_versions(connection)) for name, connection in both]
        conflict = other_program(programs, str) or other_instance(both)
    if conflict:
        raise UsageError(f"{conflict}; run both on the same problem, or there is nothing to compare")


def environments(old: Side, new: Side) -> list[str]:
    """What differs between where old and new ran, in words; libraries first."""
    return [] if old.experiment is new.experiment else list(differences(old.experiment, new.experiment))


def differences(old: Experiment, new: Experiment) -> Iterator[str]:
    """Libraries and Python, then the machine, then the state of the code."""
    before, now = old.environment, new.environment
    versions = [found.get("versions") or {} for found in (before, now)]
    moved = [
        f"{name} {versions[0].get(name, 'absent')} → {versions[1].get(name, 'absent')}"
        for name in dict.fromkeys([*versions[0], *versions[1]])
        if versions[0].get(name) != versions[1].get(name)
    ]
    if moved:
        yield f"libraries: {listed(moved)}"
    for key in ("python", *MACHINE, "git"):
        if before.get(key) != now.get(key):
            yield f"{key}: {before.get(key)} → {now.get(key)}"


def same_machine(old: Side, new: Side) -> bool:
    """Whether seconds of the two can be compared."""
    return all(old.experiment.environment.get(key) == new.experiment.environment.get(key) for key in MACHINE[:2])
