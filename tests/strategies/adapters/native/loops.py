"""Every library's own loop by the name of our strategy; imported only when it is run."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from numpy.random import Generator

from tests.strategies.adapters.native.spaces import Objective


class Run(Protocol):
    """What each file of this folder has; seconds where the loop runs in a process of its own."""

    def __call__(self, name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> float | None: ...


@dataclass(frozen=True)
class Loop:
    """Where it is, and how far it is compared: to a few trials of the model; the box for what knows boxes only."""

    module: str
    trials: int
    space: str = "mixed"
    may_fail: bool = False  # the library has a word for failed trials

    def load(self) -> Run:
        return cast(Run, import_module(f"tests.strategies.adapters.native.{self.module}").run)


OPTUNA, HYPEROPT = Loop("optuna_loop", 20), Loop("hyperopt_loop", 40, may_fail=True)
SKOPT, WANDB = Loop("skopt_loop", 14), Loop("wandb_environment", 14)
RAY = Loop("ray_loop", 25)
LOOPS: Mapping[str, Loop] = {
    "skopt-gp": SKOPT,
    "skopt-forest": SKOPT,
    "hyperopt-tpe": HYPEROPT,
    "hyperopt-anneal": HYPEROPT,
    "hyperopt-random": HYPEROPT,
    "optuna-tpe": OPTUNA,
    "optuna-tpe-independent": OPTUNA,
    "optuna-gp": OPTUNA,
    "optuna-cmaes": OPTUNA,
    "optuna-qmc": OPTUNA,
    "optuna-random": OPTUNA,
    "optuna-grid": OPTUNA,
    "cmaes": Loop("cmaes_loop", 48, may_fail=True),
    "scipy-de": Loop("scipy_loop", 200),
    "smac": Loop("smac_loop", 14),
    "botorch": Loop("botorch_loop", 13, "box"),
    "ax": Loop("ax_loop", 9, may_fail=True),
    "ray-optuna": RAY,
    "ray-hyperopt": RAY,
    "ray-bayesopt": RAY,
    "ray-random": RAY,
    "wandb-bayes": WANDB,
    "wandb-random": WANDB,
    "wandb-grid": WANDB,
    "nevergrad": Loop("nevergrad_environment", 30),
}
