"""What installed packages bring to the registries, by their entry points."""

from collections.abc import Collection
from importlib.metadata import EntryPoint, distributions, entry_points
from typing import NamedTuple

EVERYTHING = "all"  # what stands for every name


class PlugIn(NamedTuple):
    """An entry point as a line of a registry."""

    name: str
    factory: str  # "module:attribute"
    summary: str
    release: str  # what identifies its code: "their-samplers 1.2"


def plug_ins(group: str, taken: Collection[str]) -> list[PlugIn]:
    """The entry points of `group`; one whose name is taken, or cannot be typed in a list, goes by its factory."""
    found = dict[str, PlugIn]()
    for point in entry_points(group=group):
        own = point.name
        is_free = own not in taken and own not in found and is_plain(own)
        name, summary = (own, f"plug-in {point.value}") if is_free else (point.value, f"plug-in; not free: {own!r}")
        found.setdefault(name, PlugIn(name, point.value, summary, release(point)))
    return list(found.values())


def is_plain(name: str) -> bool:
    """Whether `name` can be given on a command line as one of several."""
    return name not in ("", EVERYTHING) and "," not in name


def release(point: EntryPoint) -> str:
    """What identifies the code of a plug-in."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else f"{point.value}, version unknown"


def broken_package() -> str:
    """The first installed package whose entry points cannot be read, which hides those of all; empty without one."""
    for package in distributions():
        try:
            list(package.entry_points)
        except Exception as error:  # noqa: BLE001  whatever the parser stumbles on
            place = package.locate_file("")
            return f"the entry points of {package.name} in {place} cannot be read ({type(error).__name__})"
    return ""
