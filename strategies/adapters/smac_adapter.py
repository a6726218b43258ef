"""SMAC3's facade for hyperparameter optimisation, driven by its own ask and tell.

Choices go by position. A range of one value is no hyperparameter for ConfigSpace; it is left out.
"""

import logging
import shutil
import warnings
import weakref
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, ClassVar, assert_never

import numpy as np
from ConfigSpace import (
    CategoricalHyperparameter,
    Configuration,
    ConfigurationSpace,
    UniformFloatHyperparameter,
    UniformIntegerHyperparameter,
)
from ConfigSpace.hyperparameters import Hyperparameter
from numpy.random import Generator
from smac import HyperparameterOptimizationFacade, Scenario
from smac.acquisition.maximizer import LocalAndSortedRandomSearch, LocalSearch
from smac.main.exceptions import ConfigurationSpaceExhaustedException
from smac.model.random_forest.random_forest import RandomForest
from smac.runhistory import StatusType, TrialInfo, TrialValue
from smac.runhistory.encoder import RunHistoryLogScaledEncoder

from problems.space import Categorical, Config, Float, Floats, Int, Parameter, SearchSpace
from strategies.adapters.clipping import clipped
from strategies.base import Card, Exhausted, Proposal, Strategy

SMALLEST = np.log(np.finfo(np.float64).eps)  # of a range that a float resolves

# Otherwise every search that finds no new configuration is a line on stderr.
logging.getLogger("smac").setLevel(logging.CRITICAL)


def hyperparameter(parameter: Parameter) -> Hyperparameter[Any, Any]:
    """ConfigSpace's form of `parameter`."""
    match parameter:
        case Float(name=name, low=low, high=high):
            return UniformFloatHyperparameter(name, low, high, log=parameter.log)
        case Int():
            return UniformIntegerHyperparameter(parameter.name, parameter.low, parameter.high, log=parameter.log)
        case Categorical():
            return CategoricalHyperparameter(parameter.name, list(range(len(parameter.choices))))
        case _:
            assert_never(parameter)


def native(parameter: Parameter, drawn: Any) -> Any:
    """The value of `parameter` that ConfigSpace's `drawn` (often a numpy number) stands for."""
    match parameter:
        case Float():  # exp(log(high)) may lie one rounding above high
            return min(max(float(drawn), parameter.low), parameter.high)
        case Int():
            return int(drawn)
        case Categorical():
            return parameter.choices[int(drawn)]
        case _:
            assert_never(parameter)


def encoded(parameter: Parameter, value: Any) -> Any:
    """What ConfigSpace has in the place of `value`."""
    return parameter.index(value) if isinstance(parameter, Categorical) else value


class FiniteEncoder(RunHistoryLogScaledEncoder):
    """The facade's own scaling of values, finite also where several trials share a minimum beyond a million.

    There its distance of 1e-10 from the minimum is rounded away, and no forest can be fitted to log 0.
    """

    def transform_response_values(self, values: Floats) -> Floats:
        """Log of the share of the range, (n, 1)."""
        scaled: Floats = super().transform_response_values(values)
        return np.where(np.isneginf(scaled), SMALLEST, scaled)


class OrderedLocalSearch(LocalSearch):
    """Local search whose starting points have an order; the library takes them from a set."""

    def _get_init_points_from_previous_configs(self, *args: Any, **kwargs: Any) -> list[Configuration]:
        points = super()._get_init_points_from_previous_configs(*args, **kwargs)
        return sorted(points, key=lambda config: tuple(config.get_array()))


class OrderedSearch(LocalAndSortedRandomSearch):
    """The facade's own maximiser of the acquisition function, with that local search."""

    def __init__(self, scenario: Scenario, challengers: int, local_searches: int) -> None:
        super().__init__(
            scenario.configspace, challengers=challengers, local_search_iterations=local_searches, seed=scenario.seed
        )
        self._local_search = OrderedLocalSearch(scenario.configspace, seed=scenario.seed)


def forest(scenario: Scenario, trees: int) -> RandomForest:
    """The facade's own surrogate, on one thread."""
    return RandomForest(
        configspace=scenario.configspace, seed=scenario.seed, log_y=True, n_trees=trees, ratio_features=1.0,
        min_samples_split=2, min_samples_leaf=1, max_depth=2**20, bootstrapping=True, n_jobs=1,
    )  # fmt: skip


class SMAC(Strategy):
    """Random forest and expected improvement of log values; every eighth trial or so a new forest, a fifth at random.

    A quarter of the budget, at most ten trials per parameter, is a scrambled Sobol' sequence. It is `Exhausted` when it
    finds no config that it has not tried.
    """

    reference = "Lindauer et al. 2022, JMLR 23(54):1-9 (smac.HyperparameterOptimizationFacade)"
    takes_given = True
    card = Card(
        initial_design="scrambled Sobol' points: a quarter of the budget, at most 10 per parameter; its default",
        log_scales="modelled in the logarithm",
        integers="the forest sees their place in [0, 1], of the logarithm where the scale is",
        choices="as choices, without an order",
        pending="not counted in, and not proposed again",
        failures="count as the worst value so far; before the first success kept back, and the search stays random",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "deterministic": "True: else it tries its best configs again, up to three times, and passes seeds that no "
        "problem here takes",
        "n_trials": "the budget",
        "failed trials": "crashed, at the cost of the worst value so far: the default, infinity, is none that a forest "
        "can be fitted to; before the first success they are kept back, and the search stays random",
        "values": "clipped to ±1e100, because differences overflow beyond",
        "acquisition_maximizer": "its own, with starting points in an order: the library takes them from a set, so "
        "that the same seed gives other trials in another process",
        "runhistory_encoder": "its own, finite also where several trials share a minimum beyond a million, at which it "
        "raises",
        "n_jobs": "1: every strategy has one thread; the trials are the same",
        "save": "False, and the folder that it must have is a temporary one",
    }

    def __init__(
        self, space: SearchSpace, *, budget: int, rng: Generator,
        trees: int = 10, challengers: int = 10_000, local_searches: int = 10,
    ) -> None:  # fmt: skip
        super().__init__(space, budget=budget, rng=rng)
        self._searched = {p.name: p for p in space if p.cardinality > 1}
        self._folder = Path(mkdtemp(prefix="search-bench-smac-"))
        self._end = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._make = partial(self._made, int(rng.integers(2**31)), trees, challengers, local_searches)
        self._facade: HyperparameterOptimizationFacade | None = None  # made at the first ask
        self._given: list[tuple[Config, float | None]] = []  # before that
        self._pending: dict[int, TrialInfo] = {}  # by proposal id
        self._failed: list[TrialInfo] = []  # before the first success
        self._worst: float | None = None

    def _made(self, seed: int, trees: int, challengers: int, local_searches: int) -> HyperparameterOptimizationFacade:
        """The facade; trials that were given and came out take the place of its initial design."""
        scenario = Scenario(
            ConfigurationSpace(space=[hyperparameter(p) for p in self._searched.values()]),
            name="run", output_directory=self._folder, deterministic=True, n_trials=self.budget, seed=seed,
        )  # fmt: skip
        known = [self._encoded(scenario, config) for config, value in self._given if value is not None]
        design = HyperparameterOptimizationFacade.get_initial_design
        with warnings.catch_warnings():
            # It asks ConfigSpace for the given configs by an older name of its method.
            warnings.filterwarnings("ignore", r"Please use `dict\(config\)`", DeprecationWarning)
            return HyperparameterOptimizationFacade(
                scenario, model=forest(scenario, trees), logging_level=False,
                initial_design=design(scenario, n_configs=0, additional_configs=known[:1]) if known else None,
                runhistory_encoder=FiniteEncoder(scenario),
                acquisition_maximizer=OrderedSearch(scenario, challengers, local_searches),
            )  # fmt: skip

    def _encoded(self, scenario: Scenario, config: Config) -> Configuration:
        return Configuration(
            scenario.configspace, {name: encoded(p, config[name]) for name, p in self._searched.items()}
        )

    def _begun(self) -> HyperparameterOptimizationFacade:
        """The facade, with what was given so far told."""
        if self._facade is None:
            self._facade = self._make()
            for config, value in self._given:
                self._learn(TrialInfo(self._encoded(self._facade.scenario, config), seed=0), value)
        return self._facade

    def ask(self) -> Proposal:
        """The intensifier's next trial; raises `Exhausted` when it has none."""
        if not self._searched:
            return self.propose(self._config({}))
        try:
            info = self._begun().ask()
        except (StopIteration, ConfigurationSpaceExhaustedException):
            raise Exhausted("SMAC finds no config that it has not tried") from None
        proposal = self.propose(self._config(dict(info.config)))
        self._pending[proposal.id] = info
        return proposal

    def _config(self, drawn: Mapping[str, Any]) -> Config:
        return {p.name: native(p, drawn[p.name]) if p.name in drawn else p.from_unit(0.5) for p in self.space}

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Add the trial to the run history."""
        if self._searched:
            self._learn(self._pending.pop(proposal.id), value)

    def adopt(self, config: Config, value: float | None) -> None:
        """Add it to the run history; before the first ask, such trials replace the initial design."""
        if not self._searched:
            return
        if self._facade is None:
            self._given.append((dict(config), value))
        else:
            self._learn(TrialInfo(self._encoded(self._facade.scenario, config), seed=0), value)

    def _learn(self, info: TrialInfo, value: float | None) -> None:
        facade = self._begun()
        if value is not None:
            cost = clipped(value)
            self._worst = cost if self._worst is None else max(self._worst, cost)
            facade.tell(info, TrialValue(cost), save=False)
        else:
            self._failed.append(info)
        if self._worst is not None:
            for failed in self._failed:
                facade.tell(failed, TrialValue(self._worst, status=StatusType.CRASHED), save=False)
            self._failed = []

    def close(self) -> None:
        """Remove the folder."""
        self._end()
