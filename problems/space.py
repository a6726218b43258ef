"""The search space: named parameters, and the unit cube that every strategy may search instead of them.

| symbol | meaning |
|---|---|
| `d` | number of parameters |
| unit | a number in [0, 1] that stands for one value of a parameter; a uniform unit is a draw from its prior |
| cell | the part of the unit interval that decodes to one value of an `Int` or a `Categorical` |
| `D` | columns of the one-hot form: one per number, one per choice of a categorical |
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Scalar: TypeAlias = str | int | float | bool | None
Config: TypeAlias = dict[str, Any]  # parameter name -> native Python scalar
Floats: TypeAlias = NDArray[np.float64]


def _check_range(name: str, low: float, high: float, log: bool) -> None:
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"a range needs finite bounds, got [{low}, {high}] for parameter {name!r}; give numbers")
    if low > high:
        raise ValueError(f"a range needs low <= high, got [{low}, {high}] for parameter {name!r}; swap them")
    if log and low <= 0:
        raise ValueError(f"log range needs low > 0, got low={low} for parameter {name!r}; use log=False or raise low")


@dataclass(frozen=True, slots=True)
class Float:
    """A real number in [low, high], uniform on a linear or logarithmic scale; `low == high` is allowed."""

    name: str
    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", float(self.low))
        object.__setattr__(self, "high", float(self.high))
        _check_range(self.name, self.low, self.high, self.log)

    @property
    def cardinality(self) -> float:
        """How many values there are: 1 or infinitely many."""
        return 1 if self.low == self.high else math.inf

    def contains(self, value: object) -> bool:
        """Whether `value` is a native float in range."""
        return type(value) is float and self.low <= value <= self.high

    def from_unit(self, unit: float) -> float:
        """The value at `unit` in [0, 1]; never outside [low, high], whatever the rounding."""
        low, high = self.low, self.high
        if self.log:
            log_low = math.log(low)
            value = math.exp(log_low + unit * (math.log(high) - log_low))
        else:
            value = low + unit * (high - low)
        return value if low <= value <= high else min(max(value, low), high)

    def to_unit(self, value: float) -> float:
        """The unit of `value`; the middle for a range of one value."""
        if self.low == self.high:
            return 0.5
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def snap(self, units: Floats) -> Floats:
        """Units moved to the nearest that stand for a value exactly; shape kept."""
        return np.full_like(units, 0.5) if self.low == self.high else units


@dataclass(frozen=True, slots=True)
class Int:
    """An integer in {low, …, high}; on a log scale small numbers get wider cells, as in a rounded log-uniform draw."""

    name: str
    low: int
    high: int
    log: bool = False

    def __post_init__(self) -> None:
        if type(self.low) is not int or type(self.high) is not int:
            raise ValueError(
                f"an Int range needs int bounds, got [{self.low!r}, {self.high!r}] for parameter {self.name!r}"
            )
        _check_range(self.name, self.low, self.high, self.log)

    @property
    def cardinality(self) -> float:
        """How many values there are."""
        return self.high - self.low + 1

    def contains(self, value: object) -> bool:
        """Whether `value` is a native int (no bool) in range."""
        return type(value) is int and self.low <= value <= self.high

    def _edges(self) -> tuple[float, float]:
        """The cells' outer edges: half a step beyond the bounds, in log where the scale is."""
        low, high = self.low - 0.5, self.high + 0.5
        return (math.log(low), math.log(high)) if self.log else (low, high)

    def from_unit(self, unit: float) -> int:
        """The value in whose cell `unit` lies."""
        low, high = self._edges()
        position = low + unit * (high - low)
        value = math.floor((math.exp(position) if self.log else position) + 0.5)
        return min(max(value, self.low), self.high)

    def to_unit(self, value: int) -> float:
        """The unit of `value`: on a linear scale the centre of its cell; always decoded to `value` again."""
        low, high = self._edges()
        return ((math.log(value) if self.log else value) - low) / (high - low)

    def snap(self, units: Floats) -> Floats:
        """Units moved to those of the values they decode to; shape kept."""
        low, high = self._edges()
        position = low + units * (high - low)
        values = np.clip(np.floor((np.exp(position) if self.log else position) + 0.5), self.low, self.high)
        snapped: Floats = ((np.log(values) if self.log else values) - low) / (high - low)
        return snapped


@dataclass(frozen=True, slots=True)
class Categorical:
    """One of `choices`, JSON scalars without an order; `1`, `1.0`, `True` and `"1"` are four different choices."""

    name: str
    choices: tuple[Scalar, ...]
    _index: dict[tuple[type, Scalar], int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", tuple(self.choices))
        for choice in self.choices:
            if not (choice is None or type(choice) in (str, int, float, bool)) or choice != choice:
                raise ValueError(f"a choice must be a JSON scalar, got {choice!r} for parameter {self.name!r}")
        index = {(type(choice), choice): i for i, choice in enumerate(self.choices)}
        if not self.choices or len(index) < len(self.choices):
            raise ValueError(f"choices must be distinct and at least one, got {self.choices!r} for {self.name!r}")
        object.__setattr__(self, "_index", index)

    def __hash__(self) -> int:
        return hash((self.name, tuple(self._index)))

    @property
    def cardinality(self) -> float:
        """How many choices there are."""
        return len(self.choices)

    def index(self, value: Scalar) -> int:
        """Position of `value` in `choices`, by type and value; raises `KeyError` for another."""
        return self._index[type(value), value]

    def contains(self, value: object) -> bool:
        """Whether `value` is one of the choices, of the same type."""
        return isinstance(value, (str, int, float, bool, type(None))) and (type(value), value) in self._index

    def from_unit(self, unit: float) -> Scalar:
        """The choice in whose cell (all equally wide) `unit` lies."""
        count = len(self.choices)
        return self.choices[min(int(unit * count), count - 1)]

    def to_unit(self, value: Scalar) -> float:
        """The centre of the choice's cell."""
        return (self.index(value) + 0.5) / len(self.choices)

    def snap(self, units: Floats) -> Floats:
        """Units moved to the centres of their cells; shape kept."""
        count = len(self.choices)
        snapped: Floats = (np.minimum(np.floor(units * count), count - 1) + 0.5) / count
        return snapped


Parameter: TypeAlias = Float | Int | Categorical


def axis_levels(parameter: Parameter, count: int) -> list[Any]:
    """`count` distinct cell-centred values of `parameter`, evenly spaced on its scale; all values where it has fewer.

    Ascending units. Where cells of a log `Int` share a value, the next free ones above (or below `high`) stand in.
    """
    count = int(min(count, parameter.cardinality))
    if isinstance(parameter, Categorical) and count == parameter.cardinality:
        return list(parameter.choices)
    values = [parameter.from_unit((i + 0.5) / count) for i in range(count)]
    return _distinct(values, parameter.high) if isinstance(parameter, Int) else values


def _distinct(values: list[Any], high: int) -> list[int]:
    """Ascending integers moved apart as little as needed: upwards, and back down where that ran over `high`."""
    for i in range(1, len(values)):
        values[i] = max(values[i], values[i - 1] + 1)
    limit = high
    for i in reversed(range(len(values))):
        values[i] = min(values[i], limit)
        limit = values[i] - 1
    return values


@dataclass(frozen=True)
class Grid(Sequence[Config]):
    """The product of `axes` as a sequence that is never built; the last parameter varies fastest."""

    names: tuple[str, ...]
    axes: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return math.prod(len(axis) for axis in self.axes)

    @overload
    def __getitem__(self, index: int) -> Config: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Config]: ...
    def __getitem__(self, index: int | slice) -> Config | Sequence[Config]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(f"the grid has {len(self)} points, got index {index}")
        index %= len(self)
        values = []
        for axis in reversed(self.axes):
            index, position = divmod(index, len(axis))
            values.append(axis[position])
        return dict(zip(self.names, reversed(values), strict=True))


@dataclass(frozen=True)
class SearchSpace:
    """An ordered, frozen set of parameters; configs are dicts in the same order."""

    parameters: tuple[Parameter, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", tuple(self.parameters))
        names = self.names
        if not names or len(set(names)) < len(names) or not all(isinstance(name, str) and name for name in names):
            raise ValueError(f"a search space needs distinct, non-empty parameter names, got {list(names)}")

    def __len__(self) -> int:
        return len(self.parameters)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def cardinality(self) -> float:
        """How many configs there are; infinite as soon as one parameter is continuous."""
        return math.prod(parameter.cardinality for parameter in self.parameters)

    def sample(self, rng: Generator) -> Config:
        """One config, each parameter from its own distribution, independently."""
        return self.from_unit(rng.random(len(self)).tolist())

    def from_unit(self, units: Sequence[float] | Floats) -> Config:
        """The config at a point of the unit cube; `units` (d,)."""
        numbers = units.tolist() if isinstance(units, np.ndarray) else units
        return {p.name: p.from_unit(unit) for p, unit in zip(self.parameters, numbers, strict=True)}

    def to_unit(self, config: Mapping[str, Any]) -> Floats:
        """The point (d,) of the unit cube that stands for `config`."""
        return np.array([p.to_unit(config[p.name]) for p in self.parameters])

    def snap(self, units: Floats) -> Floats:
        """Points (n, d) moved to those that stand for a config exactly: integers and choices to their own units."""
        return np.column_stack([p.snap(units[:, j]) for j, p in enumerate(self.parameters)])

    def one_hot(self, units: Floats) -> Floats:
        """Points (n, d) as (n, D): numbers as they are, each categorical as one column per choice."""
        columns = []
        for j, parameter in enumerate(self.parameters):
            column = units[:, j]
            if isinstance(parameter, Categorical):
                count = len(parameter.choices)
                chosen = np.minimum((column * count).astype(int), count - 1)
                columns.append(np.eye(count)[chosen])
            else:
                columns.append(column[:, None])
        return np.concatenate(columns, axis=1)

    def grid(self, levels: Sequence[int]) -> Grid:
        """The grid of cell-centred values with `levels` (d,) per parameter, built lazily."""
        axes = tuple(tuple(axis_levels(p, count)) for p, count in zip(self.parameters, levels, strict=True))
        return Grid(self.names, axes)

    def validate(self, config: Mapping[str, Any]) -> None:
        """Raise `ValueError` unless `config` has exactly these names, with native values in range."""
        if len(config) != len(self.parameters):
            raise ValueError(f"a config needs exactly the parameters {list(self.names)}, got {list(config)}")
        for parameter in self.parameters:
            if parameter.name not in config:
                raise ValueError(f"a config needs exactly the parameters {list(self.names)}, got {list(config)}")
            value = config[parameter.name]
            if not parameter.contains(value):
                raise ValueError(f"{value!r} ({type(value).__name__}) is not a value of {parameter}")
