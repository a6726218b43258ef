"""What a tuning looks like: value against trial by stage, winner against defaults, value against each parameter.

`trials` has the columns of `bench.tuning.trials`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from bench.plots.lines import FEW_DECADES, plain_number, tidy_axes
from bench.plots.page import Drawing, Page, label_outside, page, theme, title_panel
from bench.plots.style import BLUE, GREEN, GREY, VERMILION, shown
from problems.space import Categorical, Int, Parameter, SearchSpace

LEGEND_ROOM = 0.3  # inches, below the axes
LOG_FROM = 8.0  # ratio of the highest value to the lowest
GROUP = 2.4  # distance of the scores in the comparison


@dataclass(frozen=True, slots=True)
class StageStyle:
    """How the trials of a stage are drawn."""

    label: str
    colour: str
    marker: str


def stage_styles(first: str | None) -> dict[str, StageStyle]:
    """Stage and who -> style; the stages' names are those of `bench.tuning.stages`."""
    return {
        "1-defaults": StageStyle("defaults", GREY, "s"),
        "2-first": StageStyle(f"{shown(first or '')} alone", BLUE, "o"),
        "3-all": StageStyle("all parameters", VERMILION, "^"),
        "4-confirm": StageStyle("again: winner", GREEN, "D"),
    }


def history(trials: pd.DataFrame, first: str | None) -> Drawing:
    """The told value of every trial in its order, stages side by side, with the best whole one so far."""
    styles = stage_styles(first)
    log = on_log_axis(trials["value"])
    search = trials[trials["stage"] != "4-confirm"]
    title = "The search, trial by trial"
    subtitle = (
        f"Validation score of {len(trials)} trials; hollow: stopped early, with its last score; cross: failed; "
        "lower is better"
    )
    with theme():
        sheet = page(1, title, subtitle, [], [], (7.6, 3.4), (0.85, 0.55), below=LEGEND_ROOM)
        ax = sheet.panels[0]
        if log:
            ax.set_yscale("log")
        fit(ax, trials["value"], log)
        for stage, rows in trials.groupby("stage", sort=True):
            style = styles[str(stage)]
            for who, own in rows.groupby("who"):
                colour, marker = (GREY, "s") if who == "defaults" else (style.colour, style.marker)
                scatter(ax, own["number"], own, colour, marker)
            left = rows["number"].min() - 0.5
            if left > 1:
                ax.axvline(left, color="#BBBBBB", linewidth=0.8, zorder=1)
        baseline = trials.loc[trials["stage"] == "1-defaults", "value"].mean()
        ax.axhline(baseline, color=GREY, linestyle=(0, (4, 2)), linewidth=1.2, zorder=1)
        whole = search["value"].where(search["status"] == "ok").cummin().ffill()
        ax.step(search["number"], whole, where="post", color="black", linewidth=1.4, zorder=2)
        ax.set_xlim(0.5, len(trials) + 0.5)
        ax.set(xlabel="trial", ylabel="validation score")
        tidy_axes(ax, log)
        present = {name: styles[name] for name in styles if name in set(trials["stage"])}
        legend(sheet, present, [
            ("best whole trial so far", {"color": "black", "linewidth": 1.4}),
            ("mean of the defaults", {"color": GREY, "linestyle": (0, (4, 2)), "linewidth": 1.2}),
        ])  # fmt: skip
    caption = (
        "How to read: stages follow each other from left to right, divided by thin lines: the defaults with several "
        "seeds, which shows the noise; one parameter alone; all of them; then the winner and the defaults again, on "
        "seeds that the search never saw. Compare the last stage's two groups: the black line is as low as it is "
        "partly because the luckiest trial was picked. Crosses at the upper edge are trials that failed, points there "
        "are higher than the axis."
    )
    return Drawing("history", title, caption, sheet.figure)


def comparison(scores: Mapping[str, pd.DataFrame]) -> Drawing:
    """Defaults and winner on the same seeds: a panel per score, a line per seed.

    `scores`: name of the score -> frame with the columns `defaults` and `winner`, by seed.
    """
    title = "What the winner is worth: trained again beside the defaults"
    count = max(len(both) for both in scores.values())
    subtitle = f"n = {count} seeds that the search did not see, each trained with both; bars: means; lower is better"
    values = pd.Series(np.concatenate([both.to_numpy().ravel() for both in scores.values()]))
    log = on_log_axis(values)
    with theme():
        sheet = page(1, title, subtitle, [], [], (1.0 + 1.9 * len(scores), 3.0), (0.85, 0.6))
        ax = sheet.panels[0]
        if log:
            ax.set_yscale("log")
        for group, (name, both) in enumerate(scores.items()):
            side_by_side(ax, both, GROUP * group)
            ax.text(GROUP * group + 0.5, 1.0, f"{name} score", transform=ax.get_xaxis_transform(), ha="center",
                    va="bottom", fontweight="bold", fontsize=10)  # fmt: skip
        ax.set_xticks([GROUP * group + place for group in range(len(scores)) for place in (0, 1)],
                      ["defaults", "winner"] * len(scores))  # fmt: skip
        ax.set_xlim(-0.6, GROUP * (len(scores) - 1) + 1.6)
        ax.xaxis.grid(False)
        if not log and values.min() >= 0:
            ax.set_ylim(bottom=0)
        tidy_axes_y(ax, log)
        ax.set_ylabel("score")
    caption = (
        "How to read: a line joins the two trainings with one seed; where all lines fall, the winner is better than "
        "the defaults. All scores share one axis: a winner that stands higher on test than on validation data has "
        "fitted its choice to the validation data, one that stands much lower on training data fits its training "
        "cases closely."
    )
    return Drawing("comparison", title, caption, sheet.figure)


def side_by_side(ax: Axes, both: pd.DataFrame, left: float) -> None:
    """Defaults at `left`, the winner one to the right of it: points joined by seed, and means."""
    lines = both[["defaults", "winner"]].to_numpy(dtype=float).T  # (2, n)
    ax.plot([left, left + 1], lines, color="#BBBBBB", linewidth=0.9, zorder=1)
    for x, who, colour, marker in ((left, "defaults", GREY, "s"), (left + 1, "winner", GREEN, "D")):
        ax.plot([x] * len(both), both[who], linestyle="none", marker=marker, color=colour, markersize=5.5,
                markeredgecolor="white", markeredgewidth=0.5, zorder=3)  # fmt: skip
        ax.hlines(both[who].mean(), x - 0.22, x + 0.22, color=colour, linewidth=2.2, zorder=2)


def by_parameter(trials: pd.DataFrame, space: SearchSpace, defaults: Mapping[str, Any], winner: Mapping[str, Any],
                 first: str | None) -> Drawing:  # fmt: skip
    """The told value against each parameter's value, a panel per parameter."""
    shown_trials = trials[trials["who"] == "search"]
    styles = stage_styles(first)
    log = on_log_axis(trials["value"])
    title = "Where the good values lie"
    subtitle = f"Validation score of the {len(shown_trials)} trials of the search against each parameter's value"
    with theme():
        sheet = page(len(space), title, subtitle, [], [], (2.7, 2.1), (0.85, 0.6), below=LEGEND_ROOM)
        for ax, parameter in zip(sheet.panels, space, strict=True):
            if log:
                ax.set_yscale("log")
            fit(ax, trials["value"], log)
            for stage, own in shown_trials.groupby("stage", sort=True):
                values = [config[parameter.name] for config in own["config"]]
                style = styles[str(stage)]
                scatter(ax, pd.Series(places(parameter, values), index=own.index), own, style.colour, style.marker)
            mark(ax, parameter, defaults[parameter.name], GREY)
            mark(ax, parameter, winner[parameter.name], GREEN)
            dress(ax, parameter)
            title_panel(ax, shown(parameter.name))
            tidy_axes_y(ax, log)
        label_outside(sheet, "", "validation score")
        present = {name: styles[name] for name in ("2-first", "3-all") if name in set(trials["stage"])}
        legend(sheet, present, [
            ("defaults", {"color": GREY, "linestyle": (0, (4, 2)), "linewidth": 1.4}),
            ("winner", {"color": GREEN, "linewidth": 1.4}),
        ])  # fmt: skip
    caption = (
        "How to read: each point is a trial, hollow where it was stopped early. A parameter that matters draws a "
        "valley; one that does not, a cloud. Where the points are lowest at an end of the axis, the best may lie "
        "beyond. All other parameters differ from point to point, but for those where one was searched alone."
    )
    return Drawing("parameters", title, caption, sheet.figure)


def on_log_axis(values: pd.Series) -> bool:
    """Whether `values` are better seen on a logarithmic axis."""
    known = values.dropna()
    return len(known) > 0 and known.min() > 0 and bool(known.max() > LOG_FROM * known.min())


def scatter(ax: Axes, x: pd.Series, rows: pd.DataFrame, colour: str, marker: str) -> None:
    """Trials at `x`: filled where whole, hollow where stopped early, a cross at the top where failed."""
    bottom, top = ax.get_ylim()
    looks: Mapping[str, dict[str, Any]] = {
        "ok": {"marker": marker, "markersize": 6, "markeredgecolor": "white", "markeredgewidth": 0.5},
        "pruned": {"marker": marker, "markersize": 4.5, "markerfacecolor": "white"},
        "failed": {"marker": "x", "markersize": 6},
        "timeout": {"marker": "x", "markersize": 6},
    }
    for status, style in looks.items():
        own = rows["status"] == status
        values = rows.loc[own, "value"].fillna(top).clip(upper=top)
        ax.plot(x[own], values, linestyle="none", color=colour, zorder=3, clip_on=False, **style)
    ax.set_ylim(bottom, top)


def fit(ax: Axes, values: pd.Series, log: bool) -> None:
    """An axis for `values`; what lies far above three quarters of them is drawn at its upper end."""
    finite = values.dropna()
    low, quarter = float(finite.min()), float(finite.quantile(0.75))
    high = min(float(finite.max()), quarter * (quarter / low) ** 2 if log else quarter + 3 * (quarter - low))
    high = max(high, float(finite.median()), low)
    if log:
        margin = (high / low) ** 0.05
        ax.set_ylim(low / margin, high * margin)
    else:
        margin = 0.05 * (high - low) or 0.5
        ax.set_ylim(low - margin, high + margin)


def places(parameter: Parameter, values: Sequence[Any]) -> list[float]:
    """Where values stand on a parameter's axis: choices side by side."""
    if isinstance(parameter, Categorical):
        return [float(parameter.index(value)) for value in values]
    return [float(value) for value in values]


def mark(ax: Axes, parameter: Parameter, value: Any, colour: str) -> None:
    """A line at a value."""
    dash: Any = (0, (4, 2)) if colour == GREY else "-"
    ax.axvline(places(parameter, [value])[0], color=colour, linewidth=1.4, linestyle=dash, zorder=1)


def dress(ax: Axes, parameter: Parameter) -> None:
    """The horizontal axis of a parameter: its whole range, on its scale."""
    if isinstance(parameter, Categorical):
        count = len(parameter.choices)
        ax.set_xticks(range(count), [shown(str(choice), 12) for choice in parameter.choices])
        ax.set_xlim(-0.5, count - 0.5)
        return
    if parameter.low == parameter.high:
        return
    if parameter.log:
        ax.set_xscale("log")
        few = parameter.high < FEW_DECADES * parameter.low
        ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)) if few else LogLocator(numticks=6))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
        ax.xaxis.set_minor_locator(NullLocator())
    elif isinstance(parameter, Int):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    ax.set_xlim(parameter.low, parameter.high)


def tidy_axes_y(ax: Axes, log: bool) -> None:
    """As `tidy_axes`, the horizontal axis left as it is."""
    locator, formatter = ax.xaxis.get_major_locator(), ax.xaxis.get_major_formatter()
    tidy_axes(ax, log)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(formatter)


def legend(sheet: Page, styles: Mapping[str, StageStyle], lines: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """One row below the axes."""
    handles = [Line2D([], [], **line) for _, line in lines] + [
        Line2D([], [], linestyle="none", marker=style.marker, color=style.colour, markersize=5.5)
        for style in styles.values()
    ]
    sheet.figure.legend(
        handles, [label for label, _ in lines] + [style.label for style in styles.values()], loc="lower left",
        bbox_to_anchor=(0.01, 0.0), ncol=len(handles), frameon=False, fontsize=8.5, columnspacing=1.4,
        handletextpad=0.5,
    )  # fmt: skip


def draw_tuning(
    trials: pd.DataFrame, space: SearchSpace, defaults: Mapping[str, Any], winner: Mapping[str, Any],
    first: str | None, scores: Mapping[str, pd.DataFrame],
) -> Iterator[Drawing]:  # fmt: skip
    """Every figure of a tuning, one after the other."""
    if scores:
        yield comparison(scores)
    yield history(trials, first)
    yield by_parameter(trials, space, defaults, winner, first)
