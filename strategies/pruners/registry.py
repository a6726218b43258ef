"""The table of pruners: a new one is one line here, or an entry point of the group `search_bench.pruners`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from warnings import catch_warnings

from problems.entries import Entry, Needs, find
from problems.loading import fingerprint, place, resolve, users_object
from problems.plugins import plug_ins
from strategies.pruners.base import Pruner

GROUP = "search_bench.pruners"
NO_PRUNER = "none"  # the pruner of a run that stops nothing


@dataclass(frozen=True)
class PrunerEntry(Entry):
    """How to make a pruner: `factory` is called as `Class(**options)`."""

    def load(self) -> type[Pruner]:
        """Import the class; raises `ImportError` when a package that it needs is missing."""
        pruner_class: type[Pruner] = resolve(self.factory)
        return pruner_class

    def version(self) -> str:
        """What identifies the code that decides: `"optuna 5.0.0"`, or our own version for what is homemade."""
        return self.fingerprint or self.needs.version() or f"search-bench {version('search-bench')}"

    def make(self) -> Pruner:
        """A fresh pruner for one run."""
        return self.load()(**self.options)


OPTUNA = Needs("optuna", ("optuna",), "optuna")
RAY = Needs("ray", ("ray",), "ray")

_HOME = "strategies.pruners"
_OPTUNA = "strategies.adapters.optuna_pruners"
USERS_FACTORY = f"{_OPTUNA}:UsersPruner"
OPTUNAS_BASE = "optuna.pruners._base.BasePruner"

TABLE: tuple[PrunerEntry, ...] = (
    PrunerEntry(NO_PRUNER, f"{_HOME}.base:NoPruner", "every trial to its end"),
    PrunerEntry("median", f"{_HOME}.median:MedianPruner", "worse than the median of others so far"),
    PrunerEntry("asha", f"{_HOME}.asha:AshaPruner", "the best third of each rung goes on"),
    PrunerEntry("hyperband", f"{_HOME}.hyperband:HyperbandPruner", "asha from several first rungs"),
    PrunerEntry("patience", f"{_HOME}.patience:PatiencePruner", "no new best for a while, and beaten"),
    PrunerEntry("optuna-median", f"{_OPTUNA}:OptunaMedian", "Optuna's median rule", needs=OPTUNA),
    PrunerEntry("optuna-asha", f"{_OPTUNA}:OptunaSuccessiveHalving", "Optuna's successive halving", needs=OPTUNA),
    PrunerEntry("optuna-hyperband", f"{_OPTUNA}:OptunaHyperband", "Optuna's Hyperband", needs=OPTUNA),
    PrunerEntry("optuna-patient", f"{_OPTUNA}:OptunaPatient", "Optuna's median rule, patient", needs=OPTUNA),
    PrunerEntry("optuna-wilcoxon", f"{_OPTUNA}:OptunaWilcoxon", "worse than the best, by rank test", needs=OPTUNA),
    PrunerEntry("ray-asha", "strategies.adapters.ray_tune_schedulers:RayAsha", "Ray Tune's ASHA", needs=RAY),
)


@cache
def pruners() -> Mapping[str, PrunerEntry]:
    """Every known pruner by name, plug-ins last."""
    known = {entry.name: entry for entry in TABLE}
    return known | {
        name: PrunerEntry(name, factory, summary, fingerprint=release)
        for name, factory, summary, release in plug_ins(GROUP, known)
    }


def pruner_entry(name: str) -> PrunerEntry:
    """The entry called `name`: of the table, or a user's `module:Class` or `path/to/file.py:Class`.

    The class may be one that was written for Optuna, a subclass of its `BasePruner` that is made without arguments.
    Raises `KeyError` with the nearest names, or with why the user's code cannot be used.
    """
    if name in pruners() or ":" not in name:
        return find(pruners(), name, "pruner")
    found = users_object(name, "pruner")
    if isinstance(found, type) and OPTUNAS_BASE in {f"{base.__module__}.{base.__name__}" for base in found.__mro__}:
        try_to_make(found, name)
        options = {"factory": name}
        return PrunerEntry(
            name, USERS_FACTORY, f"your own {name}", options=options, needs=OPTUNA, fingerprint=fingerprint(name)
        )
    if not (isinstance(found, type) and issubclass(found, Pruner)):
        raise KeyError(
            f"pruner {name!r} is no subclass of strategies.pruners.base.Pruner, nor of optuna.pruners.BasePruner; "
            "see docs/write-your-own.md"
        )
    try_to_make(found, name)
    return PrunerEntry(name, name, f"your own {name}", fingerprint=fingerprint(name))


def try_to_make(found: Callable[[], object], name: str) -> None:
    """Raise `KeyError` where a user's class cannot be made without arguments, as Optuna's `ThresholdPruner`."""
    try:
        with catch_warnings(action="ignore"):  # it will be made again
            found()
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}{place(error)}".split())
        raise KeyError(
            f"pruner {name!r} cannot be made without arguments ({reason}); give a subclass of it whose __init__ sets "
            "them, as in docs/write-your-own.md"
        ) from error
