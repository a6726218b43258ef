"""The search space of a run that is over: the problem's own where it can be made here, else what the trials show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.records import RunKey
from bench.run import make_problem
from problems.registry import problem_entry
from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace

MADE, INFERRED = "the problem's", "inferred from the trials"


@dataclass(frozen=True)
class Origin:
    """A space and how we know it."""

    space: SearchSpace | None  # None: there is no trial to infer it from
    how: str


class Spaces:
    """The spaces of runs, each problem made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int, int], SearchSpace | None] = {}

    def of(self, key: RunKey, configs: Sequence[Config]) -> Origin:
        """The space of a run that searched `configs`."""
        instance = key.problem, key.dim, key.instance
        if instance not in self._made:
            self._made[instance] = made(key)
        space = self._made[instance]
        if space is not None and all(fits(space, config) for config in configs):
            return Origin(space, MADE)
        return Origin(inferred(configs), INFERRED)


def made(key: RunKey) -> SearchSpace | None:
    """The space of the problem, made anew; None where that cannot be: not installed, no data, a file that is gone."""
    try:
        if problem_entry(key.problem).unavailable(key.dim):
            return None
        return make_problem(key).space
    except Exception:  # noqa: BLE001  it may be anybody's code, in any state; the space is then said to be inferred
        return None


def fits(space: SearchSpace, config: Mapping[str, Any]) -> bool:
    """Whether `config` is one of `space`: a problem of that name may have changed since."""
    try:
        space.validate(config)
    except ValueError:
        return False
    return True


def inferred(configs: Sequence[Config]) -> SearchSpace | None:
    """The smallest linear space that holds `configs`; parameters that some of them lack are left out."""
    names = [name for name in configs[0] if all(name in config for config in configs)] if configs else []
    return SearchSpace(tuple(parameter(name, [c[name] for c in configs]) for name in names)) if names else None


def parameter(name: str, values: Sequence[Any]) -> Parameter:
    """The smallest range of numbers, or the choices that occurred."""
    kinds = {type(value) for value in values}
    if kinds == {int}:
        return Int(name, min(values), max(values))
    if kinds <= {int, float}:
        return Float(name, min(values), max(values))
    return Categorical(name, tuple({repr(value): value for value in sorted(values, key=repr)}.values()))
