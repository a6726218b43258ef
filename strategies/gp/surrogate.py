"""The belief as trials come in: which of them the model holds, when it learns anew, what it makes of pending ones.

| symbol | shape | meaning |
|---|---|---|
| `units` | (n, d) | tried points in the unit cube, on the lattice of integers and choices |
| `values` | (n,) | their told values, NaN for a failed trial |
| `rows` | (k,) | the trials that the model holds, ascending; k <= n |
| `p` | (d + 2,) | the model's learned hyperparameters (see `model`) |

Learning costs O(n³) a step, taking in one more trial O(n²). So the hyperparameters are learned only when the number of
trials has grown by a share; in between each new trial is appended, and the values are warped afresh.
"""

from collections.abc import Iterable

import numpy as np
from numpy.random import Generator

from problems.space import Floats
from strategies.gp.encoding import Encoding
from strategies.gp.model import Model, condition, learn
from strategies.gp.settings import Settings
from strategies.gp.warping import gaps, warp


class Surrogate:
    """A Gaussian process that follows a run."""

    def __init__(self, encoding: Encoding, settings: Settings, rng: Generator) -> None:
        self._encoding = encoding
        self._settings = settings
        self._rng = rng
        self._p = settings.priors.centres(len(encoding.space))
        self._model: Model | None = None
        self.rows: list[int] = []
        self._absorbed = 0  # how many trials the model knows of
        self._next_refit = 0

    def believe(self, units: Floats, values: Floats, pending: Iterable[Floats]) -> Model:
        """The model of the trials so far and, at their expected values, of the `pending` points (d,).

        `units` and `values` are those of the last call with new trials at their end; at least one value is finite.
        """
        values = np.where(np.isnan(values), np.nanmax(values), values)  # a failed trial is as bad as the worst
        if self._model is None or len(values) >= self._next_refit:
            self._model = self._learn(units, values)
        model = self._model
        for i in range(self._absorbed, len(values)):
            model = model.append(self._encoding.encode(units[i][None])[0])
            self.rows.append(i)
        self._absorbed = len(values)
        u = gaps(values)[self.rows]
        self._model = model = model.with_values(warp(u, self._p[-1]).z, self._settings.priors.signal_strength)
        for point in pending:
            model = model.append(self._encoding.encode(point[None])[0])
        return model

    def _learn(self, units: Floats, values: Floats) -> Model:
        """Learn the hyperparameters anew, and choose the trials that the model holds."""
        settings, n = self._settings, len(values)
        self.rows, self._absorbed = self._held(units, values), n
        x = self._encoding.encode(units[self.rows])
        u = gaps(values)[self.rows]
        self._p = learn(x, u, self._encoding.owner, settings.priors, self._p, settings.fit_steps)[0]
        self._next_refit = n + max(1, round(settings.refit_growth * min(n, settings.most_trials)))
        return condition(x, u, self._encoding.owner, self._p, settings.priors)

    def _held(self, units: Floats, values: Floats) -> list[int]:
        """All trials; of too many, three quarters of the share nearest to the best and a draw of the others."""
        most = self._settings.most_trials
        if len(values) <= most:
            return list(range(len(values)))
        distance = np.abs(units - units[int(np.argmin(values))]).max(axis=1)
        nearest = np.argsort(distance, kind="stable")[: most * 3 // 4]
        rest = np.setdiff1d(np.arange(len(values)), nearest)
        others = self._rng.choice(rest, size=most - len(nearest), replace=False)
        return sorted(np.concatenate([nearest, others]).tolist())
