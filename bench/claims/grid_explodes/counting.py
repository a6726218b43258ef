"""How many trials does the grid strategy need for k values of each of d parameters? Counted from the strategy.

Pure counting: there is nothing to train and nothing random but the order of the proposals.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.designs import balanced, unit_space
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import style_of
from strategies.base import Exhausted
from strategies.registry import strategy_entry

DIMS = range(1, 11)
VALUES = (2, 3, 4, 5)  # k
BUDGETS = (16, 100, 1000, 10_000)
ASKED = {"quick": 1100, "full": 20_000}  # grids of at most so many points are counted from the proposals as well
COLOURS = ("#C3B1DB", "#957BBE", "#69499B", "#35185F")  # an order, and no strategy's


def needed_budget(values: int, dim: int) -> int:
    """The smallest budget for which the grid strategy gives every parameter at least `values` levels."""
    too_few, enough = 0, 1
    while min(balanced(dim, enough)) < values:
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if min(balanced(dim, middle)) < values:
            too_few = middle
        else:
            enough = middle
    return enough


def fewest_proposed(dim: int, budget: int, rng: Generator) -> int:
    """The smallest number of distinct values of a parameter among all proposals of the grid strategy."""
    strategy = strategy_entry("grid").make(unit_space(dim), budget=budget, rng=rng)
    seen: list[list[float]] = []
    for _ in range(budget):
        try:
            seen.append(list(strategy.ask().config.values()))
        except Exhausted:
            break
    return min(len(set(column)) for column in zip(*seen, strict=True))


def experiment(setting: Setting) -> Data:
    """`needed`: the smallest budget per (k, d), and what is proposed there and one trial below; `levels` per budget."""
    needed = []
    for values in VALUES:
        for dim in DIMS:
            budget = needed_budget(values, dim)
            row = {"values": values, "dim": dim, "needed": budget, "proposed": np.nan, "proposed_below": np.nan}
            if budget <= ASKED[setting.profile]:
                row["proposed"] = fewest_proposed(dim, budget, setting.rng)
                row["proposed_below"] = fewest_proposed(dim, budget - 1, setting.rng)
            needed.append(row)
    levels = [
        {"trials": budget, "dim": dim, "fewest": min(chosen), "most": max(chosen), "points": int(np.prod(chosen))}
        for budget in BUDGETS
        for dim in DIMS
        for chosen in [balanced(dim, budget)]
    ]
    return {"needed": pd.DataFrame(needed), "levels": pd.DataFrame(levels)}


def judge(data: Data) -> Finding:
    """Everything is counted, so every interval is a point."""
    rows = data["needed"]
    as_said = rows["needed"] == rows["values"] ** rows["dim"]
    asked = rows["proposed"].notna()
    as_said &= ~asked | ((rows["proposed"] == rows["values"]) & (rows["proposed_below"] < rows["values"]))
    share = float(as_said.mean())
    effects = [
        Effect("share of (k, d) in which k values each cost k^d trials, no fewer", share, share, share, len(rows),
               "pairs (k, d)", 0.99),
        counted("of these, counted from the strategy's proposals (reported only)", float(asked.sum()), len(rows)),
    ]  # fmt: skip
    for budget, of_budget in data["levels"].groupby("trials"):
        for values in (2, 1):
            dims = of_budget.loc[of_budget["fewest"] <= values, "dim"]
            if len(dims):
                name = f"{budget} trials: d from which some parameter gets ≤ {values} value{'s' * (values > 1)}"
                effects.append(counted(f"{name} (reported only)", float(dims.min()), len(of_budget)))
    return Finding(effects)


def counted(name: str, value: float, count: int) -> Effect:
    """A number that was counted, not estimated."""
    return Effect(name, value, value, value, count, "dimensions")


def draw(data: Data) -> Sequence[Drawing]:
    """What k values each cost, and what a budget leaves to a parameter."""
    title = "What a full grid costs, and what a budget leaves to each parameter"
    subtitle = "Counted from the grid strategy; nothing is estimated"
    with theme():
        sheet = page(2, title, subtitle, [], [], (3.9, 3.1), (0.8, 0.85))
        cost, left = sheet.panels
        for (values, rows), colour in zip(data["needed"].groupby("values"), COLOURS, strict=False):
            cost.plot(rows["dim"], rows["needed"], "o-", color=colour, markersize=3.5, label=f"{values} values each")
        for budget in (100, 1000):
            cost.axhline(budget, color="#888888", linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
            cost.text(0.75, budget * 1.15, f"{budget} trials", fontsize=8, color="#555555")
        cost.set(yscale="log", xlabel="parameters d", ylabel="trials for all k^d points", xticks=list(DIMS))
        cost.legend(frameon=False, fontsize=8, loc="upper left")
        title_panel(cost, "trials for k values of each")
        for (trials, rows), colour in zip(data["levels"].groupby("trials"), COLOURS, strict=False):
            left.plot(rows["dim"], rows["fewest"], "s-", color=colour, markersize=3.5, label=f"grid, {trials} trials")
        left.plot(
            list(DIMS),
            [100] * len(DIMS),
            **{**style_of("random").line(), "markersize": 3.5},
            label="random, 100 trials",
        )
        left.set(yscale="log", xlabel="parameters d", ylabel="values of the parameter with the fewest")
        left.set_xticks(list(DIMS))
        left.set_yticks([1, 2, 5, 10, 100, 1000, 10_000], ["1", "2", "5", "10", "100", "1000", "10000"])
        left.minorticks_off()
        left.legend(frameon=False, fontsize=8, loc="upper right")
        title_panel(left, "values that a parameter is tried at")
    caption = (
        "How to read: on the left, the cost of a full grid is a straight line on a logarithmic axis: each parameter "
        "multiplies it by k. On the right, the same seen from a fixed budget: where a curve reaches 1, some parameter "
        "is not varied at all. Random search tries as many values of every parameter as it has trials."
    )
    return [Drawing("counting", title, caption, sheet.figure)]


PART = Part(
    name="counting",
    statement="k values of each of d parameters cost a grid k^d trials.",
    supports="For k = 2 … 5 and d = 1 … 10, the grid strategy needs k^d trials to try k values of every parameter.",
    refutes="For some k and d fewer trials are enough, or more are needed.",
    rule=(
        "The smallest budget at which the strategy gives every parameter k levels, for all 40 pairs (k, d); where that "
        "budget can be asked for, the distinct values are counted from the proposals, there and one trial below. Holds "
        "when all pairs agree with k^d, does not hold otherwise; nothing is random, so it is never undecided."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "Each parameter multiplies the cost of a grid by the number of its values: three values of ten parameters "
            "are 59 049 trials. With 100 trials, from seven parameters on, some parameter is not varied at all."
        ),
        "does not hold": "The grid strategy does not cost k^d trials here: see where it differs.",
        "undecided": "Counting leaves nothing open; some budgets could not be counted.",
    },
)
