"""What both registries share: `"module:attribute"` strings, the packages that an entry needs, and near misses."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, TypeVar

Entry = TypeVar("Entry")


def resolve(target: str) -> Any:
    """Import `"module:attribute"` and return the attribute."""
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)


@dataclass(frozen=True)
class Needs:
    """Packages outside the core that an entry needs; `extra` installs them."""

    extra: str = ""
    modules: tuple[str, ...] = ()  # as imported
    distribution: str = ""  # whose version identifies the entry

    def missing(self) -> str | None:
        """What to install, in one line, or None when everything is there."""
        absent = [module for module in self.modules if find_spec(module) is None]
        if not absent:
            return None
        return f'needs {", ".join(absent)}; install with: pip install "search-bench[{self.extra}]" -c constraints.txt'

    def version(self) -> str | None:
        """`"optuna 5.0.0"`, or None without a distribution or when it is not installed."""
        try:
            return f"{self.distribution} {version(self.distribution)}" if self.distribution else None
        except PackageNotFoundError:
            return None


NOTHING = Needs()


def find(table: Mapping[str, Entry], name: str, kind: str) -> Entry:
    """`table[name]`; raises `KeyError` whose message names the nearest entries."""
    if name in table:
        return table[name]
    near = get_close_matches(name, table, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(table)}"
    raise KeyError(f"unknown {kind} {name!r}; {hint}")
