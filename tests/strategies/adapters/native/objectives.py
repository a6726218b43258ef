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


OBJECTIVES: dict[str, Callable[[Mapping[str, Any]], float]] = {"mixed": valley, "box": sphere}
