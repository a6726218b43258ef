"""Final regret of every strategy on BBOB and on tuning problems: mean ranks by group, and tests against each peer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
import pandas as pd

from bench.analysis.ranks import mean_ranks, rank_bands, ranks
from bench.analysis.regret import regret_curves
from bench.analysis.significance import final_log_regrets, holm, paired_against
from bench.analysis.summary import final
from bench.experiment import run_experiment
from bench.plots.lines import draw_bands, limits, tidy_axes
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import style_of
from bench.records import FINISHED

OURS = "gp"
GROUPS = {  # Hansen et al. 2009, and what is tuned in practice
    "separable": range(1, 6),
    "moderate": range(6, 10),
    "ill-conditioned": range(10, 15),
    "multi-modal": range(15, 20),
    "weak structure": range(20, 25),
}
TUNING = "tuning"


@dataclass(frozen=True)
class Part:
    """One experiment. It gets a share of the time that is left; the cells that are complete then count."""

    name: str
    problems: Sequence[str]
    dims: str
    strategies: Sequence[str]
    seeds: int
    share: float  # of the time left


def group_of(problem: str) -> str:
    """The group that a problem belongs to."""
    number = problem.removeprefix("bbob-f")
    return next((name for name, numbers in GROUPS.items() if number.isdigit() and int(number) in numbers), TUNING)


def measure(parts: Sequence[Part], trials: int, results: Path, deadline: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs and trials of all `parts`, stored below `results`; what is there already is not run again.

    `deadline` is a reading of `time.monotonic`.
    """
    loaded = []
    for part in parts:
        left = max(0.0, part.share * (deadline - monotonic()))
        loaded.append(
            run_experiment(
                name=part.name, problems=list(part.problems), dims=part.dims, strategies=list(part.strategies),
                trials=trials, seeds=part.seeds, results=results, time_limit=left,
            )
        )  # fmt: skip
    return tuple(pd.concat([getattr(one, what) for one in loaded], ignore_index=True) for what in ("runs", "trials"))  # type: ignore[return-value]


@dataclass(frozen=True)
class Comparison:
    """Strategies on the cells that all of them ran."""

    strategies: Sequence[str]
    ranked: pd.DataFrame  # `ranks`, with `group`
    values: pd.DataFrame  # `final_log_regrets`


def compare(runs: pd.DataFrame, trials: pd.DataFrame, strategies: Sequence[str]) -> Comparison:
    """The comparison of `strategies` with each other."""
    cell = ["problem", "dim", "seed"]
    mine = runs[runs["strategy"].isin(strategies) & runs["status"].isin(FINISHED)]
    everyone = mine.groupby(cell)["strategy"].transform("nunique") == mine["strategy"].nunique()
    mine = mine[everyone]
    of_them = trials.merge(mine[[*cell, "strategy"]], on=[*cell, "strategy"])
    curves = regret_curves(mine, of_them)
    ranked = ranks(mine, curves)
    ranked["group"] = ranked["problem"].map(group_of)
    return Comparison(strategies, ranked, final_log_regrets(curves))


def rank_table(comparison: Comparison) -> pd.DataFrame:
    """Mean final rank: a row per strategy, best first; columns `all` and the groups."""
    last = final(comparison.ranked, ["problem", "dim", "seed"])
    whole = mean_ranks(last, ["strategy"]).set_index("strategy")["mean_rank"].rename("all")
    by_group = mean_ranks(last, ["strategy", "group"]).pivot(index="strategy", columns="group", values="mean_rank")
    ordered = [name for name in (*GROUPS, TUNING) if name in by_group]
    return pd.concat([whole, by_group[ordered]], axis=1).sort_values("all")


def rank_lines(comparison: Comparison) -> Iterator[str]:
    """`rank_table` as Markdown; the best of a column is bold."""
    table = rank_table(comparison)
    cells = comparison.ranked[["problem", "dim", "seed", "group"]].drop_duplicates()
    counts = {"all": len(cells), **cells["group"].value_counts()}
    yield "| strategy | " + " | ".join(f"{name} (n = {counts[name]})" for name in table.columns) + " |"
    yield "|---" * (1 + len(table.columns)) + "|"
    for name, row in table.iterrows():
        marked = [f"**{x:.2f}**" if x == table[column].min() else f"{x:.2f}" for column, x in row.items()]
        yield f"| {name} | {' | '.join(marked)} |"


def tests(comparison: Comparison) -> pd.DataFrame:
    """Wilcoxon's test of `gp` against each peer, over all cells and in each group; `p_holm` over peers × groups."""
    groups = comparison.values.index.get_level_values("problem").map(group_of)
    parts = [paired_against(comparison.values, OURS).assign(group="all")]
    by_group = [
        paired_against(comparison.values[groups == name], OURS).assign(group=name)
        for name in (*GROUPS, TUNING)
        if (groups == name).any()
    ]
    within = pd.concat(by_group, ignore_index=True)
    within["p_holm"] = holm(within["p"].to_numpy(dtype=float))
    return pd.concat([*parts, within], ignore_index=True)


def test_lines(comparison: Comparison) -> Iterator[str]:
    """`tests` as Markdown: all cells, then every group in which a peer is ahead in the median."""
    table = tests(comparison)
    shown = table[(table["group"] == "all") | (table["median_difference"] > 0)]
    yield "| problems | peer | cells | gp better | gp worse | median difference (decades) | p | p (Holm) |"
    yield "|---" * 8 + "|"
    for row in shown.itertuples():
        yield (
            f"| {row.group} | {row.peer} | {row.n} | {row.wins} | {row.losses} | {row.median_difference:+.2f} "
            f"| {row.p:.2g} | {row.p_holm:.2g} |"
        )


def draw(comparison: Comparison) -> Drawing:
    """Mean rank against trial, and at the end group by group."""
    table = rank_table(comparison)
    names = table.index.tolist()
    bands = rank_bands(comparison.ranked, np.random.default_rng(0))  # the same data, the same bands
    title = f"Who leads: mean rank of {len(names)} strategies"
    subtitle = (
        "1 is best; left: means and 95 % bootstrap bands over "
        f"n = {bands['n'].max()} cells: problem × d × seed; right: at the last trial"
    )
    with theme():
        sheet = page(2, title, subtitle, [], names, (4.4, 3.6), (0.7, 1.25))
        left, right = sheet.panels
        draw_bands(left, bands, "trial", names, log=False)
        low, high = limits(bands, log=False) or (1, len(names))
        left.set_ylim(high, low)
        tidy_axes(left, log=False)
        title_panel(left, "All problems")
        left.set_xlabel("trial")
        left.set_ylabel("mean rank")
        rows = np.arange(len(table.columns))
        for name in names:
            right.plot(table.loc[name], rows, **{**style_of(name).line(), "linestyle": "", "markersize": 7})
        right.set_yticks(rows, [f"{name}" for name in table.columns])
        right.invert_yaxis()
        right.set_xlabel("mean rank at the last trial")
        title_panel(right, "By group of problems")
    caption = "How to read: within each problem, dimension and seed the strategies are ranked by regret; 1 is best."
    return Drawing("strength", title, caption, sheet.figure)
