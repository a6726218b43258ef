"""What the loops minimise, in plain Python: the other end of W&B's loop has no search-bench."""

import math
from collections.abc import Callable, Mapping
from typing import Any

COSTS = {"relu": 0.0, "gelu": 0.5, "silu": 1.0}


def valley(config: Mapping[str, Any]) -> float:
    """A bowl around sensible hyperparameters."""
    rate, width = math.log10(config["rate"]) + 3, math.log2(config["width"]) - 6
    layers, momentum = config["layers"] - 2, config["momentum"] - 0.9
    return float(rate * rate + width * width + layers * layers + momentum * momentum + COSTS[config["activation"]])


def sphere(config: Mapping[str, Any]) -> float:
    """A bowl."""
    return float(sum(x * x for x in config.values()))


def valley_in_the_middle(config: Mapping[str, Any]) -> float:
    """Where no bound is the best, and no slope vanishes."""
    return float(sum(abs(x - 0.3) for x in config.values()))


OBJECTIVES: dict[str, Callable[[Mapping[str, Any]], float]] = {
    "mixed": valley,
    "box": sphere,
    "two numbers": valley_in_the_middle,  # nevergrad's alone, which chooses by the space
    "one number": valley_in_the_middle,
}
