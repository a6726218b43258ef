"""The loop around Ax's `Client` of its quickstart."""

from typing import Any

from numpy.random import Generator

from strategies.adapters.ax_adapter import handled_by_ax  # before Ax itself, whose import writes a line otherwise
from tests.strategies.adapters.native.spaces import BOX_NAMES, HIGH, LOW, Objective

from ax.api.client import Client  # isort: skip
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig  # isort: skip

NATIVE: dict[str, list[Any]] = {
    "mixed": [
        RangeParameterConfig("rate", (1e-5, 1.0), "float", scaling="log"),
        RangeParameterConfig("width", (16, 256), "int", scaling="log"),
        RangeParameterConfig("layers", (1, 4), "int"),
        RangeParameterConfig("momentum", (0.0, 0.999), "float"),
        ChoiceParameterConfig("activation", ["relu", "gelu", "silu"], "str", is_ordered=False),
    ],
    "box": [RangeParameterConfig(name, (LOW, HIGH), "float") for name in BOX_NAMES],
}


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    with handled_by_ax():
        client = Client(random_seed=int(rng.integers(2**31)))
        client.configure_experiment(NATIVE[space])
        client.configure_optimization("-loss")
        for _ in range(trials):
            ((index, config),) = client.get_next_trials(max_trials=1).items()
            loss = objective(dict(config))
            if loss is None:
                client.mark_trial_failed(index)
            else:
                client.complete_trial(index, {"loss": loss})
