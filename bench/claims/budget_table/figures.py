"""The table as a map, and one cell of it in intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from bench.claims.budget_table.advice import Cell
from bench.claims.budget_table.experiments import DIM, METHODS, NETWORK, ON_FUNCTIONS
from bench.claims.claim import Data
from bench.claims.shares import EVEN, share_effect, wilson
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import BLACK, GREY, SKY, VERMILION

FAMILIES = {NETWORK: f"{NETWORK}, ten hyperparameters", ON_FUNCTIONS: f"test functions, {DIM} dimensions"}
PLACE = ["budget", "method", "problem", "seed"]


def expected_ranks(chances: pd.DataFrame) -> pd.DataFrame:
    """Mean over runs of 1 + the chances that each other method is ahead: (methods, budgets), NaN where not run."""
    ranks = 1 + (1 - chances["chance"]).groupby([chances[name] for name in PLACE]).sum()
    return ranks.groupby(["method", "budget"]).mean().unstack("budget")


def seen_to_win(chances: pd.DataFrame, method: str) -> dict[str, float]:
    """What is known of `method` against each other: 1 it is ahead, −1 behind, 0 not told apart (95 % intervals)."""
    signs = {}
    for other, rows in chances[chances["method"] == method].groupby("other"):
        effect = share_effect("", rows["chance"], "runs", EVEN)
        signs[str(other)] = {"holds": 1.0, "does not hold": -1.0}.get(str(effect.verdict), 0.0)
    return signs


def mark(chances: pd.DataFrame, method: str, budget: int) -> str:
    """`"+2 −1"`: how many of the other methods it is seen to beat, and how many are seen to beat it."""
    signs = seen_to_win(chances[chances["budget"] == budget], method).values()
    ahead, behind = sum(sign > 0 for sign in signs), sum(sign < 0 for sign in signs)
    return " ".join(part for part in (f"+{ahead}" if ahead else "", f"−{behind}" if behind else "") if part) or "="


def draw_table(data: Data, cells: Sequence[Cell]) -> Drawing:
    """Methods × budgets: the mean rank, the advised cell outlined, significance marked."""
    title = "Which method for which budget?"
    counts = data["levels"].groupby(["family", "budget", "method"]).size()
    subtitle = (
        "Mean rank of each method among those of its column (1 is best); outlined: what the tutorials advise; "
        f"n = {runs(counts.tolist())} runs"
    )
    with theme():
        sheet = page(2, title, subtitle, [], [], (4.2, 2.5), (1.25, 1.35))
        for ax, (family, heading) in zip(sheet.panels, FAMILIES.items(), strict=True):
            of_family = {name: table[table["family"] == family] for name, table in data.items() if name != "stopped"}
            draw_map(ax, of_family["chances"], of_family["levels"] if family == NETWORK else None)
            outline(ax, of_family["chances"], {cell.budget: cell.advised.get(family) for cell in cells})
            title_panel(ax, heading)
    caption = (
        "How to read: the lighter, the better. Below each rank: + how many other methods of the column it is seen to "
        "beat, − how many are seen to beat it (95 % intervals of the chance to be ahead), = no difference was seen; at "
        "the left also the mean of the best validation error. The advice is right where the outlined cell is the "
        "lightest of its column. Budgets are counted in full trainings: a trial that was stopped takes its share. Test "
        "functions have no learning rate and no learning curves."
    )
    return Drawing("budget-table", title, caption, sheet.figure)


def runs(counts: Sequence[int]) -> str:
    """`"8"`, or `"4 to 24"` where they differ."""
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"


def rows_and_columns(chances: pd.DataFrame) -> tuple[list[str], list[int]]:
    """Methods from the simplest, and budgets."""
    present = set(chances["method"])
    return [name for name in METHODS if name in present], sorted({int(b) for b in chances["budget"]})


def draw_map(ax: Axes, chances: pd.DataFrame, levels: pd.DataFrame | None) -> None:
    """The colours and the words of one family."""
    methods, budgets = rows_and_columns(chances)
    ranks = expected_ranks(chances).reindex(index=methods, columns=budgets).to_numpy(dtype=float)
    ax.imshow(ranks, cmap="Blues", vmin=0.8, vmax=len(methods) + 0.6, aspect="auto")
    for (row, column), rank in np.ndenumerate(ranks):
        method, budget = methods[row], budgets[column]
        if np.isnan(rank):
            ax.text(column, row, "–", ha="center", va="center", color="#888888")
            continue
        words = f"{rank:.1f}   {mark(chances, method, budget)}"
        if levels is not None:
            own = levels[(levels["method"] == method) & (levels["budget"] == budget)]
            words += f"\n{own['level'].mean():.1%}"
        colour = "white" if rank > 0.75 * len(methods) else "black"
        ax.text(column, row, words, ha="center", va="center", fontsize=8.5, color=colour)
    ax.grid(visible=False)
    ax.set_xticks(range(len(budgets)), [str(budget) for budget in budgets])
    ax.set_yticks(range(len(methods)), methods)
    ax.set_xlabel("budget (trials)")


def outline(ax: Axes, chances: pd.DataFrame, advised: dict[int, str | None]) -> None:
    """A frame around the advised method of each budget."""
    methods, budgets = rows_and_columns(chances)
    for budget, method in advised.items():
        if method is None or budget not in budgets:
            continue
        corner = (budgets.index(budget) - 0.48, methods.index(method) - 0.47)
        ax.add_patch(Rectangle(corner, 0.96, 0.94, fill=False, edgecolor=VERMILION, linewidth=2.4, zorder=5))


def draw_cell(data: Data, cell: Cell) -> Drawing:
    """The chance of the advised method to be ahead of each other, with its interval, and every run as a dot."""
    chances = data["chances"][data["chances"]["budget"] == cell.budget]
    lines = [
        (f"{method} ahead of {other}\n({family})", rows["chance"], BLACK if family == NETWORK else SKY)
        for family, method in cell.advised.items()
        for other, rows in chances[(chances["family"] == family) & (chances["method"] == method)].groupby("other")
    ]
    title = f"{cell.range[0].upper()}{cell.range[1:]}: is the advised method ahead?"
    counts = [len(shares) for _, shares, _ in lines]
    subtitle = (
        f"At {cell.budget} trials; points are mean chances with 95 % intervals over n = {runs(counts)} runs, small "
        "dots the runs"
    )
    with theme():
        sheet = page(1, title, subtitle, [], [], (5.0, 0.5 + 0.55 * len(lines)), (2.6, 0.5))
        (ax,) = sheet.panels
        ax.axvline(EVEN, color="black", linewidth=0.8, zorder=1)
        for place, (_, shares, colour) in enumerate(lines):
            mean = float(shares.mean())
            ax.plot(wilson(mean, len(shares)), [place, place], color=colour, linewidth=2)
            ax.plot(mean, place, "o", color=colour, markeredgecolor="white", markersize=8, zorder=4)
            offsets = place + 0.25 + 0.12 * np.linspace(-1, 1, len(shares))
            ax.plot(shares, offsets, ".", color=GREY, markersize=3, alpha=0.6)
        ax.set(xlim=(-0.02, 1.02), ylim=(len(lines) - 0.4, -0.5), xlabel="chance to be ahead")
        ax.set_yticks(range(len(lines)), [label for label, _, _ in lines])
        ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    caption = (
        "How to read: right of the black line the advised method wins more often than it loses. The advice of this "
        "line of the table holds where every interval lies right of the black line."
    )
    return Drawing(cell.name, title, caption, sheet.figure)
