"""The table of strategies: a new one is one line here, or an entry point of the group `search_bench.strategies`."""

import hashlib
import json
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from numpy.random import Generator

from problems.entries import Entry, Needs, find
from problems.loading import fingerprint, obstacle, resolve, users_object
from problems.plugins import plug_ins
from problems.space import SearchSpace
from strategies.base import Strategy
from strategies.names import parts_of_name

GROUP = "search_bench.strategies"
PROCESS = "exec:"  # what follows is a command that speaks our protocol
PREPARED = "prepared:"  # what follows is a file that says what a stage of a tuning does


@dataclass(frozen=True)
class StrategyEntry(Entry):
    """How to make a strategy: `factory` is called as `Class(space, budget=…, rng=…, **options)`."""

    given: str = ""  # how many first trials it is given, `"10"` or `"2d"`; `make` makes the searcher alone
    workers: int = 1  # simulated
    anytime: bool = False  # whether a run with a smaller budget is the beginning of one with a larger

    @property
    def searcher(self) -> str:
        """The name without what is given, and without workers."""
        return self.name.removesuffix(f"@{self.workers}w").removesuffix(f"@{self.given}")

    def refusal(self, dim: int) -> str | None:
        """Why `dim` dimensions, or given trials, are not for this one, or None."""
        if not self.given or self.needs.missing() or obstacle(self.factory):
            return super().refusal(dim)
        if not self.load().takes_given:
            return f"{self.searcher} cannot be given trials that it did not propose"
        return super().refusal(dim)

    def load(self) -> type[Strategy]:
        """Import the class; raises `ImportError` when a package that it needs is missing."""
        strategy_class: type[Strategy] = resolve(self.factory)
        return strategy_class

    def version(self) -> str:
        """What identifies the code that ran: `"optuna 5.0.0"`, or our own version for what is homemade."""
        return self.fingerprint or self.needs.version() or f"search-bench {version('search-bench')}"

    def make(self, space: SearchSpace, *, budget: int, rng: Generator) -> Strategy:
        """A fresh strategy for one run."""
        return self.load()(space, budget=budget, rng=rng, **self.options)


SKOPT = Needs("skopt", ("skopt",), "scikit-optimize")
HYPEROPT = Needs("hyperopt", ("hyperopt",), "hyperopt")
OPTUNA = Needs("optuna", ("optuna",), "optuna")
OPTUNA_GP = Needs("optuna,torch", ("optuna", "torch"), "optuna")
OPTUNA_CMAES = Needs("optuna", ("optuna", "cmaes"), "optuna")
CMAES = Needs("cmaes", ("cmaes",), "cmaes")
SMAC = Needs("smac", ("smac",), "smac")
SCIPY = Needs(distribution="scipy")
BOTORCH = Needs("botorch", ("botorch",), "botorch")
AX = Needs("ax", ("ax",), "ax-platform")
RAY = Needs("ray", ("ray", "bayes_opt", "optuna", "hyperopt"), "ray")
RAY_NEVERGRAD = Needs(
    broken="does not run here: Nevergrad 1.0's NGOpt never answers a second ask before a first tell; use nevergrad"
)
RAY_AX = Needs(broken="does not run here: AxSearch of Ray 2.60 needs an interface that Ax 1.3 no longer has; use ax")
WANDB = Needs(environment="wandb")
NEVERGRAD = Needs(environment="nevergrad")
NGOPT = "nevergrad 1.0.12"  # as strategies/environments/nevergrad.txt pins it
SWEEPS = "sweeps 0.3.0"  # as strategies/environments/wandb.txt pins it

_LINEAR = "strategies.linear_scale:LinearScale"
_SKOPT = "strategies.adapters.skopt_adapter"
_HYPEROPT = "strategies.adapters.hyperopt_adapter"
_OPTUNA = "strategies.adapters.optuna_adapter"
_CMAES = "strategies.adapters.cmaes_adapter"
_SMAC = "strategies.adapters.smac_adapter"
_SCIPY = "strategies.adapters.scipy_adapter"
_BOTORCH = "strategies.adapters.botorch_adapter"
_AX = "strategies.adapters.ax_adapter"
_RAY = "strategies.adapters.ray_tune_adapter"
_WANDB = "strategies.adapters.wandb_adapter"
_NEVERGRAD = "strategies.adapters.nevergrad_adapter"
_PROCESS = "strategies.adapters.process_adapter:ProcessStrategy"
_PREPARED = "strategies.prepared"

TABLE: tuple[StrategyEntry, ...] = (
    StrategyEntry("grid", "strategies.grid_search:GridSearch", "cell-centred grid in random order"),
    StrategyEntry("random", "strategies.random_search:RandomSearch", "independent draws from the space", anytime=True),
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
    StrategyEntry("sobol", "strategies.quasirandom_search:SobolSearch", "scrambled Sobol' sequence", anytime=True),
    StrategyEntry(
        "sobol-repeated",
        "strategies.quasirandom_search:RepeatedSobolSearch",
        "sobol, every tenth trial a repetition",
        only_by_name=True,
        anytime=True,
    ),
    StrategyEntry("lhs", "strategies.quasirandom_search:LatinHypercubeSearch", "Latin hypercube of the whole budget"),
    StrategyEntry("skopt-gp", f"{_SKOPT}:SkoptGP", "Gaussian process, hedged acquisitions", needs=SKOPT, anytime=True),
    StrategyEntry("skopt-forest", f"{_SKOPT}:SkoptForest", "extremely randomised trees, EI", needs=SKOPT, anytime=True),
    StrategyEntry(
        "hyperopt-tpe", f"{_HYPEROPT}:HyperoptTPE", "independent Parzen estimators", needs=HYPEROPT, anytime=True
    ),
    StrategyEntry(
        "hyperopt-anneal", f"{_HYPEROPT}:HyperoptAnneal", "shrinking neighbourhoods", needs=HYPEROPT, anytime=True
    ),
    StrategyEntry("hyperopt-random", f"{_HYPEROPT}:HyperoptRandom", "independent draws", needs=HYPEROPT, anytime=True),
    StrategyEntry(
        "optuna-tpe", f"{_OPTUNA}:OptunaTPE", "joint Parzen estimator, Optuna's default", needs=OPTUNA, anytime=True
    ),
    StrategyEntry(
        "optuna-tpe-independent",
        f"{_OPTUNA}:OptunaIndependentTPE",
        "independent Parzen estimators",
        needs=OPTUNA,
        anytime=True,
    ),
    StrategyEntry("optuna-gp", f"{_OPTUNA}:OptunaGP", "Gaussian process, log EI", needs=OPTUNA_GP, anytime=True),
    StrategyEntry(
        "optuna-cmaes",
        f"{_OPTUNA}:OptunaCMAES",
        "covariance matrix adaptation",
        needs=OPTUNA_CMAES,
        min_dim=2,
        anytime=True,
    ),
    StrategyEntry("optuna-qmc", f"{_OPTUNA}:OptunaQMC", "Sobol' sequence, not scrambled", needs=OPTUNA, anytime=True),
    StrategyEntry("optuna-random", f"{_OPTUNA}:OptunaRandom", "independent draws", needs=OPTUNA, anytime=True),
    StrategyEntry("optuna-grid", f"{_OPTUNA}:OptunaGrid", "our grid's levels, shuffled by Optuna", needs=OPTUNA),
    StrategyEntry("cmaes", f"{_CMAES}:CMAES", "covariance matrix adaptation, no restarts", needs=CMAES, anytime=True),
    StrategyEntry(
        "scipy-de",
        f"{_SCIPY}:DifferentialEvolution",
        "differential evolution, then polished",
        needs=SCIPY,
        anytime=True,
    ),
    StrategyEntry("smac", f"{_SMAC}:SMAC", "random forest, expected improvement of log values", needs=SMAC),
    StrategyEntry("botorch", f"{_BOTORCH}:BoTorch", "Gaussian process, log EI", needs=BOTORCH, anytime=True),
    StrategyEntry("ax", f"{_AX}:Ax", "centre, Sobol' points, then BoTorch's models", needs=AX, anytime=True),
    StrategyEntry("ray-optuna", f"{_RAY}:RayOptuna", "Optuna's TPE behind Ray Tune", needs=RAY, anytime=True),
    StrategyEntry("ray-hyperopt", f"{_RAY}:RayHyperopt", "hyperopt's TPE behind Ray Tune", needs=RAY, anytime=True),
    StrategyEntry(
        "ray-bayesopt", f"{_RAY}:RayBayesOpt", "Gaussian process, UCB, behind Ray Tune", needs=RAY, anytime=True
    ),
    StrategyEntry("ray-nevergrad", f"{_RAY}:RayNevergrad", "Nevergrad's NGOpt behind Ray Tune", needs=RAY_NEVERGRAD),
    StrategyEntry("ray-random", f"{_RAY}:RayRandom", "independent draws, Ray Tune's default", needs=RAY, anytime=True),
    StrategyEntry("ray-ax", f"{_RAY}:RayAx", "Ax behind Ray Tune", needs=RAY_AX),
    StrategyEntry(
        "wandb-bayes", f"{_WANDB}:WandbBayes", "Gaussian process, W&B Sweeps", needs=WANDB, fingerprint=SWEEPS
    ),
    StrategyEntry(
        "wandb-random", f"{_WANDB}:WandbRandom", "independent draws, W&B Sweeps", needs=WANDB, fingerprint=SWEEPS
    ),
    StrategyEntry(
        "wandb-grid", f"{_WANDB}:WandbGrid", "our grid's levels, in W&B's order", needs=WANDB, fingerprint=SWEEPS
    ),
    StrategyEntry(
        "nevergrad", f"{_NEVERGRAD}:Nevergrad", "NGOpt: an optimiser per problem", needs=NEVERGRAD, fingerprint=NGOPT
    ),
)


@cache
def strategies() -> Mapping[str, StrategyEntry]:
    """Every known strategy by name, plug-ins last."""
    known = {entry.name: entry for entry in TABLE}
    return known | {
        name: StrategyEntry(name, factory, summary, fingerprint=release)
        for name, factory, summary, release in plug_ins(GROUP, known)
    }


def strategy_entry(name: str) -> StrategyEntry:
    """The entry called `name`: of the table, `exec:COMMAND`, `module:Class` or `path/to/file.py:Class`.

    `NAME@10` and `NAME@2d` are that strategy after so many trials that are the same for all, `NAME@8w` with so many
    simulated workers, `NAME@10@8w` both. Raises `KeyError` with the nearest names, or with why the user's code cannot
    be used.
    """
    searcher, given, workers = parts_of_name(name)
    if given or workers > 1:
        entry = strategy_entry(searcher)
        if entry.name != entry.searcher:
            raise KeyError(f"strategy {name!r} says twice what it is given, or how many workers it has; write it once")
        said = [entry.summary, *([f"after {given} given trials"] if given else [])]
        said += [f"with {workers} workers"] if workers > 1 else []
        return replace(entry, name=name, given=given, workers=workers, summary=", ".join(said))
    if name in strategies() or ":" not in name:
        return find(strategies(), name, "strategy")
    if name.startswith(PREPARED):
        return prepared_entry(name)
    return process_entry(name) if name.startswith(PROCESS) else users_entry(name)


def users_entry(name: str) -> StrategyEntry:
    """The entry of a class of the user, which is imported here; raises `KeyError` where it is no strategy."""
    found = users_object(name, "strategy")
    if not (isinstance(found, type) and issubclass(found, Strategy)):
        raise KeyError(f"strategy {name!r} is no subclass of strategies.base.Strategy; see docs/write-your-own.md")
    return StrategyEntry(name, name, f"your own {name}", fingerprint=fingerprint(name))


def process_entry(name: str) -> StrategyEntry:
    """The entry of a command that speaks the protocol; raises `KeyError` where its first word is no program."""
    try:
        words = shlex.split(name.removeprefix(PROCESS))
    except ValueError as error:
        raise KeyError(f"strategy {name!r} cannot be split into words: {error}") from error
    if not words or shutil.which(words[0]) is None:
        raise KeyError(f"strategy {name!r} needs a program that can be started; see docs/process-protocol.md")
    files = [Path(word) for word in words if Path(word).is_file()]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    print_of = f"{', '.join(path.name for path in files)} {code}" if files else f"{words[0]}, version unknown"
    return StrategyEntry(name, _PROCESS, "a process of its own", options={"command": words}, fingerprint=print_of)


@dataclass(frozen=True)
class PreparedEntry(StrategyEntry):
    """A strategy that a file prepares; it draws the same wherever that file lies."""

    @property
    def searcher(self) -> str:
        """The file's name alone."""
        return f"{PREPARED}{Path(self.name.removeprefix(PREPARED)).stem}"


def prepared_entry(name: str) -> StrategyEntry:
    """The entry of what a file prepares; raises `KeyError` where there is none, or none of ours."""
    file = Path(name.removeprefix(PREPARED))
    try:
        content = file.read_bytes()
        form = json.loads(content)
        lists = "configs" in form
        code = f"{file.name} {hashlib.sha256(content).hexdigest()[:12]}"
        version = code if lists else f"{strategy_entry(form['searcher']).version()}, {code}"
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise KeyError(f"strategy {name!r} needs a file that a tuning wrote, got {file}: {error}") from error
    made = ("ListedConfigs", "configs of a list") if lists else ("PreparedSearch", f"{form['searcher']}, prepared")
    return PreparedEntry(name, f"{_PREPARED}:{made[0]}", made[1], options={"file": str(file)}, fingerprint=version)
