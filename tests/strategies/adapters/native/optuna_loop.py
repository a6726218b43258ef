"""`study.optimize`, with an objective that suggests its parameters."""

from collections.abc import Callable
from typing import Any

import optuna
from numpy.random import Generator
from optuna.samplers import BaseSampler

from strategies.grid_search import balanced_levels
from tests.strategies.adapters.native.spaces import BOX_NAMES, HIGH, LOW, SPACES, Objective


def mixed(trial: optuna.Trial) -> dict[str, Any]:
    return {
        "rate": trial.suggest_float("rate", 1e-5, 1, log=True),
        "width": trial.suggest_int("width", 16, 256, log=True),
        "layers": trial.suggest_int("layers", 1, 4),
        "momentum": trial.suggest_float("momentum", 0, 0.999),
        "activation": trial.suggest_categorical("activation", ("relu", "gelu", "silu")),
    }


def box(trial: optuna.Trial) -> dict[str, Any]:
    return {name: trial.suggest_float(name, LOW, HIGH) for name in BOX_NAMES}


SUGGEST = {"mixed": mixed, "box": box}
SAMPLERS: dict[str, Callable[[int], BaseSampler]] = {
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "optuna-tpe-independent": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=False),
    "optuna-gp": lambda seed: optuna.samplers.GPSampler(seed=seed),
    "optuna-cmaes": lambda seed: optuna.samplers.CmaEsSampler(seed=seed),
    "optuna-qmc": lambda seed: optuna.samplers.QMCSampler(seed=seed),
    "optuna-random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}


def grid(space: str, trials: int, seed: int) -> BaseSampler:
    """Over the levels of our own grid: the stated deviation."""
    points = SPACES[space].grid(balanced_levels(SPACES[space], trials))
    axes = {name: list(axis) for name, axis in zip(points.names, points.axes, strict=True)}
    return optuna.samplers.GridSampler(axes, seed=seed)


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    seed = int(rng.integers(2**31))
    sampler = grid(space, trials, seed) if name == "optuna-grid" else SAMPLERS[name](seed)
    study = optuna.create_study(sampler=sampler)
    study.optimize(lambda trial: objective(SUGGEST[space](trial)), n_trials=trials)
