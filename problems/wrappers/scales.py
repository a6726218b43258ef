"""`log` and `linear`: the same landscape behind another scale, declared to the strategy or hidden from it.

`log` declares parameters over some decades whose logarithm is the inner coordinate: who searches the declared scale
meets the inner problem as it is, and who does not finds most of it squeezed into a corner. `linear` declares every
range as linear, whatever its scale: what somebody sees who forgot to say `log=True`.
"""

from dataclasses import dataclass, replace

from numpy.random import Generator

from problems.base import Problem
from problems.space import Categorical, Config, Float, Parameter, SearchSpace
from problems.wrappers.base import Wrapped, moved


@dataclass(frozen=True, kw_only=True)
class OnLogScale(Wrapped):
    """`inner` with its linear ranges in [10^−decades, 1], on a logarithmic scale; units stay what they were."""

    def inward(self, config: Config) -> Config:
        """The inner config at the same units."""
        return translated(config, self.space, self.inner.space)


def translated(config: Config, source: SearchSpace, target: SearchSpace) -> Config:
    """The config of `target` whose units are those of `config` in `source`; what is the same in both stays."""
    return {
        q.name: config[p.name] if p == q else q.from_unit(p.to_unit(config[p.name]))
        for p, q in zip(source, target, strict=True)
    }


def on_log_scale(inner: Problem, name: str, decades: int, dim: int, rng: Generator) -> OnLogScale:
    """`inner` with real numbers over `decades` decades; those on a log scale already, and all others, stay."""

    def stretched(parameter: Parameter) -> Parameter:
        is_linear = isinstance(parameter, Float) and not parameter.log and parameter.low < parameter.high
        return Float(parameter.name, 10.0**-decades, 1.0, log=True) if is_linear else parameter

    space = SearchSpace(tuple(map(stretched, inner.space)))
    optimum = moved(inner.optimum, lambda config: translated(config, inner.space, space))
    return OnLogScale.around(inner, name, space=space, optimum=optimum)


def on_linear_scale(inner: Problem, name: str, value: None, dim: int, rng: Generator) -> Wrapped:
    """`inner` with every range declared as linear; its values are the same."""
    parameters = (p if isinstance(p, Categorical) else replace(p, log=False) for p in inner.space)
    return Wrapped.around(inner, name, space=SearchSpace(tuple(parameters)))
