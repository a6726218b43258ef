"""The figures of the trials of one run: learning curves, and seconds."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from bench.charts.bands import rounded
from bench.charts.chart import LOG, axis, text
from bench.explore.views.experiment.curves import Plot, framed, nothing
from bench.explore.views.experiment.parallel import UNKNOWN, some
from bench.plots.lines import spans_decades
from bench.plots.style import BLUE, GREEN, ORANGE, VERMILION
from problems.space import Floats

HEIGHT = 340
MOST = 400  # learning curves
MOST_SECONDS = 1500  # points of a line
LONGEST = 60
SECONDS = {
    "ask_s": ("ask: it proposes", BLUE, "solid"),
    "evaluate_s": ("evaluate: the trial", ORANGE, "dash"),
    "tell_s": ("tell: it learns", GREEN, "dot"),
}
SHORTEST = 1e-7  # seconds: no clock parts less


def learning_curves(trials: pd.DataFrame, label: str) -> Plot | None:
    """What was seen of each trial on its way, against the share of its full fidelity; None where there are no looks."""
    looked = trials[trials["observations"].notna()]
    if looked.empty:
        return None
    kept = some(looked, MOST)
    looks = [looks_of(stored) for stored in kept["observations"]]
    value = kept["value"].where(kept["status"] == "ok").to_numpy(dtype=float)
    best = int(np.nanargmin(value)) if np.isfinite(value).any() else -1
    is_full = (kept["status"] == "ok").to_numpy()
    own = np.arange(len(kept)) == best
    traces = [
        curves_of([look for look, full in zip(looks, is_full, strict=True) if not full], "stopped or failed", UNKNOWN),
        curves_of([look for look, full in zip(looks, is_full & ~own, strict=True) if full], "to the end", BLUE),
    ]
    if best >= 0:
        told = looks[best]
        traces += [
            curves_of([told], f"the best, trial {kept['trial'].iloc[best]}", VERMILION, width=3),
            curves_of([told], "the best, held out", VERMILION, 1, width=2, dash="dash"),
        ]
        if told.shape[1] > 3:
            traces.append(curves_of([told], "the best, in training", VERMILION, 3, width=2, dash="dot"))
    traces = [trace for trace in traces if any(height is not None for height in trace["y"])]
    log = spans_decades(pd.concat([pd.Series(trace["y"], dtype=float) for trace in traces])) if traces else False
    title = text(label, LONGEST)
    figure = {
        "data": traces,
        "layout": framed(
            HEIGHT,
            xaxis=axis("share of the trial's full fidelity", range=[0, 1.02]),
            yaxis=axis(f"{title} (log)" if log else title, **(LOG if log else {})),
        ),
    }
    drawn = f" Drawn: {len(kept)} of {len(looked):,}." if len(kept) < len(looked) else ""
    return Plot(figure, f"A line is a trial: what was seen of it on its way. Lower is better.{drawn}")


def looks_of(stored: str) -> Floats:
    """The stored looks of a trial as numbers (looks, 3 or 4); NaN is what was not known."""
    found = np.array(json.loads(stored), dtype=float)
    return found.reshape(len(found), -1) if len(found) else np.empty((0, 3))


def curves_of(
    looks: Sequence[Floats], name: str, colour: str, column: int = 0, width: float = 1.2, dash: str = "solid"
) -> dict[str, Any]:
    """One trace of several learning curves, with gaps between them; `column`: 0 told, 1 held out, 3 in training."""
    x: list[float | None] = []
    y: list[float | None] = []
    for look in looks:
        x += [*look[:, 2].round(4).tolist(), None]
        y += [*rounded(pd.Series(look[:, column])), None]
    is_point = max((len(look) for look in looks), default=1) == 1
    return {
        "type": "scatter", "mode": "lines+markers" if is_point else "lines", "x": x, "y": y, "name": name,
        "line": {"color": colour, "width": width, "dash": dash}, "marker": {"color": colour, "size": 6},
        "opacity": 1 if width > 1.5 else 0.7, "hovertemplate": "%{x:.0%}: %{y:.4g}",
    }  # fmt: skip


def seconds(trials: pd.DataFrame) -> Plot:
    """How long each trial's ask, evaluation and tell took."""
    if trials.empty:
        return Plot(nothing("No trial yet.", HEIGHT), "")
    kept = some(trials, MOST_SECONDS)
    traces = [
        {
            "type": "scatter", "mode": "lines" if len(kept) > 1 else "markers", "name": name,
            "x": kept["trial"].tolist(), "y": rounded(kept[column].clip(lower=SHORTEST), 3),
            "line": {"color": colour, "width": 1.6, "dash": dash}, "marker": {"color": colour},
            "hovertemplate": "trial %{x}: %{y:.3g} s",
        }
        for column, (name, colour, dash) in SECONDS.items()
    ]  # fmt: skip
    total = {name: trials[column].sum() for column, (name, _, _) in SECONDS.items()}
    parts = ", ".join(f"{name.partition(':')[0]} {duration(total[name])}" for name in total)
    shown = framed(HEIGHT, xaxis=axis("trial"), yaxis=axis("seconds (log)", fixedrange=True, **LOG))
    return Plot({"data": traces, "layout": shown}, f"All {len(trials):,} trials together: {parts}.")


def duration(total_s: float) -> str:
    """Seconds for people."""
    if total_s < 1:
        return f"{1000 * total_s:.3g} ms"
    return f"{total_s:.3g} s" if total_s < 120 else f"{total_s / 60:.3g} min"
