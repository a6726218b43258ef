"""What both registries share: entries with `"module:attribute"` factories, what they need, and near misses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, TypeVar

from problems import environments, user_files


@cache
def _installed(module: str) -> bool:
    return find_spec(module) is not None


@dataclass(frozen=True)
class Needs:
    """What an entry needs beside the core: packages, which `extra` installs, and files that only the user can have."""

    extra: str = ""
    modules: tuple[str, ...] = ()  # as imported
    distribution: str = ""  # whose version identifies the entry
    files: tuple[str, ...] = ()  # below the folder of `problems.user_files`
    broken: str = ""  # why it works nowhere at present
    environment: str = ""  # one of its own, made by `python -m bench setup NAME`

    def missing(self) -> str | None:
        """What to install or to fetch, in one line, or None when everything is there."""
        if self.broken:
            return self.broken
        absent = [module for module in self.modules if not _installed(module)]
        if absent:
            names = ", ".join(absent)
            return f"needs {names}; install with: {self.installation()}"
        if self.environment and not environments.python_of(self.environment).exists():
            return f"needs an environment of its own; make it with: {self.installation()}"
        return user_files.lacking(self.files) if self.files else None

    def installation(self) -> str:
        """The line that installs what is needed; empty where the core will do."""
        if self.environment:
            return f"python -m bench setup {self.environment}"
        return f'pip install "search-bench[{self.extra}]" -c constraints.txt' if self.extra else ""

    def version(self) -> str | None:
        """`"optuna 5.0.0"`, or None without a distribution or when it is not installed."""
        try:
            return f"{self.distribution} {version(self.distribution)}" if self.distribution else None
        except PackageNotFoundError:
            return None


NOTHING = Needs()


@dataclass(frozen=True)
class Entry:
    """One line of a registry: what makes the thing, in which dimensions it exists, what must be installed for it."""

    name: str
    factory: str  # "module:attribute", imported only when it is used
    summary: str
    min_dim: int = 1
    max_dim: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    needs: Needs = NOTHING
    only_by_name: bool = False  # not part of `all`: a control, or too dear to be met by accident
    fingerprint: str = ""  # identifies code that no package has a version of

    @property
    def dimensions(self) -> str:
        """The range of dimensions, as `--dims` would take it where it ends."""
        if self.min_dim == self.max_dim:
            return str(self.min_dim)
        return f"{self.min_dim}..{self.max_dim or ''}"

    def refusal(self, dim: int) -> str | None:
        """Why `dim` dimensions are not for this one, or None."""
        if dim < self.min_dim:
            return f"{self.name} needs dimension {self.min_dim} or more"
        if self.max_dim is not None and dim > self.max_dim:
            return f"{self.name} goes no further than dimension {self.max_dim}"
        return None

    def unavailable(self, dim: int) -> str | None:
        """Why this one cannot be used in `dim` dimensions here, or None."""
        missing = self.needs.missing()
        return self.refusal(dim) or (f"{self.name} {missing}" if missing else None)


AnyEntry = TypeVar("AnyEntry", bound=Entry)


def find(table: Mapping[str, AnyEntry], name: str, kind: str) -> AnyEntry:
    """`table[name]`; raises `KeyError` whose message names the nearest entries."""
    if name in table:
        return table[name]
    near = get_close_matches(name, table, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(table)}"
    raise KeyError(f"unknown {kind} {name!r}; {hint}")
