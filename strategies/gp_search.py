"""Bayesian optimisation with a Gaussian process: believe, weigh, try, learn.

| symbol | shape | meaning |
|---|---|---|
| `units` | (n, d) | tried points in the unit cube, on the lattice of integers and choices |
| `values` | (n,) | their told values; a failed trial has the worst value seen |
| `p` | (d + 2,) | the model's learned hyperparameters (see `gp.model`) |
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from scipy.stats import qmc

from problems.space import Categorical, Config, Floats, Int, SearchSpace
from strategies.base import Proposal, Strategy
from strategies.gp.acquisition import ACQUISITIONS
from strategies.gp.encoding import Encoding
from strategies.gp.maximise import climb, far_apart, neighbours
from strategies.gp.model import Model, Priors, condition, learn
from strategies.gp.warping import gaps, warp

Key: TypeAlias = tuple[tuple[type, object], ...]
Worth: TypeAlias = Callable[[Floats], Floats]  # units (n, d) -> acquisition (n,)

ENUMERABLE = 1000  # a space of so few configs is weighed config by config


@dataclass(frozen=True)
class Settings:
    """Every choice of `GPSearch` that is not the method itself."""

    priors: Priors = field(default_factory=Priors)
    candidates: int = 400  # scrambled Sobol points over the whole space
    near: int = 150  # points around the best one
    climbers: int = 6
    climb_steps: int = 16
    fit_steps: int = 10  # of L-BFGS
    refit_growth: float = 0.08  # learn again when there are so many more trials
    restart_every: int = 2  # refits of which one also starts from the prior's centre
    most_trials: int = 500  # that the model holds; beyond, it is local
    patience: int = 10  # trials without a gain, after which every second ask keeps its distance from what was tried
    distance: float = 0.05  # of the space, in at least one parameter


class GPSearch(Strategy):
    """Sobol points first; then always the config of the largest acquisition under a Gaussian process.

    Several asks may be pending: their values are believed to be what the model expects (Ginsbourger et al. 2010,
    "kriging believer"), so that the next ask looks elsewhere. Integers and choices stay on their lattice in the model,
    and no config is proposed twice while another is left; then the best one is repeated.
    """

    reference = "Jones et al. 1998, J. Global Optimization 13:455-492; Ament et al. 2023, NeurIPS (LogEI)"

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
        d = len(space)
        # As many as make a first idea of every direction; few, because from then on the model chooses better.
        self._initial = max(2, min(2 * (d + 1), 16, budget // 4))
        self._design = qmc.Sobol(d, scramble=True, rng=rng).random(1 << (self._initial - 1).bit_length())
        self._base = qmc.Sobol(d, scramble=True, rng=rng).random(1 << (self.settings.candidates - 1).bit_length())
        self._base = self._base[: self.settings.candidates]
        self._pending: dict[int, tuple[Config, Floats]] = {}
        self._units: list[Floats] = []
        self._values: list[float] = []  # NaN: failed
        self._best: tuple[float, Config] | None = None
        self._last_gain = 0  # how many trials were told when the best one was
        self._seen: set[Key] = set()  # keys of proposed configs
        self._model: Model | None = None
        self._rows: list[int] = []  # indices of the trials that the model holds
        self._absorbed = 0  # how many told trials the model knows of
        self._p = self.settings.priors.centres(d)
        self._refits = 0
        self._next_refit = 0

    def ask(self) -> Proposal:
        """The most promising config that was not yet proposed."""
        config, units = self._choose()
        proposal = self.propose(config)
        self._seen.add(self._key(config))
        self._pending[proposal.id] = config, units
        return proposal

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Remember; the model learns at the next ask."""
        config, units = self._pending.pop(proposal.id)
        self._units.append(units)
        self._values.append(math.nan if value is None else float(value))
        if value is not None and (self._best is None or value < self._best[0]):
            self._best = float(value), config
            self._last_gain = len(self._values)

    # What to propose

    def _choose(self) -> tuple[Config, Floats]:
        if len(self._seen) >= self.space.cardinality:
            config = self._best[1] if self._best is not None else self.space.sample(self.rng)
            return dict(config), self.space.to_unit(config)
        if self._proposed < self._initial:
            ranked = self._design[self._proposed % len(self._design)][None]
        elif self._best is None or len(self._values) < 2:
            ranked = self.rng.random((1, len(self.space)))
        else:
            ranked = self._ranked_by_worth(self._current_model())
            if self._stagnates():
                ranked = self._far_first(ranked)
        for units in self.space.snap(ranked):
            config = self.space.from_unit(units)
            if self._key(config) not in self._seen:
                return config, units
        return self._unseen()

    def _ranked_by_worth(self, model: Model) -> Floats:
        """Points of the unit cube, the most promising first."""
        believed = model.believe(model.x)[0]
        best = float(believed.min())  # believed, not told: noise must not set the bar

        def worth(units: Floats) -> Floats:
            mean, std = model.believe(self._encoding.encode(units))
            return self._acquisition(mean, std, best)[0]

        if self.space.cardinality <= ENUMERABLE:
            units = self._all_units()
            return units[np.argsort(-worth(units), kind="stable")]

        candidates = self._candidates(believed[: len(self._rows)])
        values = worth(candidates)
        starts = far_apart(candidates, values, self.settings.climbers)
        tops = np.vstack([starts, self._climb(model, starts, best)]) if len(self._encoding.numeric) else starts
        tops = self._walk(self.space.snap(tops), worth)
        order = np.argsort(-values, kind="stable")
        return np.vstack([tops, candidates[order]])

    def _stagnates(self) -> bool:
        """Whether this ask should look elsewhere.

        Where values come in steps, a model that takes the steps for noise repeats its best place for ever.
        """
        without_gain = len(self._values) - self._last_gain
        return without_gain >= self.settings.patience and without_gain % 2 == 0

    def _far_first(self, units: Floats) -> Floats:
        """The points of `units` (n, d) that keep their distance from every tried one first; else in their order."""
        nearest = np.abs(units[:, None, :] - np.array(self._units)[self._rows]).max(axis=2).min(axis=1)
        return units[np.argsort(nearest < self.settings.distance, kind="stable")]

    def _candidates(self, believed: Floats) -> Floats:
        """Points everywhere and around the best by its `believed` value (n,); on the lattice."""
        everywhere = (self._base + self.rng.random(len(self.space))) % 1.0  # one rotation of the torus per ask
        centre = self._units[self._rows[int(np.argmin(believed))]]
        return self.space.snap(np.vstack([everywhere, neighbours(centre, self.settings.near, self.rng)]))

    def _climb(self, model: Model, starts: Floats, best: float) -> Floats:
        """Climb the acquisition in the numeric parameters, from `starts` (B, d)."""
        numeric, columns = self._encoding.numeric, self._encoding.numeric_columns
        x = self._encoding.encode(starts)

        def objective(point: Floats) -> tuple[Floats, Floats]:
            x[:, columns] = point
            mean, std, dmean, dstd = model.believe_with_gradients(x)
            value, by_mean, by_std = self._acquisition(mean, std, best)
            gradient = by_mean[:, None] * dmean + by_std[:, None] * dstd
            return value, gradient[:, columns]

        tops = starts.copy()
        tops[:, numeric] = climb(objective, starts[:, numeric], self.settings.climb_steps)[0]
        return tops

    def _walk(self, tops: Floats, worth: Worth) -> Floats:
        """Sort `tops` by worth; where there is a lattice, first step along it from the best while that pays."""
        values = worth(tops)
        if all(not isinstance(p, (Int, Categorical)) for p in self.space):
            return tops[np.argsort(-values, kind="stable")]
        found, found_values = [tops], [values]
        here, value = tops[int(np.argmax(values))], float(values.max())
        for _ in range(10):
            steps = self._lattice_neighbours(here)
            if len(steps) == 0:
                break
            step_values = worth(steps)
            found.append(steps)
            found_values.append(step_values)
            if step_values.max() <= value:
                break
            here, value = steps[int(np.argmax(step_values))], float(step_values.max())
        everything = np.vstack(found)
        return everything[np.argsort(-np.concatenate(found_values), kind="stable")]

    def _lattice_neighbours(self, here: Floats) -> Floats:
        """Points (n, d) that differ from `here` in one integer by a step, or in one choice."""
        config = self.space.from_unit(here)
        points = []
        for j, parameter in enumerate(self.space):
            match parameter:
                case Int(low=low, high=high):
                    now = config[parameter.name]
                    others = [parameter.to_unit(v) for v in (now - 1, now + 1) if low <= v <= high]
                case Categorical(choices=choices):
                    others = [
                        (i + 0.5) / len(choices)
                        for i in range(len(choices))
                        if choices[i] is not config[parameter.name]
                    ]
                case _:
                    others = []
            for unit in others:
                point = here.copy()
                point[j] = unit
                points.append(point)
        return np.array(points).reshape(-1, len(here))

    # What to believe

    def _current_model(self) -> Model:
        """The model of the told trials and, at their expected values, of the pending ones."""
        values = np.array(self._values)
        values[np.isnan(values)] = np.nanmax(values)  # a failed trial is as bad as the worst
        if self._model is None or len(values) >= self._next_refit:
            self._model = self._learn(values)
        model = self._model
        for i in range(self._absorbed, len(values)):
            model = model.append(self._encoding.encode(self._units[i][None])[0])
            self._rows.append(i)
        self._absorbed = len(values)
        u = gaps(values)[self._rows]
        self._model = model = model.with_values(warp(u, self._p[-1]).z, self.settings.priors.signal_strength)
        for _, units in self._pending.values():
            model = model.append(self._encoding.encode(units[None])[0])
        return model

    def _learn(self, values: Floats) -> Model:
        """Learn the hyperparameters anew, and choose the trials that the model holds."""
        settings, n = self.settings, len(values)
        self._rows, self._absorbed = self._held(values), n
        x = self._encoding.encode(np.array(self._units)[self._rows])
        u = gaps(values)[self._rows]
        starts = [self._p]
        if self._refits % settings.restart_every == 1:
            starts.append(settings.priors.centres(len(self.space)))
        self._p, _ = learn(x, u, self._encoding.owner, settings.priors, starts, settings.fit_steps)
        self._refits += 1
        self._next_refit = n + max(1, round(settings.refit_growth * min(n, settings.most_trials)))
        return condition(x, u, self._encoding.owner, self._p, settings.priors)

    def _held(self, values: Floats) -> list[int]:
        """The trials that the model holds, ascending: all, or the half nearest to the best and the last ones."""
        most = self.settings.most_trials
        if len(values) <= most:
            return list(range(len(values)))
        units = np.array(self._units)
        distance = np.abs(units - units[int(np.argmin(values))]).max(axis=1)
        nearest = np.argsort(distance, kind="stable")[: most * 3 // 4]
        rest = np.setdiff1d(np.arange(len(values)), nearest)
        others = self.rng.choice(rest, size=most - len(nearest), replace=False)
        return sorted(np.concatenate([nearest, others]).tolist())

    # Configs

    def _key(self, config: Config) -> Key:
        """What makes a config the same; by type too, since 1 == True."""
        return tuple((type(value), value) for value in config.values())

    def _all_units(self) -> Floats:
        """Every point (cardinality, d) of a small space."""
        levels = [int(p.cardinality) for p in self.space]
        return np.array([self.space.to_unit(config) for config in self.space.grid(levels)])

    def _unseen(self) -> tuple[Config, Floats]:
        """A random config that was not yet proposed; there is one."""
        for config in self._shuffled():
            if self._key(config) not in self._seen:
                return config, self.space.to_unit(config)
        raise RuntimeError(f"a space of {self.space.cardinality} configs has none left after {len(self._seen)}")

    def _shuffled(self) -> Iterator[Config]:
        """Random draws; then, should a nearly exhausted space need it, every config in order."""
        for _ in range(100):
            yield self.space.sample(self.rng)
        yield from self.space.grid([int(min(p.cardinality, 10**4)) for p in self.space])
