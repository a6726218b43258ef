"""What an experiment will cost in time: prices measured once, scaled to this machine.

`prices.csv` is written by `scripts/measure_prices.py`. Its rows hold seconds: of an ask and a tell (`strategy`, by
dimension and trial), of one evaluation (`problem`, by dimension), and of a worker's imports (`setup`), all on a machine
whose `probe()` takes the seconds of the row `probe`.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from bench.forms import parse_trials
from bench.plan import Plan
from bench.records import RunKey
from problems.registry import problem_entry
from problems.space import Floats
from strategies.names import parts_of_name

PRICES = Path(__file__).with_name("prices.csv")
PROBE_S = 0.5
REPORT_S = 20.0  # tables and figures at the end, on the machine of the prices


@dataclass(frozen=True)
class Price:
    """How long a plan will take."""

    seconds: float  # with the jobs that were asked for
    work_s: float  # on one core
    by_strategy: Mapping[str, float]  # seconds on one core, ask and tell
    by_problem: Mapping[str, float]  # seconds on one core, evaluation
    unknown: tuple[str, ...]  # names without a price, counted as nothing


def probe() -> float:
    """Seconds of a fixed piece of work, half of it Python and half linear algebra: how fast this machine is now.

    A median over half a second: the best of a few would miss that the machine is shared.
    """
    matrix = np.eye(200) + 0.001
    times: list[float] = []
    began = perf_counter()
    while perf_counter() - began < PROBE_S or len(times) < 5:
        start = perf_counter()
        sum(number * number for number in range(50_000))
        for _ in range(5):
            np.linalg.cholesky(matrix)
        times.append(perf_counter() - start)
    return median(times)


@dataclass(frozen=True)
class PriceList:
    """Measured seconds by kind and name, over a grid of dimensions and trials."""

    seconds: Mapping[tuple[str, str], Mapping[tuple[int, int], float]]

    @classmethod
    def read(cls, path: Path = PRICES) -> "PriceList":
        """The shipped prices."""
        seconds: dict[tuple[str, str], dict[tuple[int, int], float]] = {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                at = int(row["dim"]), int(row["trial"])
                seconds.setdefault((row["kind"], row["name"]), {})[at] = float(row["seconds"])
        return cls(seconds)

    def single(self, kind: str, name: str) -> float:
        """A price that depends on nothing; 0 where there is none."""
        return next(iter(self.seconds.get((kind, name), {(0, 0): 0.0}).values()))

    def curve(self, kind: str, name: str, dim: int, trials: Floats) -> Floats:
        """Seconds at each of `trials` in `dim` dimensions, log-log interpolated; beyond the last point it grows on."""
        grid = self.seconds[kind, name]
        dims = sorted({at[0] for at in grid})
        rows = []
        for measured_dim in dims:
            counts = sorted(at[1] for at in grid if at[0] == measured_dim)
            rows.append(interpolate(counts, np.array([grid[measured_dim, count] for count in counts]), trials))
        curve: Floats = interpolate(dims, np.array(rows), np.array([float(dim)]))[..., 0]
        return curve


def interpolate(positions: Sequence[int], seconds: Floats, at: Floats) -> Floats:
    """Seconds (…, n) at `at` (n,), from seconds (m, …) at `positions` (m,): linear between the logs of both.

    Constant before the first position, a power law (never a falling one) after the last.
    """
    x, y = np.log(positions), np.log(seconds.reshape(len(positions), -1))  # (m,), (m, k)
    inside = np.array([np.exp(np.interp(np.log(at), x, column)) for column in y.T])  # (k, n)
    if len(positions) > 1:
        slope = np.maximum(0.0, (y[-1] - y[-2]) / (x[-1] - x[-2]))  # (k,)
        inside = inside * np.maximum(1.0, at / positions[-1]) ** slope[:, None]
    grown: Floats = inside.reshape(*seconds.shape[1:], len(at))
    return grown


def price(plan: Plan, jobs: int, prices: PriceList, speed: float) -> Price:
    """What `plan` costs on a machine whose `probe` takes `speed` times as long as that of the prices."""
    by_strategy: dict[str, float] = {}
    by_problem: dict[str, float] = {}
    unknown: dict[str, None] = {}
    for key, count in cells(plan).items():
        searcher, given, _ = parts_of_name(key.strategy)
        own = np.arange(1.0 + (parse_trials(given, key.dim) if given else 0), key.budget + 1)
        trials = np.arange(1.0, key.budget + 1)
        inner, inner_dim = problem_entry(key.problem).drawn_as(key.dim)  # what is around it costs nothing
        for kind, name, priced, dim, at, sums in (
            ("strategy", searcher, searcher, key.dim, own, by_strategy),
            ("problem", key.problem, inner, inner_dim, trials, by_problem),
        ):
            if (kind, priced) in prices.seconds:
                cost = speed * count * float(prices.curve(kind, priced, dim, at).sum())
                sums[name] = sums.get(name, 0.0) + cost
            else:
                unknown[name] = None
    entries = {key.problem: problem_entry(key.problem) for key in plan.runs}
    names = {parts_of_name(key.strategy)[0] for key in plan.runs} | {e.base or e.name for e in entries.values()}
    setup = speed * sum(prices.single("setup", name) for name in names)  # every worker imports everything once
    work = sum(by_strategy.values()) + sum(by_problem.values())
    seconds = work / jobs + setup + speed * REPORT_S
    return Price(seconds, work, by_strategy, by_problem, tuple(unknown))


def cells(plan: Plan) -> dict[RunKey, int]:
    """How many runs there are of each kind, by the first of them: seeds cost the same."""
    counts: dict[tuple[str, int, str], tuple[RunKey, int]] = {}
    for key in plan.runs:
        first, count = counts.get((key.problem, key.dim, key.strategy), (key, 0))
        counts[key.problem, key.dim, key.strategy] = (first, count + 1)
    return dict(counts.values())
