"""How finely do T trials cover each parameter, and the whole cube?

| symbol | meaning |
|---|---|
| gap | of one parameter: the largest distance that a place in [0, 1] can have to the nearest tried value |
| distance | Euclidean, from a uniform place of the cube to the nearest trial, over √(d/6), that of two random points |

Geometry alone: what it means for a training is the matter of the part `consequence`.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.spatial.distance import cdist

from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.designs import Levels, balanced, random_points, sobol_points
from bench.claims.intervals import half_width, mean_effect
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import style_of
from problems.space import Floats

DIMS = range(2, 11)
BUDGETS = (100, 1000)
POINT_SETS = {"quick": 20, "full": 200}
PLACES = 200  # uniform places thrown at one point set
JUDGED = (2, 5, 10)
STRATEGIES = ("sobol", "random", "grid")
DESIGNS: Mapping[str, Callable[[int, int, Generator], Floats]] = {"random": random_points, "sobol": sobol_points}


def gaps(points: Floats) -> Floats:
    """The gap (d,) of each coordinate of points (T, d)."""
    values = np.sort(points, axis=0)
    inner = np.diff(values, axis=0).max(axis=0, initial=0.0) / 2.0
    widest: Floats = np.maximum(np.maximum(values[0], 1.0 - values[-1]), inner)
    return widest


def grid_gaps(levels: Levels) -> Floats:
    """The gap (d,) of a cell-centred grid: half a cell."""
    return 0.5 / np.array(levels, dtype=float)


def distances(places: Floats, points: Floats) -> Floats:
    """From each of the places (m, d) to the nearest of the points (T, d); (m,)."""
    nearest: Floats = cdist(places, points).min(axis=1)
    return nearest


def grid_distances(places: Floats, levels: Levels) -> Floats:
    """From each of the places (m, d) to the nearest point of a cell-centred grid, without making the grid; (m,)."""
    count = np.array(levels, dtype=float)
    cells = np.minimum(np.floor(places * count), count - 1.0)
    away: Floats = np.linalg.norm(places - (cells + 0.5) / count, axis=1)
    return away


def experiment(setting: Setting) -> Data:
    """Mean gap over the parameters and mean distance over uniform places, per point set."""
    rows = []
    for budget in BUDGETS:
        for dim in DIMS:
            levels, unit = balanced(dim, budget), np.sqrt(dim / 6.0)
            for point_set in range(POINT_SETS[setting.profile]):
                places = setting.rng.random((PLACES, dim))
                where = {"trials": budget, "dim": dim, "point_set": point_set}
                near = grid_distances(places, levels).mean() / unit
                rows.append({**where, "strategy": "grid", "gap": grid_gaps(levels).mean(), "distance": near})
                for name, make in DESIGNS.items():
                    points = make(budget, dim, setting.rng)
                    near = distances(places, points).mean() / unit
                    rows.append({**where, "strategy": name, "gap": gaps(points).mean(), "distance": near})
    return {"coverage": pd.DataFrame(rows)}


def judge(data: Data) -> Finding:
    """The grid's gap against random search's, and its growth from the lowest dimension to the highest."""
    effects: list[Effect] = []
    for budget, rows in data["coverage"].groupby("trials"):
        rows = rows.assign(gap=np.log10(rows["gap"]), distance=np.log10(rows["distance"]))
        logs = {
            measure: rows.pivot(index=["dim", "point_set"], columns="strategy", values=measure)
            for measure in ("gap", "distance")
        }
        wider = logs["gap"]["grid"] - logs["gap"]["random"]
        low, high = min(rows["dim"]), max(rows["dim"])
        growth = {name: logs["gap"][name].loc[high] - logs["gap"][name].loc[low] for name in ("grid", "random")}
        effects += [
            mean_effect(f"gap of grid over random's, decades, {budget} trials, d = {dim}", wider.loc[dim],
                        "point sets", 0.0)
            for dim in JUDGED
        ]  # fmt: skip
        effects.append(
            mean_effect(
                f"growth of the grid's gap from d = {low} to {high}, beyond random's, decades, {budget} trials",
                growth["grid"] - growth["random"], "point sets", 0.0,
            )
        )  # fmt: skip
        further = logs["distance"]["grid"] - logs["distance"]["random"]
        effects += [
            mean_effect(f"distance to the nearest trial, grid over random, decades, {budget} trials, d = {dim} "
                        "(reported only)", further.loc[dim], "point sets")
            for dim in JUDGED
        ]  # fmt: skip
    return Finding(effects)


def draw(data: Data) -> Sequence[Drawing]:
    """Gap per parameter above, distance in the whole cube below; a column per budget."""
    rows = data["coverage"]
    title = "A grid loses sight of each parameter; in the whole cube nobody sees far"
    subtitle = f"Mean and 95 % interval over n = {rows['point_set'].nunique()} point sets; grid: balanced levels"
    measures = {"gap": "widest gap of a parameter", "distance": "distance to nearest trial"}
    cases = [(measure, budget) for measure in measures for budget in sorted(rows["trials"].unique())]
    with theme():
        sheet = page(len(cases), title, subtitle, [], [], (3.5, 2.5), (0.8, 0.6))
        for ax, (measure, budget) in zip(sheet.panels, cases, strict=True):
            for name in STRATEGIES:
                of = rows[(rows["trials"] == budget) & (rows["strategy"] == name)]
                wide = of.pivot(index="point_set", columns="dim", values=measure)
                mean, half, style = wide.mean(), np.array([half_width(wide[dim]) for dim in wide]), style_of(name)
                ax.plot(wide.columns, mean, **style.line(), label=name, zorder=3)
                ax.fill_between(wide.columns, mean - half, mean + half, color=style.colour, alpha=0.15, linewidth=0)
            ax.set_xticks(list(DIMS))
            if measure == "gap":
                ax.set_yscale("log")
                ax.set_ylim(4e-4, 0.6)
            else:
                ax.set_ylim(0, 0.6)
            title_panel(ax, f"{'one parameter' if measure == 'gap' else 'the whole cube'}, {budget} trials")
        for ax, label in zip(sheet.panels[::2], measures.values(), strict=True):
            ax.set_ylabel(label)
        for ax in sheet.panels[-2:]:
            ax.set_xlabel("parameters d")
        sheet.panels[-1].legend(frameon=False, loc="lower right")
    caption = (
        "How to read: lower is better. Above: how far the best value of one parameter can lie from the nearest value "
        "tried, mean over the parameters; 0.5 is half of its range. Below: how far a uniform place of the cube lies on "
        "average from the nearest trial, in units of the distance of two random points. There a grid is no worse than "
        "random points: no design covers ten parameters with a thousand trials."
    )
    return [Drawing("resolution", title, caption, sheet.figure)]


PART = Part(
    name="resolution",
    statement="At a fixed budget a grid's resolution along each parameter collapses as parameters are added.",
    supports=(
        "The grid's widest gap along a parameter is larger than random search's, and grows faster with the dimension."
    ),
    refutes="Somewhere the grid's gap is as small as random search's, or grows no faster.",
    rule=(
        "Gap: mean over the parameters of the largest distance to the nearest tried value; 100 and 1000 trials. Holds "
        "when the 95 % intervals of log10 (grid's over random's), in d = 2, 5, 10, and of its growth from d = 2 to 10 "
        "lie above 0 for both budgets; does not hold when one lies at or below 0; else undecided. Distances in the "
        "whole cube are reported and do not decide."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "With each parameter added, a grid looks at fewer values of all of them; random search's view of each "
            "single parameter stays as sharp as it was. That pays where few parameters matter. It is no cure for the "
            "curse of dimensionality: neither covers the whole cube (see the lower half of the figure)."
        ),
        "does not hold": "At some budget and dimension the grid resolves single parameters as well as random points.",
        "undecided": "The point sets differ too much to say whose gaps are wider.",
    },
)
