"""One step of Bayesian optimisation over one parameter: samples, what `gp`'s model believes, where it would look next.

| symbol | shape | meaning |
|---|---|---|
| `x`, `told` | (n,) | samples in the order taken; what a strategy would have been told there |
| `grid` | (m,) | places that may be suggested, from one end of the range to the other |
| `units`, `points` | (n, 1), (m, 1) | `x` and `grid` as the model sees them, in [0, 1] |
| `mean`, `std` | (m,) | the belief on the model's scale of warped values (see `strategies.gp.warping`) |
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np

from bench.evaluate import evaluate
from bench.explore.views.one_dimension.worth import KINDS
from bench.records import RunKey
from bench.run import make_problem, make_strategy
from bench.seeding import TrialStreams
from problems.base import Problem
from problems.registry import SYNTHETIC, problems
from problems.space import Float, Floats
from strategies.gp.encoding import Encoding
from strategies.gp.model import LOG_NOISE_BOUNDS, WARP_BOUNDS, bounds, condition, learn
from strategies.gp.settings import Settings
from strategies.gp.warping import gaps, unwarp

Samples: TypeAlias = tuple[float, ...] | Literal["start"]

STRATEGY = "gp"
START_BUDGET = 12  # with which `gp` begins with three points
PLACES = 500  # between the suggestions that may be made
CURVE = 1500  # between the drawn points of the function: ripples a hundredth of the range wide are seen
MOST_SAMPLES = 60
WIDTH95 = 1.959964  # standard deviations
KEPT = 128


@dataclass(frozen=True)
class Belief:
    """What the model makes of the samples; line and band in units of the value."""

    middle: Floats  # (m,) median: the mean, put back into units of the value
    low: Floats  # (m,) the ends of the 95 % band
    high: Floats
    worth: Floats  # (m,) the acquisition
    length: float  # of the range
    noise: float  # standard deviation, as a share of the signal's


@dataclass(frozen=True)
class Step:
    """The search so far; `belief` is None with less than two samples, which are too few for one."""

    x: tuple[float, ...]
    told: tuple[float, ...]
    grid: Floats
    belief: Belief | None
    suggestion: float

    @property
    def best(self) -> int | None:
        """The incumbent: which sample has the smallest told value."""
        return int(np.argmin(self.told)) if self.told else None


def functions() -> list[str]:
    """The names of the functions of one parameter, those of textbooks first."""
    entries = [entry for entry in problems().values() if entry.factory == SYNTHETIC and not entry.refusal(1)]
    return [entry.name for entry in sorted(entries, key=lambda entry: entry.max_dim != 1)]


def key_of(function: str, noise: int, seed: int) -> RunKey:
    """The run whose trials the samples are: `noise` in per cent of the function's spread."""
    return RunKey(f"{function}+noise={noise}%" if noise else function, 1, seed, STRATEGY, seed, START_BUDGET)


@lru_cache(KEPT)
def problem_of(function: str, noise: int, seed: int) -> Problem:
    """The instance of `seed`."""
    return make_problem(key_of(function, noise, seed))


def axis_of(problem: Problem) -> Float:
    """The one parameter."""
    (parameter,) = problem.space
    if not isinstance(parameter, Float):
        raise TypeError(f"{problem.name} needs one real parameter, got {parameter}")
    return parameter


@lru_cache(KEPT)
def ends(function: str) -> tuple[float, float]:
    """Of the range, at the number of digits that samples have; within the range, whatever the rounding."""
    parameter = axis_of(problem_of(function, 0, 0))
    scale = 10.0 ** digits(function)
    return math.ceil(parameter.low * scale) / scale, math.floor(parameter.high * scale) / scale


@lru_cache(KEPT)
def digits(function: str) -> int:
    """Decimals of a sample: a ten-thousandth of the range or a little more."""
    parameter = axis_of(problem_of(function, 0, 0))
    return max(0, 4 - math.floor(math.log10(parameter.high - parameter.low)))


def placed(function: str, x: float) -> float:
    """`x` at the digits of a sample."""
    low, high = ends(function)
    return min(max(round(x, digits(function)), low), high)


@lru_cache(KEPT)
def start_of(function: str, seed: int) -> tuple[float, ...]:
    """The Sobol' points that `gp` begins with."""
    problem = problem_of(function, 0, seed)
    strategy = make_strategy(key_of(function, 0, seed), problem)
    name = axis_of(problem).name
    return tuple(placed(function, strategy.ask().config[name]) for _ in range(START_BUDGET // 4))


@lru_cache(KEPT)
def curve_of(function: str, seed: int) -> tuple[Floats, Floats]:
    """The function without noise: places and values, from end to end."""
    problem = problem_of(function, 0, seed)
    parameter, rng = axis_of(problem), TrialStreams("curve").stream(1)
    x = [parameter.from_unit(i / CURVE) for i in range(CURVE + 1)]
    values = [evaluate(problem, {parameter.name: place}, rng).value for place in x]
    return np.array(x), np.array(values, dtype=float)


def told_at(function: str, noise: int, seed: int, x: tuple[float, ...]) -> tuple[float, ...]:
    """What a strategy would be told of these trials; the noise of a trial depends on its number, as in every run."""
    problem, key = problem_of(function, noise, seed), key_of(function, noise, seed)
    name = axis_of(problem).name
    streams = TrialStreams("noise", key.seed, key.problem, key.dim, key.instance)
    results = [evaluate(problem, {name: place}, streams.stream(i)) for i, place in enumerate(x, start=1)]
    return tuple(math.nan if result.value is None else result.value for result in results)


@lru_cache(KEPT)
def step_of(
    function: str,
    noise: int,
    seed: int,
    samples: Samples,
    acquisition: str,
    kappa: float,
    held: tuple[float, float] | None,
    warped: bool,
) -> Step:
    """What is known and where to look next; `held`: length scale and noise of the model where they are not learned."""
    start = start_of(function, seed)
    x = start if samples == "start" else samples
    told = told_at(function, noise, seed, x)
    low, high = ends(function)
    grid = np.round(np.linspace(low, high, PLACES + 1), digits(function))
    if len(x) < 2:
        return Step(x, told, grid, None, start[len(x)])
    belief = believed(problem_of(function, noise, seed), x, told, grid, acquisition, kappa, held, warped)
    untried = np.where(np.isin(grid, x), -np.inf, belief.worth)  # as `gp` does, which proposes no config twice
    return Step(x, told, grid, belief, float(grid[int(np.argmax(untried))]))


def believed(
    problem: Problem,
    x: tuple[float, ...],
    told: tuple[float, ...],
    grid: Floats,
    acquisition: str,
    kappa: float,
    held: tuple[float, float] | None,
    warped: bool,
) -> Belief:
    """The belief of `gp`'s model, its hyperparameters learned from these samples alone."""
    encoding, priors, parameter = Encoding.of(problem.space), Settings().priors, axis_of(problem)
    units = encoding.encode(np.array([[parameter.to_unit(place)] for place in x]))
    points = encoding.encode(np.array([[parameter.to_unit(place)] for place in grid.tolist()]))
    y = np.array(told)
    box = list(bounds(1))
    if held is not None:
        box[0] = (math.log(held[0]),) * 2
        box[1] = (max(2.0 * math.log(max(held[1], 1e-9)), LOG_NOISE_BOUNDS[0]),) * 2
    if not warped:
        box[2] = (WARP_BOUNDS[0],) * 2  # where the scale is as good as plain
    lowest, highest = np.array(box).T
    first = np.clip(priors.centres(1), lowest, highest)
    p, _ = learn(units, gaps(y), encoding.owner, priors, first, box=box)
    model = condition(units, gaps(y), encoding.owner, p, priors)
    mean, std = model.believe(points)
    best = float(model.believe(units)[0].min())  # believed, not told: as in `gp`
    middle, low, high = (unwarp(mean + width * std, y, p[2]) for width in (0.0, -WIDTH95, WIDTH95))
    worth = KINDS[acquisition].worth(mean, std, best, kappa)
    return Belief(middle, low, high, worth, float(np.exp(p[0])), float(np.exp(p[1] / 2.0)))
