"""`HyperparameterOptimizationFacade.optimize`, with the stated deviations: deterministic, and in an order."""

from tempfile import TemporaryDirectory
from typing import Any

from ConfigSpace import (
    CategoricalHyperparameter,
    ConfigurationSpace,
    UniformFloatHyperparameter,
    UniformIntegerHyperparameter,
)
from numpy.random import Generator
from smac import HyperparameterOptimizationFacade, Scenario

from strategies.adapters.smac_adapter import OrderedSearch
from tests.strategies.adapters.native.spaces import BOX_NAMES, HIGH, LOW, SPACES, Objective

CHOICES = ("relu", "gelu", "silu")
NATIVE: dict[str, list[Any]] = {
    "mixed": [
        UniformFloatHyperparameter("rate", 1e-5, 1, log=True),
        UniformIntegerHyperparameter("width", 16, 256, log=True),
        UniformIntegerHyperparameter("layers", 1, 4),
        UniformFloatHyperparameter("momentum", 0, 0.999),
        CategoricalHyperparameter("activation", [0, 1, 2]),
    ],
    "box": [UniformFloatHyperparameter(name, LOW, HIGH) for name in BOX_NAMES],
}


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    names = SPACES[space].names

    def train(drawn: Any, seed: int = 0) -> float | None:
        config = {name: drawn[name] for name in names}
        return objective(config | {"activation": CHOICES[drawn["activation"]]} if space == "mixed" else config)

    with TemporaryDirectory() as folder:
        scenario = Scenario(
            ConfigurationSpace(space=NATIVE[space]), output_directory=folder, deterministic=True, n_trials=trials,
            seed=int(rng.integers(2**31)),
        )  # fmt: skip
        HyperparameterOptimizationFacade(
            scenario, train, acquisition_maximizer=OrderedSearch(scenario, 10_000, 10), logging_level=False
        ).optimize()
