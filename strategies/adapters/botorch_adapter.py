"""BoTorch's parts, put together as in its tutorial: a kit rather than a strategy, it has no loop or defaults for one.

The tutorial is "Closed-loop batch, constrained BO in BoTorch with qLogEI and qLogNEI", in its repository under
tutorials/closed_loop_botorch_only: ten random trials, then a GP fitted anew for every ask, with 10 restarts from 512
raw samples. Its constraint and its known noise are left out. Where nothing is pending, log EI is that of BoTorch's
README, in closed form, else the tutorial's by simulation.

| symbol | meaning |
|---|---|
| units | (n, d), points of the unit cube, log scales included, on the lattice of integers and choices |
| `x`, `y` | (n, D), (n, 1): units with each categorical as one column per choice; values, larger is better |
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

import numpy as np
import torch
from botorch.acquisition.acquisition import AcquisitionFunction
from botorch.acquisition.analytic import LogExpectedImprovement
from botorch.acquisition.logei import qLogExpectedImprovement
from botorch.fit import fit_gpytorch_mll
from botorch.models import SingleTaskGP
from botorch.optim.optimize import optimize_acqf
from botorch.sampling.normal import SobolQMCNormalSampler
from gpytorch.mlls import ExactMarginalLogLikelihood
from numpy.random import Generator

from problems.space import Categorical, Config, Floats, SearchSpace
from strategies.adapters.botorch_warnings import handled_by_botorch
from strategies.adapters.clipping import clipped
from strategies.base import Card, Proposal, Strategy

INITIAL_TRIALS, RESTARTS, RAW_SAMPLES, MC_SAMPLES = 10, 10, 512, 256  # as in the tutorial


def decoded(space: SearchSpace, columns: Floats) -> Floats:
    """Units (1, d) of the point nearest to `columns` (D,): the choice with the largest column, the nearest integer."""
    units, rest = [], columns.tolist()
    for parameter in space:
        count = len(parameter.choices) if isinstance(parameter, Categorical) else 1
        own, rest = rest[:count], rest[count:]
        units.append((own.index(max(own)) + 0.5) / count if isinstance(parameter, Categorical) else own[0])
    return space.snap(np.array([units]))


class BoTorch(Strategy):
    """Gaussian process (squared exponential, dimension-scaled prior) with log expected improvement."""

    reference = "Balandat et al. 2020, NeurIPS; Ament et al. 2023, arXiv:2310.20708; Hvarfner et al. 2024, ICML"
    takes_given = True
    card = Card(
        initial_design="10 independent random draws: the tutorial's number, for the library has none",
        log_scales="modelled in the logarithm",
        integers="modelled at their own values, searched as real numbers, and rounded",
        choices="one-hot columns, searched as real numbers; the largest counts",
        pending="counted in by simulation (qLogEI with X_pending)",
        failures="count as the worst value so far; before the first success the search is random",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "loop": "that of the closed-loop tutorial, for the library has none; SingleTaskGP, fit_gpytorch_mll and "
        "optimize_acqf as they are by default, so without the tutorial's batch_limit and maxiter",
        "integers and choices": "searched as numbers and one-hot columns, and rounded: optimize_acqf knows no others",
        "failed trials": "count as the worst value so far, for the library has no notion of failure; before the first "
        "success the search stays random",
        "values": "clipped to ±1e100, because their standard deviation overflows beyond",
        "one-value ranges": "left out of the model",
    }

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        searched = tuple(p for p in space if p.cardinality > 1)
        self._searched = SearchSpace(searched) if searched else None
        self._stream = torch.Generator().manual_seed(int(rng.integers(2**31))).get_state()
        self._pending: dict[int, Floats] = {}  # proposal id -> units (1, d)
        self._told: list[tuple[Floats, float | None]] = []

    @contextmanager
    def _own_stream(self) -> Iterator[None]:
        """Let BoTorch, which draws from torch's global generator, go on where this run's own stream stands."""
        with torch.random.fork_rng(devices=()):
            torch.set_rng_state(self._stream)
            yield
            self._stream = torch.get_rng_state()

    def ask(self) -> Proposal:
        """A random point at first, then the best of the acquisition function, rounded to a config."""
        config = {p.name: p.from_unit(0.5) for p in self.space}
        if self._searched is None:
            return self.propose(config)
        with self._own_stream():
            known = len(self._pending) + len(self._told)
            if known < INITIAL_TRIALS or all(value is None for _, value in self._told):
                units = self._searched.snap(torch.rand(1, len(self._searched), dtype=torch.double).numpy())
            else:
                units = self._maximiser(self._searched)
        proposal = self.propose(config | self._searched.from_unit(units[0]))
        self._pending[proposal.id] = units
        return proposal

    def _maximiser(self, space: SearchSpace) -> Floats:
        """Units (1, d) of the acquisition's maximum, under a model of all told trials."""
        worst = max(value for _, value in self._told if value is not None)
        x = self._columns(space, [units for units, _ in self._told])
        y = -torch.tensor([[worst if value is None else value] for _, value in self._told], dtype=torch.double)
        with handled_by_botorch():
            model = SingleTaskGP(x, y)
            fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
            bounds = torch.stack([torch.zeros(x.shape[1]), torch.ones(x.shape[1])]).double()
            best, _ = optimize_acqf(
                self._acquisition(space, model, y.max()), bounds, q=1, num_restarts=RESTARTS, raw_samples=RAW_SAMPLES
            )
        return decoded(space, best[0].numpy())

    def _acquisition(self, space: SearchSpace, model: SingleTaskGP, best: torch.Tensor) -> AcquisitionFunction:
        """In closed form, or by simulation where pending trials are to be counted in."""
        if not self._pending:
            return LogExpectedImprovement(model, best_f=best)
        return qLogExpectedImprovement(
            model,
            best_f=best,
            sampler=SobolQMCNormalSampler(torch.Size([MC_SAMPLES])),
            X_pending=self._columns(space, list(self._pending.values())),
        )

    @staticmethod
    def _columns(space: SearchSpace, units: list[Floats]) -> torch.Tensor:
        """Points (1, d) each, as (n, D)."""
        return torch.from_numpy(space.one_hot(np.concatenate(units)))

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Keep the value for the next model."""
        if self._searched is not None:
            self._learn(self._pending.pop(proposal.id), value)

    def adopt(self, config: Config, value: float | None) -> None:
        """Keep it as one of the initial trials."""
        if self._searched is not None:
            self._learn(self._searched.to_unit({name: config[name] for name in self._searched.names})[None], value)

    def _learn(self, units: Floats, value: float | None) -> None:
        self._told.append((units, clipped(value)))
