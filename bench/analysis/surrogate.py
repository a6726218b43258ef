"""A Gaussian process in the place of the objective: fitted to trials, then asked what it predicts anywhere.

The process of the strategy `gp` (Matérn-5/2, one length scale per parameter, a learned warp of the values), with one
other prior: trainings are noisy, so that a noise of some percent of the signal is what is expected, not the exception.

| symbol | shape | meaning |
|---|---|---|
| `units` | (n, d) | points of the space's unit cube, on the lattice of integers and choices |
| `values` | (n,) | told values, finite |
| `p` | (d + 2,) | what is learned: log length scales, log noise, the warp's parameter (see `strategies.gp.model`) |
"""

import json
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from problems.space import Floats, SearchSpace
from strategies.gp.encoding import Encoding
from strategies.gp.model import Model, Priors, condition, learn
from strategies.gp.warping import gaps

PRIORS = Priors(noise=(-4.0, 2.0))  # centre: BoTorch's LogNormal(-4, 1), twice as wide for functions without noise
SHORT = math.log(0.3)  # of a second start: a function that turns within a third of the space
FIRST_STEPS, STEPS = 8, 30  # of L-BFGS: from every start, and on from the better one
FEWEST = 8  # trials


@dataclass(frozen=True)
class Surrogate:
    """A fitted process; make it with `fit`."""

    space: SearchSpace
    encoding: Encoding
    model: Model
    p: Floats  # (d + 2,)
    best: float  # the smallest value
    unit: float  # of the gaps to it
    centre: float  # mean of log(1 + b u), which the model's values are standardised by
    spread: float  # its standard deviation

    @property
    def length_scales(self) -> Floats:
        """ℓ (d,), in widths of the space."""
        scales: Floats = np.exp(self.p[: len(self.space)])
        return scales

    def predict(self, units: Floats) -> Floats:
        """The mean (m,) at points (m, d) anywhere in the unit cube, brought back to the scale of the told values."""
        z, _ = self.model.believe(self.encoding.encode(self.space.snap(units)))
        gap: Floats = np.expm1(self.centre + self.spread * z) * math.exp(-self.p[-1])
        return self.best + self.unit * gap


def observations(space: SearchSpace, trials: pd.DataFrame) -> tuple[Floats, Floats]:
    """Units (n, d) and values (n,) of `trials` (columns `config`, as JSON, and `value`).

    A failed trial (NaN) counts as the worst value of all: to fail is a way of being bad that parameters may explain.
    Raises ValueError for fewer than `FEWEST` values, and where all are equal: then there is nothing to explain.
    """
    values = trials["value"].to_numpy(dtype=float)
    known = values[np.isfinite(values)]
    if len(known) < FEWEST:
        raise ValueError(f"importance needs at least {FEWEST} trials that succeeded, got {len(known)}; run more")
    values = np.where(np.isfinite(values), values, known.max())
    if known.min() == values.max():
        raise ValueError(f"importance needs values that differ, got {known.min()} in all {len(values)} trials")
    return np.array([space.to_unit(json.loads(config)) for config in trials["config"]]), values


def fit(space: SearchSpace, units: Floats, values: Floats) -> Surrogate:
    """The most probable process found from two starts: the prior's centre, and short length scales."""
    encoding, u = Encoding.of(space), gaps(values)
    x, d = encoding.encode(units), len(space)
    centre = PRIORS.centres(d)
    short = centre.copy()
    short[:d] = SHORT
    first = [learn(x, u, encoding.owner, PRIORS, start, FIRST_STEPS) for start in (centre, short)]
    ahead = max(first, key=lambda found: found[1])[0]
    p, _ = learn(x, u, encoding.owner, PRIORS, ahead, STEPS)
    raw = np.log1p(math.exp(p[-1]) * u)
    best = float(values.min())
    return Surrogate(
        space=space,
        encoding=encoding,
        model=condition(x, u, encoding.owner, p, PRIORS),
        p=p,
        best=best,
        unit=float(np.median(values - best)) or float(np.max(values - best)),  # as `gaps` chooses it
        centre=float(raw.mean()),
        spread=float(raw.std()),
    )
