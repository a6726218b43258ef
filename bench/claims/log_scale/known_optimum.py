"""One parameter whose best value is known: what random search loses by the wrong scale. Exact, nothing is drawn.

| symbol | meaning |
|---|---|
| `w` | width of the range [10^−w, 1] in decades |
| x, x* | a value and the best one |
| prior | the scale on which x* is uniform |
| metric | the scale on which losses grow with distance |
| `r` | distance from x* on the metric's scale, in shares 1/w of the range: decades on a log scale |
| loss | min(1, r²) |

One trial has loss ≤ r² when it falls within r of x*; what share of the searched scale that is gives P. The best of T
independent trials has the expected loss ∫₀¹ (1 − P)^T 2r dr (the integral of a survival function), averaged over x*.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bench.claims.claim import Data, Setting
from problems.space import Floats

WIDTHS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
TRIALS = (1, 2, 4, 6, 8, 10, 15, 20, 30, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
NODES: Mapping[str, int] = {"quick": 300, "full": 1500}  # of the midpoint rule, for x* and for r
SCALES = ("log", "linear")
WORLDS = (("log", "log"), ("linear", "linear"), ("linear", "log"))  # prior, metric


def midpoints(count: int) -> Floats:
    """The centres (count,) of equal cells of [0, 1]."""
    centres: Floats = (np.arange(count) + 0.5) / count
    return centres


def unit_of(values: Floats, scale: str, width: float) -> Floats:
    """Where `values` > 0 lie on a scale of [10^−w, 1], as units: 0 and 1 at its ends, beyond them outside."""
    match scale:
        case "log":
            units: Floats = 1.0 + np.log10(values) / width
        case "linear":
            units = (values - 10.0**-width) / (1.0 - 10.0**-width)
        case _:
            raise ValueError(f"a scale is one of {SCALES}, got {scale!r}")
    return units


def value_at(units: Floats, scale: str, width: float) -> Floats:
    """The values at `units` in [0, 1] of a scale of [10^−w, 1]; units outside are put on its ends."""
    inside, low = np.clip(units, 0.0, 1.0), 10.0**-width
    values: Floats = low ** (1.0 - inside) if scale == "log" else low + inside * (1.0 - low)
    return values


def hit_share(scale: str, prior: str, metric: str, width: float, distance: Floats, nodes: int) -> Floats:
    """P (x*, r) that a uniform draw on `scale` is within `distance` (r,) of the best value, for `nodes` places x*."""
    best = unit_of(value_at(midpoints(nodes), prior, width), metric, width)[:, None]  # (x*, 1)
    ends = [unit_of(value_at(best + side * distance / width, metric, width), scale, width) for side in (-1.0, 1.0)]
    share: Floats = np.clip(ends[1] - ends[0], 0.0, 1.0)
    return share


def expected_loss(scale: str, prior: str, metric: str, width: float, trials: Floats, nodes: int) -> Floats:
    """Expected loss (T,) of the best of `trials` (T,) uniform draws on `scale`."""
    v = midpoints(nodes)
    share = hit_share(scale, prior, metric, width, v * v, nodes)  # r = v²: dense where many trials decide
    with np.errstate(divide="ignore"):
        log_miss = np.log1p(-share)  # (x*, r)
    weights = 4.0 * v**3  # 2r dr = 4v³ dv
    return np.array([(np.exp(count * log_miss) * weights).mean() for count in trials])


def experiment(setting: Setting) -> Data:
    """Both scales in all worlds, for every width and number of trials."""
    rows = [
        pd.DataFrame(
            {
                "prior": prior, "metric": metric, "scale": scale, "width": width, "trials": TRIALS,
                "loss": expected_loss(scale, prior, metric, width, np.array(TRIALS), NODES[setting.profile]),
            }
        )
        for prior, metric in WORLDS
        for scale in SCALES
        for width in WIDTHS
    ]  # fmt: skip
    return {"losses": pd.concat(rows, ignore_index=True)}


def trials_needed(losses: pd.Series, target: float) -> float:
    """How many trials reach `target`, from losses indexed by trials: log-log interpolated.

    1 where one trial is enough; infinite where the most trials of the index are not.
    """
    counts, values = losses.index.to_numpy(dtype=float), losses.to_numpy()
    if values[-1] > target:
        return float("inf")
    return float(np.exp(np.interp(np.log(target), np.log(values[::-1]), np.log(counts[::-1]))))
