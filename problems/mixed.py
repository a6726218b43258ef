"""A mixed space: real numbers, integers and choices, on linear and log scales, that depend on one another.

`f(x) = Σ_g h_g(k_g) + |A (u − c(k))|²`. Parameters come in groups g of a real number, an integer and a choice k_g; the
last group may have no choice, or no integer either. u are the units of all numbers. The choice of a group decides where
the best of its two numbers lies, c, and what it costs even there: h ≥ 0, which is 0 for one choice. A is a rotation and
a scaling by 1 … √10: numbers of all groups matter together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice

import numpy as np
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Categorical, Config, Float, Floats, Int, Parameter, SearchSpace
from problems.transforms import Numbers, draw_positions, draw_rotation

GROUP = 3  # parameters of a group
CHOICES = ("a", "b", "c", "d")
LEAST, MOST = 0.2, 1.0  # costs of the choices that are not best
CONDITION = 10.0  # of the bowl: its longest axis squared over its shortest


def parameters() -> Iterator[Parameter]:
    """Endless groups, every second one on log scales."""
    for group in count(1):
        is_log = group % 2 == 0
        yield Float(f"real{group}", 1e-4, 1.0, log=True) if is_log else Float(f"real{group}", -5.0, 5.0)
        yield Int(f"count{group}", 8, 512, log=True) if is_log else Int(f"count{group}", 1, 20)
        yield Categorical(f"choice{group}", CHOICES)


@dataclass(frozen=True, kw_only=True)
class MixedProblem(Problem):
    """Numbers in a bowl that choices move and lift; free of noise."""

    costs: tuple[Numbers, ...]  # h: of each choice, for every group that has one
    centres: tuple[tuple[Numbers, ...], ...]  # c: units of a group's numbers at each choice; at the first without one
    matrix: tuple[Numbers, ...]  # A

    @cached_property
    def _matrix(self) -> Floats:
        return np.array(self.matrix)  # (m, m)

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """The value, once; `rng` is not used."""
        chosen = [CHOICES.index(config[p.name]) for p in self.space if isinstance(p, Categorical)]
        units = [p.to_unit(config[p.name]) for p in self.space if not isinstance(p, Categorical)]  # (m,)
        away = self._matrix @ (np.array(units) - self._centre(chosen))
        value = sum(costs[choice] for costs, choice in zip(self.costs, chosen, strict=True)) + float(away @ away)
        yield Evaluation(value, value)

    def _centre(self, chosen: Sequence[int]) -> Floats:
        """Where the bowl's bottom is: (m,) units."""
        return np.array(list(units_at(self.centres, chosen)))


def units_at(centres: tuple[tuple[Numbers, ...], ...], chosen: Sequence[int]) -> Iterator[float]:
    """The units of all numbers, group by group; a last group without a choice has its first place."""
    for group, choice in zip(centres, [*chosen, 0], strict=False):
        yield from group[choice]


def make(name: str, dim: int, instance: int, rng: Generator) -> MixedProblem:
    """The first `dim` parameters; `rng` draws costs, centres, the best choices and the bowl's axes."""
    space = SearchSpace(tuple(islice(parameters(), dim)))
    numbers = [p for p in space if not isinstance(p, Categorical)]
    pairs = [numbers[i : i + 2] for i in range(0, len(numbers), 2)]
    best = rng.integers(len(CHOICES), size=dim // GROUP).tolist()
    centres = tuple(tuple(draw_centre(pair, rng) for _ in CHOICES) for pair in pairs)
    costs = rng.uniform(LEAST, MOST, size=(len(best), len(CHOICES)))
    costs[np.arange(len(best)), best] = 0.0
    lengths = np.sqrt(np.geomspace(1.0, CONDITION, len(numbers)))[:, None]
    matrix = lengths * np.array(draw_rotation(np.zeros(len(numbers)), rng).matrix)

    minimiser: Config = {p.name: p.from_unit(unit) for p, unit in zip(numbers, units_at(centres, best), strict=True)}
    minimiser |= {f"choice{group}": CHOICES[choice] for group, choice in enumerate(best, start=1)}
    return MixedProblem(
        name=name,
        instance=instance,
        space=space,
        source="search-bench",
        optimum=Optimum(0.0, "analytic", ({name: minimiser[name] for name in space.names},)),
        costs=tuple(map(tuple, costs.tolist())),
        centres=centres,
        matrix=tuple(map(tuple, matrix.tolist())),
    )


def draw_centre(numbers: Sequence[Float | Int], rng: Generator) -> Numbers:
    """Units of a place for the optimum that a config can have, off the middle and the edges."""
    drawn = draw_positions(np.zeros(len(numbers)), np.ones(len(numbers)), rng).tolist()
    return tuple(
        p.to_unit(p.from_unit(unit)) if isinstance(p, Int) else unit for p, unit in zip(numbers, drawn, strict=True)
    )
