"""What "Strategies against dimension and budget" says: what there is to see, why, and what is still to come."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bench.charts.chart import plain
from bench.explore.views.scaling.figures import Part
from bench.plots.lines import plain_number
from problems.space import SearchSpace
from strategies.grid_search import balanced_levels

GRIDS = frozenset({"grid", "optuna-grid", "wandb-grid"})  # whose levels are those of `balanced_levels`
FEW_LEVELS = 4  # so many values of a parameter are less than anybody would choose


def number(value: float) -> str:
    """For people: two digits that count, in full where that is short."""
    if not np.isfinite(value):
        return "∞"
    rounded = float(f"{value:.2g}")
    return f"{rounded:,g}" if 1e-3 <= abs(rounded) < 1e6 or not rounded else plain_number(rounded)


def interval(low: float, high: float) -> str:
    """Both ends; what failed has no upper one."""
    return f"[{number(low)}, {number(high)}]"


def finding(part: Part, pending: Collection[str] = ()) -> str:
    """Which strategy is lowest, and whether the next one is really worse; those `pending` are not judged yet."""
    judged = part.ends[~part.ends["strategy"].isin(pending)]
    ends = judged[judged["median"].notna()]
    if judged.empty:
        return ""
    if ends.empty:
        return f"At d = {part.dim}, no strategy has a result: every run failed."
    best, others = ends.iloc[0], ends.iloc[1:]
    last = int(best["trial"])
    said = (
        f"{'So far, at' if pending else 'At'} d = {part.dim} after {last} trial{'s' if last != 1 else ''}, "
        f"{plain(best['strategy'])} is lowest: {number(best['median'])} {interval(best['low'], best['high'])}"
    )
    close = [plain(name) for name in others.loc[others["low"] <= best["high"], "strategy"]]
    if close:
        whose = f"interval of {close[0]} overlaps" if len(close) == 1 else f"intervals of {listed(close)} overlap"
        return f"{said}; the {whose} with it: more seeds may turn the order round."
    return f"{said}, and no other interval reaches down to it." if len(others) else f"{said}."


def listed(names: Sequence[str]) -> str:
    """`"a, b and c"`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def grid_words(space: SearchSpace, budget: int, name: str) -> str:
    """Why a grid is where it is: how many values of each parameter `budget` trials pay for."""
    levels = balanced_levels(space, budget)
    points = int(np.prod(levels))
    counts = sorted(Counter(levels).items(), reverse=True)
    only = "only " if min(levels) < FEW_LEVELS else ""
    if len(counts) == 1:
        ((level, _),) = counts
        placed = f"{values(level)} on each of the {len(levels)} axes" if len(levels) > 1 else f"{values(level)}"
    else:
        (most, many), (least, few) = counts
        placed = f"{values(most)} on {many} of the {len(levels)} axes and {values(least)} on the other {few}"
    never = ", which it never moves" if counts[-1][0] == 1 and len(levels) > 1 else ""
    return f"{plain(name)} could place {only}{placed}{never}: {points} points for {budget} trials."


def values(level: int) -> str:
    """How many levels."""
    return "1 value (the middle)" if level == 1 else f"{level} values"


def running(missing: Mapping[str, int], seeds: int, at: Mapping[str, str], waiting: int) -> str:
    """What is still to come: of `missing` strategies so many seeds are done, `at` says where some are; then more."""
    begun = [
        f"{plain(name)} ({done} of {seeds} seeds{at.get(name, '')})"
        for name, done in missing.items()
        if done or name in at
    ]
    others = [plain(name) for name, done in missing.items() if not done and name not in at]
    parts = [
        f"running {listed(begun)}" if begun else "",
        f"waiting {listed(others)}" if others else "",
        f"to come {waiting} runs in other dimensions" if waiting else "",
    ]
    said = "; ".join(filter(None, parts))
    return f"{said[0].upper()}{said[1:]}." if said else ""
