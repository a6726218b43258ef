"""The 24 noise-free functions of COCO's BBOB suite, in 2 to 40 dimensions, on the box [-5, 5].

COCO's own code is called, so its values are COCO's; an instance is COCO's instance, shifted and rotated by its rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import cocoex
import numpy as np
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Config, Float, SearchSpace


@dataclass(frozen=True, kw_only=True)
class BBOBProblem(Problem):
    """One function of the suite; free of noise."""

    function: int  # 1 … 24
    _coco: Any = field(repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """COCO's object is a C struct: another process makes its own."""
        return _make, (self.name, self.dim, self.instance, self.function)

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """The value, once; `rng` is not used."""
        value = float(self._coco(np.array([config[name] for name in self.space.names])))
        yield Evaluation(value, value)


def _make(name: str, dim: int, instance: int, function: int) -> BBOBProblem:
    coco = cocoex.BareProblem("bbob", function, dim, instance + 1)  # COCO counts its instances from 1
    return BBOBProblem(
        name=name,
        instance=instance,
        space=SearchSpace(tuple(Float(f"x{j}", -5, 5) for j in range(1, dim + 1))),
        source="Hansen et al. 2009, Real-Parameter Black-Box Optimization Benchmarking 2009, INRIA RR-6829",
        optimum=Optimum(float(coco.best_value()), "analytic"),
        function=function,
        _coco=coco,
    )


def bbob(name: str, dim: int, instance: int, rng: Generator, *, function: int) -> BBOBProblem:
    """BBOB's `function` in `dim` dimensions; `rng` is not used, since COCO draws its instances itself."""
    return _make(name, dim, instance, function)
