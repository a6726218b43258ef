"""How much disk an extra takes: its packages, and what they need, beyond what the core needs."""

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from problems.entries import Needs
from problems.environments import python_of

PROJECT = "search-bench"
MIB = 2.0**20


def install_mib(needs: Needs) -> float:
    """MiB on disk beyond the core's; of a whole environment where it has one."""
    if needs.environment:
        return sum(map(size_of, python_of(needs.environment).parents[1].rglob("*"))) / MIB
    extras = frozenset(filter(None, needs.extra.split(",")))
    return sum(bytes_of(name) for name in closure(PROJECT, extras) - closure(PROJECT, frozenset())) / MIB


def closure(name: str, extras: frozenset[str]) -> frozenset[str]:
    """The distribution `name` with `extras`, and all that is installed for them."""
    found: dict[str, frozenset[str]] = {}
    waiting = [(name, extras)]
    while waiting:
        current, wanted = waiting.pop()
        known = found.get(current)
        if known is not None and wanted <= known:
            continue
        found[current] = wanted | (known or frozenset())
        waiting += required(current, found[current])
    return frozenset(found)


def required(name: str, extras: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    """What an installed distribution requires here, by name, with the extras that it asks for."""
    try:
        requirements = map(Requirement, distribution(name).requires or ())
    except PackageNotFoundError:
        return []
    return [
        (requirement.name.lower().replace("_", "-"), frozenset(requirement.extras))
        for requirement in requirements
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in (*extras, ""))
    ]


def bytes_of(name: str) -> int:
    """The files of an installed distribution."""
    try:
        found: Distribution = distribution(name)
    except PackageNotFoundError:
        return 0
    return sum(size_of(Path(str(found.locate_file(file)))) for file in found.files or ())


def size_of(path: Path) -> int:
    """Bytes of a file; 0 of anything else, links among them."""
    return path.stat().st_size if path.is_file() and not path.is_symlink() else 0
