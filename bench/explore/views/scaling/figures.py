"""The two figures of "Strategies against dimension and budget", and the numbers that both show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.statistics import band_of_medians
from bench.charts.bands import Words, band_traces
from bench.charts.chart import LOG, SOFT, axis, layout, text
from bench.charts.regret_chart import words_of
from bench.plots.lines import on_log_axis, spans_decades
from bench.plots.regret_figures import Measure
from problems.space import Floats

DIMS = (1, 10)
HEIGHT = 340  # pixels
BANDS_SEED = 0  # the same runs have the same bands
LONGEST = 60  # characters of what a problem calls its values


@dataclass(frozen=True, eq=False)
class Part:
    """What runs came to in one dimension: medians over seeds of a measure, with bands, by trial and at the end."""

    dim: int
    measure: Measure
    bands: pd.DataFrame  # strategy, trial, median, low, high, n
    ends: pd.DataFrame  # the same with dim, at the last trial; the lowest first, what failed last

    @property
    def order(self) -> list[str]:
        """The strategies, the lowest first."""
        return self.ends["strategy"].tolist()


def part_of(dim: int, measure: Measure, curves: Mapping[str, Floats]) -> Part:
    """Of the `curves` (n, t) of `measure`, seed by seed, of each strategy; NaN where a seed has none."""
    bands = []
    for name, values in curves.items():
        filled = np.where(np.isnan(values), np.inf, values)  # what failed is infinitely bad
        median, low, high = band_of_medians(filled, np.random.default_rng(BANDS_SEED))
        trials = np.arange(1, filled.shape[1] + 1)
        bands.append(pd.DataFrame({"strategy": name, "trial": trials, "median": median, "low": low, "high": high,
                                   "n": len(filled)}))  # fmt: skip
    joined = pd.concat(bands, ignore_index=True).replace(np.inf, np.nan)
    ends = joined[joined["trial"] == joined["trial"].max()].assign(dim=dim)
    ordered = ends.sort_values(["median", "strategy"], na_position="last").reset_index(drop=True)
    return Part(dim, measure, joined, ordered)


def by_dimension(parts: Sequence[Part], dim: int, trials: int, order: Sequence[str]) -> dict[str, Any]:
    """What is left after so many `trials`, against dimension; `dim` is marked."""
    ends = pd.concat([part.ends for part in parts], ignore_index=True)
    made = drawn(ends, "dim", order, parts[0].measure, "dimension d (parameters)", Words("d ="))
    marked = {"type": "line", "x0": dim, "x1": dim, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
              "line": {"color": SOFT, "width": 1, "dash": "dot"}}  # fmt: skip
    made["layout"] |= {"shapes": [marked], "title": titled(f"After {trials} trials, against dimension")}
    made["layout"]["xaxis"] |= {"range": [DIMS[0] - 0.5, DIMS[1] + 0.5], "dtick": 1, "tick0": 1}
    return made


def by_trial(part: Part, trials: int) -> dict[str, Any]:
    """The way there in one dimension, trial by trial."""
    made = drawn(part.bands, "trial", part.order, part.measure, "trial", Words("trial"))
    made["layout"] |= {"title": titled(f"At d = {part.dim}, trial by trial")}
    made["layout"]["xaxis"] |= {"range": [0.5, trials + 0.5]}
    return made


def drawn(
    bands: pd.DataFrame, along: str, order: Sequence[str], measure: Measure, title: str, words: Words
) -> dict[str, Any]:
    """One figure; in `meta`, what must be said of its axis."""
    log = spans_decades(bands["median"]) or (measure.column == "regret" and bool((bands["median"] > 0).any()))
    ready, note = on_log_axis(bands) if log else (bands, "")
    legend = {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top", "traceorder": "normal", "itemwidth": 42}
    made = layout(
        HEIGHT,
        xaxis=axis(title),
        yaxis=axis(text(words_of(measure.name), LONGEST), **(LOG if log else {"rangemode": "tozero"})),
        legend=legend,
        meta=note,
    )
    made["margin"] = {"l": 60, "r": 12, "t": 36, "b": 40}
    return {"data": list(band_traces(ready, along, order, log, words=words)), "layout": made}


def titled(words: str) -> Mapping[str, Any]:
    """The heading of a figure."""
    return {
        "text": words,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "font": {"size": 14},
        "y": 0.97,
        "yanchor": "top",
    }


def empty(words: str) -> dict[str, Any]:
    """A figure of which there is nothing yet, and why."""
    made = layout(HEIGHT, xaxis={"visible": False}, yaxis={"visible": False}, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    made["annotations"] = [{"text": text(words, 80), "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5,
                            "showarrow": False, "font": {"size": 13, "color": SOFT}}]  # fmt: skip
    return {"data": [], "layout": made}
