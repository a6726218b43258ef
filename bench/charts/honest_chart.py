"""By how much the value that chose a winner was too good to be true."""

from typing import Any

import pandas as pd

from bench.analysis.ranks import final_order
from bench.charts.bands import rounded
from bench.charts.chart import INK, SOFT, Chart, line_of, text
from bench.charts.grid import Panel, axes_of, grid
from bench.plots.notes import run_notes, spans

ROW = 26  # pixels of a strategy
BELOW = 0.22  # of a row: how far under the filled mark the hollow one is


def optimism(runs: pd.DataFrame, scores: pd.DataFrame, ranked: pd.DataFrame) -> Chart:
    """A panel per problem of `honest_scores`, a row per strategy: optimism, and the part of it that is luck."""
    names = final_order(ranked, scores["strategy"])
    problems = list(scores["problem"].unique())
    rows = {name: number for number, name in enumerate(names)}
    columns = min(3, len(problems))
    data: list[dict[str, Any]] = []
    plots, shapes = [], []
    for number, problem in enumerate(problems):
        x, y = axes_of(number)
        own = scores[scores["problem"] == problem]
        for row in own.to_dict("records"):
            data += marks(row, rows[row["strategy"]], (x, y))
        plots.append(
            Panel(
                text(str(problem)),
                {"zeroline": False},
                {
                    "tickvals": list(rows.values()), "ticktext": [text(name) for name in names], "ticks": "",
                    "showticklabels": number % columns == 0, "showgrid": False,
                    "range": [len(names) - 0.4, -0.6],
                },
            )
        )  # fmt: skip
        zero = {"type": "line", "xref": x, "yref": f"{y} domain", "x0": 0, "x1": 0, "y0": 0, "y1": 1}
        shapes.append(zero | {"line": {"color": INK, "width": 1}, "layer": "below"})
    height = ROW * len(names) + 20
    figure_layout = grid(
        plots, "honest − told", columns=columns, height=height, beside=0.04, alone=height, shapes=shapes,
        showlegend=False,
    )  # fmt: skip
    repeats = scores.loc[scores["repeats"] > 0, "repeats"]
    failed = scores["failed"].max()
    hollow = any("open" in trace["marker"]["symbol"] for trace in data)
    caption = (
        "Filled marks: honest (held-out or noise-free) value of each run's final incumbent minus the value that chose "
        f"it, mean and 95 % bootstrap interval over dimensions and seeds ({spans(scores['n'], 'run', 'runs')} each"
        + (f", evaluated again with {repeats.mean():.2g} fresh seeds each" if len(repeats) else "")
        + "); right of the line, the told value flattered the winner."
        + " Hollow marks: the part of it that was luck with the noise." * hollow
        + " Who searches harder is flattered more, which is no sign of a worse strategy."
    )
    left_out = [f"Up to {failed:.0%} of a strategy's evaluations failed and are left out."] if failed > 0 else []
    return Chart(
        "optimism",
        "By how much the told value of the winner was too good to be true",
        " ".join([caption, *left_out, *run_notes(runs)]),
        {"data": data, "layout": figure_layout},
        scores,
        "Trust",
    )


def marks(row: dict[Any, Any], place: int, axes: tuple[str, str]) -> list[dict[str, Any]]:
    """The filled mark of a strategy and, where there was luck to tell from it, the hollow one."""
    line = line_of(row["strategy"])
    drawn = [mark(row, "optimism", place, line["line"]["color"], line["marker"], axes)]
    if row["repeats"] > 0 and row["luck"] != row["optimism"]:
        symbol = line["marker"]["symbol"].removesuffix("-open")
        hollow = line["marker"] | {"color": SOFT, "symbol": f"{symbol}-open", "size": 5}
        drawn.append(mark(row, "luck", place + BELOW, SOFT, hollow, axes))
    return drawn


def mark(
    row: dict[Any, Any], measure: str, y: float, colour: str, marker: dict[str, Any], axes: tuple[str, str]
) -> dict[str, Any]:
    """One mark with its interval."""
    value, low, high = (pd.Series([row[f"{measure}{end}"]], dtype=float) for end in ("", "_low", "_high"))
    interval = "<br>95 %: %{customdata[0]:.3g} to %{customdata[1]:.3g}" if low.notna().all() else ""
    return {
        "type": "scatter", "mode": "markers", "xaxis": axes[0], "yaxis": axes[1], "x": rounded(value), "y": [y],
        "legendgroup": row["strategy"], "name": text(row["strategy"]), "showlegend": False,
        "marker": marker | {"size": marker["size"] + 2},
        "error_x": {
            "type": "data", "symmetric": False, "array": rounded(high - value), "arrayminus": rounded(value - low),
            "color": colour, "thickness": 1.4, "width": 0,
        },
        "customdata": [[rounded(low, 3)[0], rounded(high, 3)[0]]],
        "hovertemplate": f"{measure}: %{{x:.3g}}{interval}<br>n = {row['n']}",
    }  # fmt: skip
