"""The two spaces that every library's file states in its own words."""

from collections.abc import Callable
from typing import Any, TypeAlias

from problems.space import Categorical, Config, Float, Int, SearchSpace
from tests.strategies.adapters.native.objectives import OBJECTIVES

Objective: TypeAlias = Callable[[dict[str, Any]], float | None]  # None: the trial failed

LOW, HIGH = -5.0, 5.0
BOX_NAMES = [f"x{i}" for i in range(5)]
SPACES = {
    "mixed": SearchSpace(
        (
            Float("rate", 1e-5, 1, log=True),
            Int("width", 16, 256, log=True),
            Int("layers", 1, 4),
            Float("momentum", 0, 0.999),
            Categorical("activation", ("relu", "gelu", "silu")),
        )
    ),
    "box": SearchSpace(tuple(Float(name, LOW, HIGH) for name in BOX_NAMES)),
}


class Recorded:
    """The objective of a space, which keeps the configs that it is asked for; every so many trials one fails."""

    def __init__(self, space: str, *, failing: int = 0) -> None:
        self._objective, self._failing = OBJECTIVES[space], failing
        self.configs: list[Config] = []

    def __call__(self, config: dict[str, Any]) -> float | None:
        self.configs.append(config)
        if self._failing and len(self.configs) % self._failing == 2:
            return None
        return self._objective(config)
