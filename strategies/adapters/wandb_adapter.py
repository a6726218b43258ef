"""W&B's open sweep package `sweeps`, offline, in an environment of its own: it needs numpy 1.

`python -m bench setup wandb` makes the environment. No account, no network: `next_run` is a function of the runs.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from numpy.random import Generator

from problems.environments import command_of
from problems.space import Categorical, SearchSpace
from strategies.adapters.process_adapter import ProcessStrategy
from strategies.base import Card
from strategies.grid_search import balanced_levels

SPACE = {"log integers": "drawn from half a step outside their range and clipped, so that the end values are as likely"}
CHILD = Path(__file__).with_name("wandb_child.py")


class WandbSweep(ProcessStrategy):
    """What the three methods share. A failed trial is a failed run, for which W&B imputes the worst value."""

    method: ClassVar[str]

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        command = [*command_of("wandb"), str(CHILD), self.method]
        super().__init__(space, budget=budget, rng=rng, command=command)


class WandbBayes(WandbSweep):
    """Gaussian process with Matérn-3/2 kernel and expected improvement over a thousand random candidates."""

    method = "bayes"
    reference = "https://docs.wandb.ai/guides/sweeps (package sweeps)"
    card = Card(
        initial_design="independent random draws until 2 trials are told: the package's rule",
        log_scales="modelled in the logarithm",
        integers="modelled by their place in the distribution, searched as real numbers, and rounded",
        choices="their position, as if they had an order",
        pending="believed to come out as the model expects",
        failures="count as the worst value so far, or as 0 before the first success",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "values": "clipped to ±1e100, because their standard deviation overflows beyond",
        **SPACE,
    }


class WandbRandom(WandbSweep):
    """Independent draws."""

    method = "random"
    reference = "Bergstra & Bengio 2012, JMLR 13:281-305 (package sweeps)"
    card = Card(
        initial_design="none: every trial is an independent draw",
        log_scales="uniform in the logarithm",
        integers="uniform over the values; on a log scale a rounded log-uniform draw",
        choices="all equally likely",
        pending="do not matter",
        failures="do not matter; they cost budget",
    )
    deviations: ClassVar[Mapping[str, str]] = SPACE


class WandbGrid(WandbSweep):
    """W&B's grid over the levels of our own `grid`."""

    method = "grid"
    reference = "https://docs.wandb.ai/guides/sweeps (package sweeps)"
    card = Card(
        initial_design="none: all trials are points of the grid, in the order of their levels; those by our rule",
        log_scales="levels evenly spaced in the logarithm",
        integers="distinct values, evenly spaced on their scale",
        choices="as many as there are levels, evenly spaced in their order where not all",
        pending="do not matter",
        failures="do not matter; the point is not tried again",
    )
    deviations: ClassVar[Mapping[str, str]] = {"values": "a required argument: the levels of our own grid"}

    def start(self) -> dict[str, Any]:
        """With the grid's levels per parameter, choices by position."""
        grid = self.space.grid(balanced_levels(self.space, self.budget))
        axes = [
            [p.index(value) for value in axis] if isinstance(p, Categorical) else list(axis)
            for p, axis in zip(self.space, grid.axes, strict=True)
        ]
        return {**super().start(), "axes": axes}
