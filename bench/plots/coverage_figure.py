"""What was run at all: one cell per problem, dimension and strategy. Drawn when something is missing."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
import seaborn as sns
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import shown
from bench.records import FINISHED

# What a cell is, the worst of its runs first; letter, colour.
STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "failed": ("F", "#D55E00"),
        "not finished": ("…", "#F0E442"),
        "skipped": ("–", "#DDDDDD"),
        "done": ("", "#9AD3BE"),
        "not planned": ("", "#FFFFFF"),
    }
)


def state_of(statuses: pd.Series) -> str:
    """The state of a cell from the statuses of its runs."""
    if (statuses == "failed").any():
        return "failed"
    return "done" if statuses.isin(FINISHED).all() else "not finished"


def coverage_cells(runs: pd.DataFrame, skips: pd.DataFrame) -> pd.DataFrame:
    """One row per problem, dimension and strategy with its `state`."""
    cell = ["problem", "dim", "strategy"]
    ran = runs.groupby(cell, sort=False)["status"].agg(state_of).rename("state").reset_index()
    skipped = skips[cell].assign(state="skipped")
    return pd.concat([part for part in (ran, skipped) if len(part)], ignore_index=True)


def is_complete(runs: pd.DataFrame, skips: pd.DataFrame) -> bool:
    """Whether every cell was planned and every run ended well."""
    return skips.empty and bool(runs["status"].isin({"done", "exhausted"}).all())


def coverage(runs: pd.DataFrame, skips: pd.DataFrame) -> Drawing:
    """A matrix per problem: strategies down, dimensions across."""
    cells = coverage_cells(runs, skips)
    order = {state: number for number, state in enumerate(STATES)}
    problems, strategies = (list(dict.fromkeys(cells[name])) for name in ("problem", "strategy"))
    dims = sorted(cells["dim"].unique())
    title = "What was run"
    subtitle = "Strategies down, dimensions across; a square is all the seeds of one cell"
    size = max(1.6, 0.24 * len(dims)), max(0.7, 0.21 * len(strategies))
    room = 0.3 + 0.075 * max(len(shown(name)) for name in strategies)
    with theme():
        sheet = page(len(problems), title, subtitle, [], [], size, (room, room))
        for ax, problem in zip(sheet.panels, problems, strict=True):
            wide = cells[cells["problem"] == problem].pivot(index="strategy", columns="dim", values="state")
            states = wide.reindex(index=strategies, columns=dims).astype(object).fillna("not planned")
            sns.heatmap(
                states.replace(order).astype(int),
                ax=ax,
                cmap=ListedColormap([colour for _, colour in STATES.values()]),
                vmin=-0.5,
                vmax=len(STATES) - 0.5,
                annot=states.replace({state: letter for state, (letter, _) in STATES.items()}),
                fmt="",
                annot_kws={"fontsize": 8, "color": "black"},
                linewidths=0.8,
                cbar=False,
                yticklabels=[shown(name) for name in strategies],
            )
            title_panel(ax, shown(problem))
            ax.set(xlabel="", ylabel="")
            ax.tick_params(length=0)
            ax.tick_params(axis="y", rotation=0)
        present = [state for state in STATES if state in set(cells["state"])]
        sheet.figure.legend(
            [Patch(facecolor=STATES[state][1], edgecolor="#888888") for state in present],
            [f"{STATES[state][0]} {state}".strip() for state in present],
            loc="lower left",
            ncols=len(present),
            frameon=False,
        )
    caption = (
        "How to read: green squares ended as planned. F: at least one run failed, and counts as worst; …: not every "
        "run is finished, and that cell is in no ranking; –: planned not to run, for the reason listed below."
    )
    return Drawing("coverage", title, caption, sheet.figure)
