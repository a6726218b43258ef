"""scikit-optimize's `Optimizer`, with the defaults of `gp_minimize` and `forest_minimize`."""

import warnings
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, ClassVar, assert_never

import numpy as np
import skopt
from numpy.random import Generator
from skopt import space as skopt_space

from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace
from strategies.adapters.clipping import clipped
from strategies.base import Card, Proposal, Strategy


def dimension(parameter: Parameter) -> Any:
    """scikit-optimize's form of `parameter`. Choices go by index: it takes `1`, `1.0` and `True` for the same."""
    match parameter:
        case Float():
            prior = "log-uniform" if parameter.log else "uniform"
            return skopt_space.Real(parameter.low, parameter.high, prior=prior)
        case Int():
            prior, transform = ("log-uniform", "normalize") if parameter.log else ("uniform", None)
            return skopt_space.Integer(parameter.low, parameter.high, prior=prior, transform=transform)
        case Categorical():
            return skopt_space.Categorical(range(len(parameter.choices)))
        case _:
            assert_never(parameter)


def native(parameter: Parameter, value: Any) -> Any:
    """The value of `parameter` that scikit-optimize's `value` (often a numpy number) stands for."""
    match parameter:
        case Float():
            return float(value)
        case Int():
            return int(value)
        case Categorical():
            return parameter.choices[int(value)]
        case _:
            assert_never(parameter)


def encoded(parameter: Parameter, value: Any) -> Any:
    """What scikit-optimize has in the place of `value`."""
    return parameter.index(value) if isinstance(parameter, Categorical) else value


class SkoptStrategy(Strategy):
    """What both surrogates share; a subclass gives the arguments that its own `*_minimize` function has as defaults.

    Pending points: with none, `ask` is the library's. Otherwise the library would return the pending point again, so
    a copy is told that all pending points came out as good as the best one (`cl_min`, the library's own constant liar
    and its default for batches), and is asked instead. During the initial random points no lie is needed.
    """

    deviations: ClassVar[Mapping[str, str]] = {
        "failed trials": "told the worst value so far, for the library has no notion of failure; before the first "
        "success they are kept back, and the search stays random",
        "values": "clipped to ±1e100, because the model's squares overflow beyond",
        "one-value ranges": "left out of the library's space, which refuses them",
        "transform": "'normalize' for log integers: else a forest clips their logarithm to the bounds of the number "
        "itself and proposes little but the upper bound",
        "model_queue_size": "1: all models ever fitted are kept otherwise, though only the last is used",
    }
    takes_given = True
    card = Card(
        initial_design="10 independent random draws, told ones counted: the library's default",
        log_scales="modelled in the logarithm",
        choices="one-hot columns",
        pending="believed to come out as good as the best (constant liar, cl_min), told to a copy",
        failures="told as the worst value so far; before the first success kept back",
    )
    surrogate: ClassVar[Mapping[str, Any]]  # arguments of the Optimizer

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._searched = [p for p in space if p.cardinality > 1]
        self._optimizer = skopt.Optimizer(
            [dimension(p) for p in self._searched],
            random_state=int(rng.integers(2**31)),
            model_queue_size=1,
            **self.surrogate,
        )
        self._pending: dict[int, list[Any]] = {}  # proposal id -> the library's point
        self._failed: list[list[Any]] = []  # points that failed before any succeeded

    def ask(self) -> Proposal:
        """The next point, of the library or of its lied-to copy."""
        with warnings.catch_warnings():
            # It says so when it replaces a point that was evaluated before by a random one: part of its algorithm.
            warnings.filterwarnings("ignore", "The objective has been evaluated at point", UserWarning)
            point = self._asked().ask() if self._searched else []
        values = {p.name: native(p, value) for p, value in zip(self._searched, point, strict=True)}
        proposal = self.propose({p.name: values.get(p.name, p.from_unit(0.5)) for p in self.space})
        self._pending[proposal.id] = point
        return proposal

    def _asked(self) -> Any:
        """The optimizer to ask: the true one, or a copy to which the pending points were told."""
        pending = list(self._pending.values())
        initial = self._optimizer.n_initial_points_ - len(self._optimizer.Xi)
        if not pending or len(pending) < initial:
            return self._optimizer
        # Not Optimizer.copy(), which fits the model once more before it is told the lies.
        liar = deepcopy(self._optimizer)
        liar.rng = np.random.RandomState(int(self.rng.integers(2**31)))
        liar.tell(pending, [min(self._optimizer.yi, default=0.0)] * len(pending))
        return liar

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Tell the library, which fits its model here."""
        self._learn(self._pending.pop(proposal.id), value)

    def adopt(self, config: Config, value: float | None) -> None:
        """Tell it as one of the initial points, which the library counts by what it is told."""
        self._learn([encoded(p, config[p.name]) for p in self._searched], value)

    def _learn(self, point: list[Any], value: float | None) -> None:
        if not self._searched:
            return
        if value is not None:
            self._optimizer.tell(point, clipped(value))
            failed, self._failed = self._failed, []
        else:
            failed = [point]
        if failed and self._optimizer.yi:
            worst = max(self._optimizer.yi)
            self._optimizer.tell(failed, [worst] * len(failed))
        else:
            self._failed.extend(failed)


class SkoptGP(SkoptStrategy):
    """Gaussian process (Matérn-5/2), hedging between three acquisition functions: `skopt.gp_minimize`."""

    reference = "Hoffman, Brochu & de Freitas 2011, UAI (gp_hedge); skopt.gp_minimize"
    card = replace(
        SkoptStrategy.card,
        integers="modelled and searched as real numbers in [0, 1], and rounded; in the logarithm where the scale is",
    )
    surrogate: ClassVar[Mapping[str, Any]] = {"base_estimator": "GP", "acq_func": "gp_hedge"}


class SkoptForest(SkoptStrategy):
    """Extremely randomised trees with expected improvement: `skopt.forest_minimize`."""

    reference = "Hutter, Hoos & Leyton-Brown 2011, LION (forests as surrogate); skopt.forest_minimize"
    card = replace(
        SkoptStrategy.card, integers="the forest sees the number itself, on a log scale its logarithm in [0, 1]"
    )
    surrogate: ClassVar[Mapping[str, Any]] = {"base_estimator": "ET", "acq_func": "EI", "acq_optimizer": "sampling"}
