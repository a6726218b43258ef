"""Optuna's samplers, driven by `study.ask` and what `study.tell` does, on a study in memory."""

import warnings
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, assert_never

import optuna
from numpy.random import Generator
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler
from optuna.study._tell import _tell_with_warning
from optuna.trial import FrozenTrial, TrialState, create_trial

from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace
from strategies.adapters.clipping import clipped
from strategies.base import Card, Exhausted, Proposal, Strategy
from strategies.grid_search import balanced_levels

# Otherwise every new study, and every parameter that a sampler cannot model, is a line on stderr.
optuna.logging.set_verbosity(optuna.logging.ERROR)


def distribution(parameter: Parameter) -> BaseDistribution:
    """Optuna's form of `parameter`. Choices go by index, because Optuna takes `1`, `1.0` and `True` for the same."""
    match parameter:
        case Float():
            return FloatDistribution(parameter.low, parameter.high, log=parameter.log)
        case Int():
            return IntDistribution(parameter.low, parameter.high, log=parameter.log)
        case Categorical():
            return CategoricalDistribution(range(len(parameter.choices)))
        case _:
            assert_never(parameter)


class OptunaStrategy(Strategy):
    """What all samplers share; a subclass says which one. A failed trial gets Optuna's state FAIL."""

    takes_given = True
    card = Card(failures="state FAIL, which the sampler leaves out; they do not count as initial trials")

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._distributions = {parameter.name: distribution(parameter) for parameter in space}
        self._numbers: list[int] = []  # Optuna's, of our proposals
        self._study = optuna.create_study(sampler=self.sampler(int(rng.integers(2**31))))

    @abstractmethod
    def sampler(self, seed: int) -> BaseSampler:
        """The sampler, with the library's defaults but for `deviations`."""

    def ask(self) -> Proposal:
        """The sampler's next trial."""
        trial = self._study.ask(self._distributions)
        self._numbers.append(trial.number)
        params = trial.params
        return self.propose({parameter.name: self._value(parameter, params) for parameter in self.space})

    @staticmethod
    def _value(parameter: Parameter, params: Config) -> Any:
        value = params[parameter.name]
        return parameter.choices[value] if isinstance(parameter, Categorical) else value

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Finish the trial; None makes it a FAIL, which all samplers ignore."""
        # As study.optimize does: study.tell returns a deep copy of the trial besides, a quarter of a cheap one's time.
        _tell_with_warning(self._study, self._numbers[proposal.id], value, state_of(value))

    def adopt(self, config: Config, value: float | None) -> None:
        """Add it to the study, where it counts among the initial trials."""
        params = {p.name: p.index(config[p.name]) if isinstance(p, Categorical) else config[p.name] for p in self.space}
        self._study.add_trial(
            create_trial(state=state_of(value), value=value, params=params, distributions=self._distributions)
        )


def state_of(value: float | None) -> TrialState:
    """How a trial with this value ended."""
    return TrialState.FAIL if value is None else TrialState.COMPLETE


class OptunaTPE(OptunaStrategy):
    """Tree-structured Parzen estimator over all parameters jointly, with a constant liar for pending trials."""

    reference = "Bergstra et al. 2011, NeurIPS; Watanabe 2023, arXiv:2304.11127"
    card = replace(
        OptunaStrategy.card,
        initial_design="independent random draws until 10 trials are told: the library's default",
        log_scales="densities over the logarithm",
        integers="densities of rounded numbers, so that neighbours stay neighbours",
        choices="a probability for each",
        pending="count among the bad trials (constant liar, the default)",
    )

    def sampler(self, seed: int) -> BaseSampler:
        """Multivariate: the default since Optuna 5."""
        return optuna.samplers.TPESampler(seed=seed)


class OptunaIndependentTPE(OptunaStrategy):
    """Tree-structured Parzen estimator of each parameter on its own, the default before Optuna 5."""

    reference = "Bergstra et al. 2011, NeurIPS"
    card = OptunaTPE.card
    deviations: ClassVar[Mapping[str, str]] = {
        "multivariate": "False, to compare with the default, a joint estimator: what Optuna did until 4"
    }

    def sampler(self, seed: int) -> BaseSampler:
        """One density per parameter."""
        return optuna.samplers.TPESampler(seed=seed, multivariate=False)


class OptunaGP(OptunaStrategy):
    """Gaussian process with Matérn-5/2 kernel and log expected improvement."""

    reference = "Ament et al. 2023, arXiv:2310.20708 (optuna.samplers.GPSampler)"
    card = replace(
        OptunaStrategy.card,
        initial_design="independent random draws until 10 trials are told: the library's default",
        log_scales="modelled in the logarithm",
        integers="modelled as numbers; searched over their own values",
        choices="modelled by Hamming distance; searched choice by choice",
        pending="counted in by simulation (log EI of several points)",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "values": "clipped to ±1e100, because their standard deviation overflows beyond"
    }

    def sampler(self, seed: int) -> BaseSampler:
        """Needs torch."""
        return optuna.samplers.GPSampler(seed=seed)

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Finish the trial with the clipped value."""
        super().tell(proposal, clipped(value))

    def adopt(self, config: Config, value: float | None) -> None:
        """Add it with the clipped value."""
        super().adopt(config, clipped(value))


class OptunaCMAES(OptunaStrategy):
    """Covariance matrix adaptation over the numeric parameters; choices are drawn at random."""

    takes_given = False  # the sampler passes over trials that are not of its own generations

    reference = "Hansen & Ostermeier 2001; Hansen 2016, arXiv:1604.00772 (package cmaes)"
    card = replace(
        OptunaStrategy.card,
        initial_design="one random draw; then a normal distribution about the middle of the space, its standard "
        "deviation a sixth of the range: the library's default",
        log_scales="adapted in the logarithm",
        integers="real numbers that are rounded",
        choices="drawn at random for ever: it cannot adapt them",
        pending="not counted in; a generation is learned from when it is told in full",
    )

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        adaptable = sum(p.cardinality > 1 and not isinstance(p, Categorical) for p in space)
        if adaptable == 1:
            # The package cmaes fails an assertion in one dimension, only after the first trial.
            raise ValueError(
                "CMA-ES needs two or more numeric parameters with a range, got 1; use optuna-tpe or add parameters"
            )
        super().__init__(space, budget=budget, rng=rng)

    def sampler(self, seed: int) -> BaseSampler:
        """Plain CMA-ES, without restarts."""
        return optuna.samplers.CmaEsSampler(seed=seed)


class OptunaQMC(OptunaStrategy):
    """Sobol' sequence, by default without scrambling: only the first trial differs between seeds."""

    reference = "Bergstra & Bengio 2012, JMLR 13:281-305 (optuna.samplers.QMCSampler)"
    card = replace(
        OptunaStrategy.card,
        initial_design="one random draw, then the sequence from its first point, a corner: the library's default",
        log_scales="points spread over the logarithm",
        integers="numbers that are rounded",
        choices="the one in whose cell the point lies",
        pending="do not matter",
        failures="do not matter once a trial has succeeded; before, the next one is a random draw again",
    )

    def sampler(self, seed: int) -> BaseSampler:
        """The first trial is an independent draw, the second the corner of the space."""
        with warnings.catch_warnings():
            # It is marked experimental since Optuna 3, as it says at every construction; people use it nevertheless.
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            return optuna.samplers.QMCSampler(seed=seed)


class OptunaRandom(OptunaStrategy):
    """Independent draws."""

    reference = "Bergstra & Bengio 2012, JMLR 13:281-305"
    card = replace(
        OptunaStrategy.card,
        initial_design="none: every trial is an independent draw",
        log_scales="uniform in the logarithm",
        integers="uniform over the values; on a log scale a rounded log-uniform draw",
        choices="all equally likely",
        pending="do not matter",
        failures="do not matter; they cost budget",
    )

    def sampler(self, seed: int) -> BaseSampler:
        """Independent draws."""
        return optuna.samplers.RandomSampler(seed=seed)


class _NeverStoppingGrid(optuna.samplers.GridSampler):
    """Optuna's grid without its last act, `study.stop()`, which raises outside of `study.optimize`."""

    def after_trial(
        self, study: optuna.Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None
    ) -> None:
        """Nothing: `OptunaGrid.ask` counts the points."""


class OptunaGrid(OptunaStrategy):
    """Optuna's shuffled grid over the levels of our own `grid`."""

    reference = "optuna.samplers.GridSampler"
    card = replace(
        OptunaStrategy.card,
        initial_design="none: all trials are points of the grid, shuffled by Optuna; its levels by our rule",
        log_scales="levels evenly spaced in the logarithm",
        integers="distinct values, evenly spaced on their scale",
        choices="as many as there are levels, evenly spaced in their order where not all",
        pending="do not matter",
        failures="do not matter; the point is not tried again",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "search_space": "a required argument: the levels of our own grid",
        "after_trial": "left out: it only stops study.optimize, and raises under ask and tell",
    }

    def sampler(self, seed: int) -> BaseSampler:
        """The grid; Optuna builds the whole product, at most `budget` points."""
        grid = self.space.grid(balanced_levels(self.space, self.budget))
        self._points = len(grid)
        axes = {
            p.name: [p.index(value) for value in axis] if isinstance(p, Categorical) else list(axis)
            for p, axis in zip(self.space, grid.axes, strict=True)
        }
        return _NeverStoppingGrid(axes, seed=seed)

    def ask(self) -> Proposal:
        """The next point of the grid; raises `Exhausted` after the last."""
        if self._proposed == self._points:
            raise Exhausted(f"all {self._points} points of the grid were proposed")
        return super().ask()
