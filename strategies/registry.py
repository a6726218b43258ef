"""The table of strategies: a new one is one line here, or an entry point of the group `search_bench.strategies`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points, version

from numpy.random import Generator

from problems.loading import resolve
from problems.plugins import Entry, Needs, find
from problems.space import SearchSpace
from strategies.base import Strategy

GROUP = "search_bench.strategies"


@dataclass(frozen=True)
class StrategyEntry(Entry):
    """How to make a strategy: `factory` is called as `Class(space, budget=…, rng=…, **options)`."""

    def load(self) -> type[Strategy]:
        """Import the class; raises `ImportError` when a package that it needs is missing."""
        strategy_class: type[Strategy] = resolve(self.factory)
        return strategy_class

    def version(self) -> str:
        """What identifies the code that ran: `"optuna 5.0.0"`, or our own version for what is homemade."""
        return self.needs.version() or f"search-bench {version('search-bench')}"

    def make(self, space: SearchSpace, *, budget: int, rng: Generator) -> Strategy:
        """A fresh strategy for one run."""
        return self.load()(space, budget=budget, rng=rng, **self.options)


SKOPT = Needs("skopt", ("skopt",), "scikit-optimize")
HYPEROPT = Needs("hyperopt", ("hyperopt",), "hyperopt")
OPTUNA = Needs("optuna", ("optuna",), "optuna")
OPTUNA_GP = Needs("optuna,torch", ("optuna", "torch"), "optuna")
OPTUNA_CMAES = Needs("optuna", ("optuna", "cmaes"), "optuna")
BOTORCH = Needs("botorch", ("botorch",), "botorch")
AX = Needs("ax", ("ax",), "ax-platform")

_LINEAR = "strategies.linear_scale:LinearScale"
_SKOPT = "strategies.adapters.skopt_adapter"
_HYPEROPT = "strategies.adapters.hyperopt_adapter"
_OPTUNA = "strategies.adapters.optuna_adapter"
_BOTORCH = "strategies.adapters.botorch_adapter"
_AX = "strategies.adapters.ax_adapter"

TABLE: tuple[StrategyEntry, ...] = (
    StrategyEntry("grid", "strategies.grid_search:GridSearch", "cell-centred grid in random order"),
    StrategyEntry("random", "strategies.random_search:RandomSearch", "independent draws from the space"),
    StrategyEntry("gp", "strategies.gp_search:GPSearch", "Gaussian process, log expected improvement"),
    StrategyEntry("gp-logei", "strategies.gp_search:GPSearch", "the same as gp", options={"acquisition": "logei"}),
    StrategyEntry("gp-ei", "strategies.gp_search:GPSearch", "gp, expected improvement", options={"acquisition": "ei"}),
    StrategyEntry("gp-ucb", "strategies.gp_search:GPSearch", "gp, confidence bound", options={"acquisition": "ucb"}),
    StrategyEntry("gp-pi", "strategies.gp_search:GPSearch", "gp, log P(improvement)", options={"acquisition": "pi"}),
    *(
        StrategyEntry(
            f"{name}-linear", _LINEAR, f"{name}, blind to log scales", options={"searcher": name}, only_by_name=True
        )
        for name in ("random", "gp")
    ),
    StrategyEntry("sobol", "strategies.quasirandom_search:SobolSearch", "scrambled Sobol' sequence"),
    StrategyEntry("lhs", "strategies.quasirandom_search:LatinHypercubeSearch", "Latin hypercube of the whole budget"),
    StrategyEntry("skopt-gp", f"{_SKOPT}:SkoptGP", "Gaussian process, hedged acquisitions", needs=SKOPT),
    StrategyEntry("skopt-forest", f"{_SKOPT}:SkoptForest", "extremely randomised trees, EI", needs=SKOPT),
    StrategyEntry("hyperopt-tpe", f"{_HYPEROPT}:HyperoptTPE", "independent Parzen estimators", needs=HYPEROPT),
    StrategyEntry("hyperopt-anneal", f"{_HYPEROPT}:HyperoptAnneal", "shrinking neighbourhoods", needs=HYPEROPT),
    StrategyEntry("hyperopt-random", f"{_HYPEROPT}:HyperoptRandom", "independent draws", needs=HYPEROPT),
    StrategyEntry("optuna-tpe", f"{_OPTUNA}:OptunaTPE", "joint Parzen estimator, Optuna's default", needs=OPTUNA),
    StrategyEntry(
        "optuna-tpe-independent", f"{_OPTUNA}:OptunaIndependentTPE", "independent Parzen estimators", needs=OPTUNA
    ),
    StrategyEntry("optuna-gp", f"{_OPTUNA}:OptunaGP", "Gaussian process, log EI", needs=OPTUNA_GP),
    StrategyEntry(
        "optuna-cmaes", f"{_OPTUNA}:OptunaCMAES", "covariance matrix adaptation", needs=OPTUNA_CMAES, min_dim=2
    ),
    StrategyEntry("optuna-qmc", f"{_OPTUNA}:OptunaQMC", "Sobol' sequence, not scrambled", needs=OPTUNA),
    StrategyEntry("optuna-random", f"{_OPTUNA}:OptunaRandom", "independent draws", needs=OPTUNA),
    StrategyEntry("optuna-grid", f"{_OPTUNA}:OptunaGrid", "our grid's levels, shuffled by Optuna", needs=OPTUNA),
    StrategyEntry("botorch", f"{_BOTORCH}:BoTorch", "Gaussian process, log EI", needs=BOTORCH),
    StrategyEntry("ax", f"{_AX}:Ax", "centre, Sobol' points, then BoTorch's models", needs=AX),
)


@cache
def strategies() -> Mapping[str, StrategyEntry]:
    """Every known strategy by name, plug-ins last."""
    plugins = (StrategyEntry(e.name, e.value, f"plug-in {e.value}") for e in entry_points(group=GROUP))
    return {entry.name: entry for entry in (*TABLE, *plugins)}


def strategy_entry(name: str) -> StrategyEntry:
    """The entry called `name`; raises `KeyError` with the nearest names."""
    return find(strategies(), name, "strategy")
