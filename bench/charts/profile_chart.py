"""How many targets were reached by when: COCO's ECDF and Moré and Wild's data profiles, side by side."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bench.analysis.ranks import final_order
from bench.analysis.regret import known_targets
from bench.analysis.targets import TARGETS
from bench.charts.bands import ENDS, Words, band_traces
from bench.charts.chart import LOG, Chart, axis_title, plain
from bench.charts.grid import Panel, axes_of, grid
from bench.plots.lines import plain_number
from bench.plots.notes import run_notes, spans
from bench.plots.targets_figure import Profile


def targets_reached(runs: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, parts: Sequence[Profile]) -> Chart:
    """What share of targets was reached by when, a panel for each of `profiles`."""
    names = final_order(ranked, curves["strategy"])
    known = known_targets(curves)
    data: list[dict[str, Any]] = []
    plots = []
    for number, (heading, x_label, y_label, bands) in enumerate(parts):
        top = min(1.0, 1.1 * bands["high"].max()) + 0.01 if len(bands) else 1.0
        share = axis_title(y_label) | {"range": [0, round(top, 3)], "tickformat": ".0%"}
        plots.append(Panel(heading, {**axis_title(x_label), **LOG}, share))
        data += band_traces(
            changes(bands), "cost", names, False, axes_of(number), in_legend=number == 0,
            words=Words(f"{x_label} = %{{x}}", number=".1%"), steps=True,
        )  # fmt: skip
    table = pd.concat(
        [bands.assign(profile=heading, unit=x_label) for heading, x_label, _, bands in parts], ignore_index=True
    ).rename(columns={"median": "share"})
    low, high = (plain_number(float(target)) for target in (TARGETS.min(), TARGETS.max()))
    gained = (
        "the share of runs that gained all but a tenth of what the best run of any strategy gained on the same "
        "instance, so that another set of strategies may change it"
    )
    fixed = (
        f"By fixed targets: the share of {len(TARGETS)} targets of regret ({high} to {low}, even in log) that runs had "
        "reached; by the best gain: "
    )
    caption = (
        f"{fixed if len(known) else 'Drawn is '}{gained}. Lines are means with 95 % bootstrap bands over seeds "
        f"({spans(table['n'], 'run', 'runs')} per strategy); higher and further left is better."
    )
    return Chart(
        "targets",
        "What share was reached by when",
        " ".join([caption, *without_targets(curves, known), *run_notes(runs)]),
        {"data": data, "layout": grid(plots, "", columns=2, height=300, beside=0.1)},
        table[["profile", "unit", "cost", "strategy", "share", "low", "high", "n"]],
        "Profiles",
    )


def changes(bands: pd.DataFrame) -> pd.DataFrame:
    """`profile_bands` without the rows, but the last, at which a strategy's share is what it was before."""
    of = bands["strategy"]
    same = (bands[ENDS] == bands.groupby("strategy")[ENDS].shift()).all(axis=1)
    return bands[~same | (of != of.shift(-1))]


def without_targets(curves: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    """Which problems have no fixed targets, in a sentence."""
    stated = set(known["problem"].unique())
    unknown = [plain(name) for name in curves["problem"].unique() if name not in stated]
    return [f"Without fixed targets, for no optimum is known: {', '.join(unknown)}."] if unknown else []
