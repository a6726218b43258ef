"""Low effective dimension: k of d parameters matter, and no strategy knows which.

| symbol | meaning |
|---|---|
| `d`, `k` | number of parameters; number of those that matter, the same subset for every strategy |
| `T` | budget: number of trials |
| places | (d,) the optimum, uniform in the unit cube: in the cube itself, as users have it, not on the torus |
| order | (d,) a uniform permutation: its first k coordinates are the relevant ones, for every k at once |
| costs | (…, d) what each coordinate adds to the regret; in `order`, their running sum is the regret of every k |

Both families are sums of functions g ≥ 0 of one coordinate's distance z to its place, so that the value is the regret,
a grid's best point is the best level of each coordinate, and its regret is exact. `bowl`, g = z², treats all directions
alike, which is the kindest case for equal levels. `ripples`, g = z² + 0.05 (1 − cos 2πz/p), has many valleys, the best
one 12 to 100 times as curved as the bowl; p is drawn per coordinate, so that no grid is in step with the valleys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bench.analysis.regret import simple_regret
from bench.claims.claim import Data, Setting
from bench.claims.designs import Levels, balanced, lhs_points, monotone_resolutions, random_points, sobol_points
from bench.claims.runs import run
from problems.space import Floats

Order: TypeAlias = NDArray[np.intp]

DIMS = range(2, 11)
BUDGETS = tuple(2**e for e in range(4, 11))
LARGEST = BUDGETS[-1]
POWERS = tuple(2**e for e in range(BUDGETS[-1].bit_length()))  # levels that a grid of exactly T points may have
INSTANCES = {"quick": 200, "full": 2000}  # 0.1 s each
RIPPLE = 0.05
PERIODS = (0.1, 0.3)
STRATEGIES = "grid,random,sobol,lhs"
SEEDS = {"quick": 25, "full": 200}  # of the registered problems
TRAINING_SEEDS = {"quick": 8, "full": 50}  # 16 trainings each of 0.08 s, times four strategies


@dataclass(frozen=True)
class Instance:
    """Where the optimum lies, how long the ripples are, and which parameters matter first; (d,) each."""

    places: Floats
    periods: Floats
    order: Order

    def away(self, values: Floats) -> Floats:
        """Signed distances (…, d) of `values` (…, d) to the optimum."""
        return values - self.places


def draw_instance(dim: int, rng: Generator) -> Instance:
    """A uniform optimum and a uniform order of relevance."""
    return Instance(rng.random(dim), rng.uniform(*PERIODS, dim), rng.permutation(dim))


def bowl(values: Floats, instance: Instance) -> Floats:
    """Costs (…, d) of coordinates `values` (…, d), not yet in order: squared distances."""
    away = instance.away(values)
    return away * away


def ripples(values: Floats, instance: Instance) -> Floats:
    """Costs (…, d) of coordinates `values` (…, d), not yet in order: a bowl with many valleys."""
    away = instance.away(values)
    costs: Floats = away * away + RIPPLE * (1.0 - np.cos(2.0 * np.pi * away / instance.periods))
    return costs


FAMILIES: Mapping[str, Callable[[Floats, Instance], Floats]] = {"bowl": bowl, "ripples": ripples}


def regrets(costs: Floats, order: Order) -> Floats:
    """Regret (…, d) of points of `costs` (…, d) when the first 1 … d coordinates of `order` matter."""
    running: Floats = np.cumsum(costs[..., order], axis=-1)
    return running


def level_costs(levels: tuple[int, ...], family: str, instance: Instance) -> Floats:
    """The least cost (levels, d) that each coordinate can have with a number of cell-centred values."""
    values = np.concatenate([(np.arange(count) + 0.5) / count for count in levels])  # (sum, )
    costs = FAMILIES[family](values[:, None], instance)  # (sum, d)
    starts = np.concatenate([[0], np.cumsum(levels)[:-1]])
    least: Floats = np.minimum.reduceat(costs, starts, axis=0)
    return least


def best_of_all_grids(power_costs: Floats, order: Order) -> Floats:
    """Regret (budgets, d) of the best grid of exactly T points, chosen when the regret of all is known, for every k.

    `power_costs` (powers, d) are those of 1, 2, 4 … levels. All splits of T into powers of two over all orders of the
    coordinates are searched at once: least[e] is the least regret with 2^e points on the relevant coordinates so far.
    """
    size, dim = power_costs.shape
    spent = np.arange(size)
    left = spent[:, None] - spent[None, :]  # (e, a): what remains of 2^e when 2^a levels go to the new coordinate
    least = np.where(spent == 0, 0.0, np.inf)  # (powers,)
    exponents = np.log2(BUDGETS).astype(int)
    best = np.empty((len(BUDGETS), dim))
    for k, coordinate in enumerate(order, start=1):
        sums = np.where(left >= 0, least[left] + power_costs[None, :, coordinate], np.inf)
        least = sums.min(axis=1)
        # with irrelevant parameters the rest of the points may go there; without, all must be spent
        total = least if k == dim else np.minimum.accumulate(least)
        best[:, k - 1] = total[exponents]
    return best


@dataclass(frozen=True)
class Grids:
    """The grids of every budget in one dimension: the strategy's own levels, and every monotone resolution."""

    own: tuple[Levels, ...]  # one per budget
    monotone: tuple[Levels, ...]  # of all budgets, one after the other
    budgets: Order  # (r,) of `monotone`
    counts: tuple[int, ...]  # distinct numbers of levels, POWERS first


def grids_of(dim: int) -> Grids:
    """All grids of `dim` parameters."""
    own = tuple(balanced(dim, budget) for budget in BUDGETS)
    monotone = [(budget, levels) for budget in BUDGETS for levels in monotone_resolutions(budget, dim)]
    others = sorted({count for levels in own for count in levels} - set(POWERS))
    return Grids(
        own, tuple(levels for _, levels in monotone), np.array([budget for budget, _ in monotone]), (*POWERS, *others)
    )


def grid_regrets(levels: tuple[Levels, ...], counts: tuple[int, ...], least: Floats, order: Order) -> Floats:
    """Regret (r, d) of grids, exact; `least` (counts, d) comes from `level_costs`."""
    rows = np.searchsorted(np.sort(counts), np.array(levels))  # (r, d), in sorted counts
    ranked = least[np.argsort(counts)]
    return regrets(ranked[rows, np.arange(least.shape[1])], order)


def design_regrets(family: str, instance: Instance, designs: Mapping[str, Floats]) -> dict[str, Floats]:
    """Best regret (budgets, d) of sequences by their prefixes."""
    rows = np.array(BUDGETS) - 1
    found = {}
    for name, points in designs.items():
        best = np.minimum.accumulate(regrets(FAMILIES[family](points, instance), instance.order))  # (T, d)
        found[name] = best[rows]
    return found


def one_instance(
    instance: Instance, grids: Grids, designs: Mapping[str, Floats], hypercubes: tuple[Floats, ...], family: str
) -> tuple[dict[str, Floats], Floats]:
    """log10 regret (budgets, d) of every strategy, and (r, d) of every monotone resolution."""
    found = design_regrets(family, instance, designs)
    found["lhs"] = np.stack(
        [regrets(FAMILIES[family](cube, instance), instance.order).min(axis=0) for cube in hypercubes]
    )
    least = level_costs(grids.counts, family, instance)
    found["grid"] = grid_regrets(grids.own, grids.counts, least, instance.order)
    found["hindsight"] = best_of_all_grids(least[: len(POWERS)], instance.order)
    monotone = np.log10(grid_regrets(grids.monotone, grids.counts, least, instance.order))
    logs = {name: np.log10(values) for name, values in found.items()}
    logs["monotone"] = np.stack([monotone[grids.budgets == budget].mean(axis=0) for budget in BUDGETS])
    return logs, monotone


def simulate_dim(dim: int, instances: int, rng: Generator) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    """The rows of both tables of `simulate` in `dim` dimensions, a pair of frames per family."""
    grids = grids_of(dim)
    logs: dict[str, list[dict[str, Floats]]] = {family: [] for family in FAMILIES}
    totals = {family: np.zeros((len(grids.monotone), dim)) for family in FAMILIES}
    for _ in range(instances):
        instance = draw_instance(dim, rng)
        designs = {"random": random_points(LARGEST, dim, rng), "sobol": sobol_points(LARGEST, dim, rng)}
        hypercubes = tuple(lhs_points(budget, dim, rng) for budget in BUDGETS)
        for family in FAMILIES:
            ours, monotone = one_instance(instance, grids, designs, hypercubes, family)
            logs[family].append(ours)
            totals[family] += monotone
    axes = np.meshgrid(np.arange(instances), BUDGETS, np.arange(1, dim + 1), indexing="ij")
    where = dict(zip(("instance", "trials", "k"), (axis.ravel() for axis in axes), strict=True))
    columns = {
        family: {name: np.concatenate([ours[name].ravel() for ours in logs[family]]) for name in logs[family][0]}
        for family in FAMILIES
    }
    names = ["×".join(map(str, levels)) for levels in grids.monotone]
    means = {
        family: pd.DataFrame(total / instances, columns=range(1, dim + 1))
        .assign(levels=names, trials=grids.budgets)
        .melt(["levels", "trials"], var_name="k", value_name="log_regret")
        for family, total in totals.items()
    }
    return (
        [pd.DataFrame({"family": family, "dim": dim, **where, **columns[family]}) for family in FAMILIES],
        [mean.assign(family=family, dim=dim).astype({"k": int}) for family, mean in means.items()],
    )


def simulate(instances: int, rng: Generator) -> Data:
    """`regrets`: log10 of every instance, strategy, k, d, budget; `resolutions`: each grid's mean over instances."""
    parts = [simulate_dim(dim, instances, rng) for dim in DIMS]
    return {
        "regrets": pd.concat([frame for frames, _ in parts for frame in frames], ignore_index=True),
        "resolutions": pd.concat([frame for _, frames in parts for frame in frames], ignore_index=True),
    }


def aligned(instances: int, rng: Generator) -> pd.DataFrame:
    """All parameters relevant and the optimum on a point of the balanced grid: regrets of the grid and of random."""
    rows = []
    for dim in DIMS:
        for budget in BUDGETS:
            levels = np.array(balanced(dim, budget))
            for number in range(instances):
                places = (rng.integers(levels) + 0.5) / levels
                instance = Instance(places, np.ones(dim), np.arange(dim))
                grid = sum(level_costs((int(m),), "bowl", instance)[0, j] for j, m in enumerate(levels))
                best = bowl(random_points(budget, dim, rng), instance).sum(axis=1).min()
                rows.append({"dim": dim, "trials": budget, "instance": number, "grid": grid, "random": best})
    return pd.DataFrame(rows)


def harness(setting: Setting) -> pd.DataFrame:
    """The end of every run of the strategies themselves: `embedded-1`, `embedded-2`, and a network's training."""
    embedded = run(
        setting, "low-dimension", problems="embedded-1,embedded-2", dims="4,8", strategies=STRATEGIES, trials=64,
        seeds=SEEDS[setting.profile],
    )  # fmt: skip
    training = run(
        setting, "low-dimension-training", problems="mlp-digits", dims="4", strategies=STRATEGIES, trials=16,
        seeds=TRAINING_SEEDS[setting.profile],
    )  # fmt: skip
    ends = [
        simple_regret(experiment.trials).groupby(["problem", "dim", "strategy", "seed"], as_index=False).tail(1)
        for experiment in (embedded, training)
    ]
    return pd.concat(ends)[["problem", "dim", "strategy", "seed", "regret", "incumbent_test"]].reset_index(drop=True)


def experiment(setting: Setting) -> Data:
    """Synthetic families over all (k, d, T), the aligned case, and the strategies on registered problems."""
    instances = INSTANCES[setting.profile]
    return {
        **simulate(instances, setting.rng),
        "aligned": aligned(max(instances // 10, 2), setting.rng),
        "harness": harness(setting),
    }
