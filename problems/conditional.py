"""A space with conditions: how many layers there are decides which of the widths matter.

`f(x) = |l − l*| + ¼ Σ_{i ≤ l} log₂²(w_i / w*_i)`: l is the number of layers and w_i the width of layer i. A layer too
few or too many costs 1, and so does a width that is off by two octaves; those beyond the last layer are ignored. Deep
networks pay for all their widths while these are wrong, so that a search may stop too early at shallow ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Config, Int, SearchSpace

WIDEST, NARROWEST = 1024, 16
WIDTH_WEIGHT = 0.25  # of a squared octave


@dataclass(frozen=True, kw_only=True)
class ConditionalProblem(Problem):
    """A number of layers and the width of each; free of noise."""

    layers: int  # l*
    widths: tuple[int, ...]  # w*, one for every layer that there may be

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """The value, once; `rng` is not used."""
        value = float(abs(config["layers"] - self.layers))
        for i, best in enumerate(self.widths[: config["layers"]], start=1):
            value += WIDTH_WEIGHT * log2(config[f"width{i}"] / best) ** 2
        yield Evaluation(value, value)


def make(name: str, dim: int, instance: int, rng: Generator) -> ConditionalProblem:
    """Up to `dim` − 1 layers; `rng` draws how many are best, and how wide, anywhere but at the ends."""
    most = dim - 1
    of_layers = tuple(Int(f"width{i}", NARROWEST, WIDEST, log=True) for i in range(1, most + 1))
    layers = int(rng.integers(1, most, endpoint=True))
    widths = tuple(p.from_unit(unit) for p, unit in zip(of_layers, rng.uniform(0.05, 0.95, most).tolist(), strict=True))
    minimiser = {"layers": layers} | {f"width{i}": width for i, width in enumerate(widths, start=1)}
    return ConditionalProblem(
        name=name,
        instance=instance,
        space=SearchSpace((Int("layers", 1, most), *of_layers)),
        source="search-bench",
        optimum=Optimum(0.0, "analytic", (minimiser,)),
        layers=layers,
        widths=widths,
    )
