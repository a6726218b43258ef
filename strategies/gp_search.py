"""Bayesian optimisation with a Gaussian process: believe, weigh, try, learn.

| symbol | shape | meaning |
|---|---|---|
| `units` | (n, d) | points in the unit cube, on the lattice of integers and choices |
| `values` | (n,) | told values; NaN where the trial failed |
| `worth` | (n,) | the acquisition at n points, larger is better (see `gp.acquisition`) |
"""

import math

import numpy as np
from numpy.random import Generator
from scipy.stats import qmc

from problems.space import Config, Floats, SearchSpace
from strategies.base import Card, Proposal, Strategy
from strategies.gp.acquisition import ACQUISITIONS
from strategies.gp.encoding import Encoding
from strategies.gp.lattice import every_point, walk
from strategies.gp.maximise import climb, neighbours
from strategies.gp.model import Model
from strategies.gp.proposed import Proposed
from strategies.gp.settings import Settings
from strategies.gp.surrogate import Surrogate

ENUMERABLE = 1000  # a space of so few configs is weighed config by config


class GPSearch(Strategy):
    """Sobol' points first; then always the config of the largest acquisition under a Gaussian process.

    Several asks may be pending: their values are believed to be what the model expects (Ginsbourger et al. 2010,
    "kriging believer"), so that the next ask looks elsewhere. Integers and choices stay on their lattice in the model,
    and no config is proposed twice while another is left; then the best one is repeated.
    """

    reference = "Jones et al. 1998, J. Global Optimization 13:455-492; Ament et al. 2023, NeurIPS (LogEI)"
    takes_given = True
    card = Card(
        initial_design="scrambled Sobol' points: 2 (d + 1), but no more than 16 or a quarter of the budget, and at "
        "least 2; our choice",
        log_scales="modelled in the logarithm",
        integers="modelled and searched on their own values, in the logarithm where the scale is",
        choices="modelled by Hamming distance; searched choice by choice",
        pending="believed to come out as the model expects (kriging believer)",
        failures="count as the worst value so far; before the first success the search is Sobol', then random",
    )

    def __init__(
        self,
        space: SearchSpace,
        *,
        budget: int,
        rng: Generator,
        acquisition: str = "logei",
        settings: Settings | None = None,
    ) -> None:
        super().__init__(space, budget=budget, rng=rng)
        if acquisition not in ACQUISITIONS:
            raise ValueError(f"acquisition must be one of {', '.join(ACQUISITIONS)}, got {acquisition!r}")
        self.settings = settings or Settings()
        self._acquisition = ACQUISITIONS[acquisition]
        self._encoding = Encoding.of(space)
        # As many as make a first idea of every direction; few, because from then on the model chooses better.
        self._initial = max(2, min(2 * (len(space) + 1), 16, budget // 4))
        self._design = self._sobol(self._initial)
        self._everywhere = self._sobol(self.settings.candidates)
        self._surrogate = Surrogate(self._encoding, self.settings, rng)
        self._proposed_configs = Proposed(space)
        self._pending: dict[int, tuple[Config, Floats]] = {}
        self._units: list[Floats] = []
        self._values: list[float] = []
        self._best: tuple[float, Config] | None = None
        self._adopted = 0
        self._last_gain = 0  # how many trials were told when the best one was

    def ask(self) -> Proposal:
        """The most promising config that was not yet proposed."""
        config, units = self._choose()
        proposal = self.propose(config)
        self._proposed_configs.add(config)
        self._pending[proposal.id] = config, units
        return proposal

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Remember; the model learns at the next ask."""
        self._learn(*self._pending.pop(proposal.id), value)

    def adopt(self, config: Config, value: float | None) -> None:
        """Count it in as one of the initial points."""
        self._adopted += 1
        self._proposed_configs.add(config)
        self._learn(dict(config), self.space.to_unit(config), value)

    def _learn(self, config: Config, units: Floats, value: float | None) -> None:
        self._units.append(units)
        self._values.append(math.nan if value is None else float(value))
        if value is not None and (self._best is None or value < self._best[0]):
            self._best = float(value), config
            self._last_gain = len(self._values)

    def _sobol(self, count: int) -> Floats:
        """The first `count` points (count, d) of a scrambled Sobol' sequence of its own."""
        points = qmc.Sobol(len(self.space), scramble=True, rng=self.rng).random(1 << (count - 1).bit_length())
        return np.asarray(points[:count], dtype=float)

    def _choose(self) -> tuple[Config, Floats]:
        """The config to propose, and its point (d,)."""
        if self._proposed_configs.is_everything:
            config = self._best[1] if self._best is not None else self.space.sample(self.rng)
            return dict(config), self.space.to_unit(config)
        for units in self.space.snap(self._most_promising_first()):
            config = self.space.from_unit(units)
            if config not in self._proposed_configs:
                return config, units
        config = self._proposed_configs.another(self.rng)
        return config, self.space.to_unit(config)

    def _most_promising_first(self) -> Floats:
        """Points (n, d) to propose, in this order."""
        if self._proposed + self._adopted < self._initial:
            return self._design[[self._proposed]]
        if self._best is None or len(self._values) < 2:
            return self.rng.random((1, len(self.space)))
        pending = [units for _, units in self._pending.values()]
        model = self._surrogate.believe(np.array(self._units), np.array(self._values), pending)
        ranked = self._ranked_by_worth(model)
        return self._far_first(ranked) if self._stagnates() else ranked

    def _ranked_by_worth(self, model: Model) -> Floats:
        """Points (n, d) on the lattice, by their worth."""
        believed = model.believe(model.x)[0]
        best = float(believed.min())  # believed, not told: noise must not set the bar

        def worth(units: Floats) -> Floats:
            mean, std = model.believe(self._encoding.encode(units))
            return self._acquisition(mean, std, best)[0]

        if self.space.cardinality <= ENUMERABLE:
            units = every_point(self.space)
            return units[np.argsort(-worth(units), kind="stable")]

        candidates = self._candidates(believed)
        values = worth(candidates)
        candidates = candidates[np.argsort(-values, kind="stable")]
        tops = np.vstack([candidates[0], self._climb(model, candidates[0], best)])
        return np.vstack([walk(self.space, self.space.snap(tops), worth), candidates])

    def _candidates(self, believed: Floats) -> Floats:
        """Points everywhere and around the best by its `believed` value, pending ones left out; on the lattice."""
        everywhere = (self._everywhere + self.rng.random(len(self.space))) % 1.0  # one rotation of the torus per ask
        rows = self._surrogate.rows
        centre = self._units[rows[int(np.argmin(believed[: len(rows)]))]]
        return self.space.snap(np.vstack([everywhere, neighbours(centre, self.settings.near, self.rng)]))

    def _climb(self, model: Model, start: Floats, best: float) -> Floats:
        """Climb the acquisition in the numeric parameters, from `start` (d,)."""
        numeric, columns = self._encoding.numeric, self._encoding.numeric_columns
        top = start.copy()
        if len(numeric) == 0:
            return top
        x = self._encoding.encode(start[None])  # (1, D)

        def objective(point: Floats) -> tuple[float, Floats]:
            x[0, columns] = point
            mean, std, dmean, dstd = model.believe_with_gradients(x)
            value, by_mean, by_std = self._acquisition(mean, std, best)
            gradient = by_mean[0] * dmean[0] + by_std[0] * dstd[0]  # (D,)
            return float(value[0]), gradient[columns]

        top[numeric] = climb(objective, start[numeric], self.settings.climb_steps)[0]
        return top

    def _stagnates(self) -> bool:
        """Whether this ask should look elsewhere.

        Where values come in steps, a model that takes the steps for noise repeats its best place for ever.
        """
        without_gain = len(self._values) - self._last_gain
        return without_gain >= self.settings.patience and without_gain % 2 == 0

    def _far_first(self, units: Floats) -> Floats:
        """The points of `units` (n, d) that keep their distance from every tried one first; else in their order."""
        tried = np.array(self._units)[self._surrogate.rows]
        nearest = np.abs(units[:, None, :] - tried).max(axis=2).min(axis=1)
        return units[np.argsort(nearest < self.settings.distance, kind="stable")]
