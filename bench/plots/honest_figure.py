"""By how much the value that chose a winner was too good to be true."""

import pandas as pd
from matplotlib.axes import Axes

from bench.analysis.ranks import final_order
from bench.plots.notes import run_notes, spans
from bench.plots.page import Drawing, columns_of, label_outside, page, theme, title_panel
from bench.plots.style import GREY, shown, style_of

ROW = 0.26  # inches of a strategy
BELOW = 0.17  # of a row: how far under the filled mark the hollow one is


def optimism(runs: pd.DataFrame, scores: pd.DataFrame, ranked: pd.DataFrame) -> Drawing:
    """A panel per problem of `honest_scores`, a row per strategy: optimism, and the part of it that is luck."""
    names = final_order(ranked, scores["strategy"])
    problems = list(scores["problem"].unique())
    repeats = scores.loc[scores["repeats"] > 0, "repeats"]
    title = "By how much the told value of the winner was too good to be true"
    subtitle = (
        "Honest score of each run's final incumbent minus the value that chose it, mean and 95 % bootstrap interval "
        f"over dimensions and seeds ({spans(scores['n'], 'run', 'runs')} per mark)"
        + f"; fresh seeds: {repeats.mean():.2g} each"
        * bool(len(repeats))
    )
    failed = scores["failed"].max()
    notes = [
        "Filled: held-out (or noise-free) value minus told value. Hollow: the same kind of value as was told, but with "
        "fresh seeds, minus the told one: the part that was luck with the noise.",
        *([f"Up to {failed:.0%} of a strategy's evaluations failed and are left out."] if failed > 0 else []),
        *run_notes(runs),
    ]
    longest = max(len(shown(name)) for name in names)
    with theme():
        size = (3.2, ROW * len(names) + 0.35)
        sheet = page(len(problems), title, subtitle, notes, [], size, (0.35 + 0.072 * longest, 0.35))
        for number, (ax, problem) in enumerate(zip(sheet.panels, problems, strict=True)):
            marks(ax, scores[scores["problem"] == problem].set_index("strategy"), names)
            title_panel(ax, shown(str(problem)))
            first = number % columns_of(len(problems)) == 0
            ax.set_yticks(range(len(names)), [shown(name) for name in names] if first else [""] * len(names))
        label_outside(sheet, "honest − told")
    caption = (
        "How to read: right of the line, the value by which a run chose its winner flattered it; smaller is better to "
        "measure with, though not a sign of a worse strategy: who searches harder is flattered more. What lies between "
        "the hollow and the filled mark is luck with the validation cases, and the difference between the two sets of "
        "cases, which is 0 on average where both are drawn alike. Left of the line, as with cross-validated values of "
        "models that saw fewer cases, the told value was too pessimistic. Strategies of a seed share data and streams."
    )
    return Drawing("optimism", title, caption, sheet.figure)


def marks(ax: Axes, rows: pd.DataFrame, names: list[str]) -> None:
    """One row per strategy, the first one on top; `rows` by strategy."""
    ax.axvline(0.0, color="black", linewidth=0.8, zorder=1)
    for height, name in enumerate(names):
        if name not in rows.index:
            continue
        row, style = rows.loc[name], style_of(name)
        drawn = [("optimism", float(height), style.colour, style.colour)]
        if row["repeats"] > 0 and row["luck"] != row["optimism"]:
            drawn.append(("luck", height + BELOW, GREY, "white"))
        for measure, y, colour, face in drawn:
            ax.hlines(y, row[f"{measure}_low"], row[f"{measure}_high"], color=colour, linewidth=1.3, zorder=2)
            ax.plot(row[measure], y, style.marker, color=colour, markerfacecolor=face, markersize=6, zorder=3)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
