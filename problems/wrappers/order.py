"""`permuted` and `embedded`: the same parameters in another order, or among others that do not matter.

A search that gains or loses by either hangs on what no user knows: which parameter is named first, which matter.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, cycle

import numpy as np
from numpy.random import Generator

from problems.base import Problem
from problems.space import Categorical, Config, Parameter, SearchSpace
from problems.wrappers.base import Wrapped, moved

ANYWHERE = 0.25  # unit at which a minimiser states parameters that do not matter; any other would do


def permuted(inner: Problem, name: str, value: None, dim: int, rng: Generator) -> Wrapped:
    """`inner` with parameters, and the choices of each categorical, in an order that `rng` draws."""
    parameters = [inner.space.parameters[i] for i in rng.permutation(len(inner.space))]
    return with_space(inner, name, [shuffled(parameter, rng) for parameter in parameters])


def shuffled(parameter: Parameter, rng: Generator) -> Parameter:
    """A categorical with its choices in another order; a number as it is."""
    if not isinstance(parameter, Categorical):
        return parameter
    choices = parameter.choices
    return Categorical(parameter.name, tuple(choices[i] for i in rng.permutation(len(choices))))


def embedded(inner: Problem, name: str, effective: int, dim: int, rng: Generator) -> Wrapped:
    """The `effective` parameters of `inner` in their order, at drawn places among `dim`.

    The others have no effect at all; they are of the same kinds and ranges, so that nothing tells them apart.
    """
    places = set(rng.choice(dim, size=effective, replace=False).tolist())
    own, others = iter(inner.space), unused(inner.space)
    return with_space(inner, name, [next(own if place in places else others) for place in range(dim)])


def unused(space: SearchSpace) -> Iterator[Parameter]:
    """Endless copies of the parameters of `space` under free names."""
    free = (name for i in count(1) if (name := f"unused{i}") not in space.names)
    return (replace(parameter, name=name) for parameter, name in zip(cycle(space), free, strict=False))


def with_space(inner: Problem, name: str, parameters: list[Parameter]) -> Wrapped:
    """`inner` behind these parameters, which are its own and any others."""
    space = SearchSpace(tuple(parameters))
    anywhere = space.from_unit(np.full(len(space), ANYWHERE))

    def outward(config: Config) -> Config:
        return anywhere | config  # in the order of the space

    return Wrapped.around(inner, name, space=space, optimum=moved(inner.optimum, outward))
