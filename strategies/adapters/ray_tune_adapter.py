"""Ray Tune's searchers, driven by `suggest` and `on_trial_complete` as Tune itself does, without a cluster.

Choices go by position. A range of one value is no parameter for most of these libraries; it is left out. Tune gives a
slash in a name a meaning of its own; another character stands for it.
"""

import logging
import os
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, assert_never

from numpy.random import Generator, RandomState
from ray import tune
from ray.tune.search import Searcher
from ray.tune.search.bayesopt import BayesOptSearch
from ray.tune.search.hyperopt import HyperOptSearch
from ray.tune.search.optuna import OptunaSearch
from ray.tune.search.sample import Domain
from ray.tune.search.variant_generator import generate_variants

from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace
from strategies.adapters.clipping import clipped
from strategies.base import Card, Exhausted, Proposal, Strategy

METRIC = "value"
ATTEMPTS = 20  # Tune asks again after None, which means "not now"

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # telemetry
# A line for every study, suggestion, or repeated point.
for name in ("optuna", "hyperopt", "ray.tune.search.bayesopt.bayesopt_search"):
    logging.getLogger(name).setLevel(logging.ERROR)


def tune_name(parameter: Parameter) -> str:
    """What `parameter` is called in Tune."""
    return parameter.name.replace("/", "∕")


def domain(parameter: Parameter) -> Any:
    """Tune's form of `parameter`; its upper bounds of integers are excluded."""
    match parameter:
        case Float(low=low, high=high):
            return tune.loguniform(low, high) if parameter.log else tune.uniform(low, high)
        case Int():
            low, above = parameter.low, parameter.high + 1
            return tune.lograndint(low, above) if parameter.log else tune.randint(low, above)
        case Categorical():
            return tune.choice(list(range(len(parameter.choices))))
        case _:
            assert_never(parameter)


def native(parameter: Parameter, drawn: Any) -> Any:
    """The value of `parameter` that a searcher's number stands for; rounding may leave the range."""
    match parameter:
        case Float(low=low, high=high):
            value = float(drawn)
            return value if low <= value <= high else min(max(value, low), high)
        case Int():
            return min(max(round(float(drawn)), parameter.low), parameter.high)
        case Categorical():
            return parameter.choices[int(drawn)]
        case _:
            assert_never(parameter)


class RayTuneStrategy(Strategy):
    """What all searchers share; a subclass says which one. A failed trial is completed with `error`."""

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._searched = {tune_name(p): p for p in space if p.cardinality > 1}
        self._fixed = {p.name: p.from_unit(0.5) for p in space if p.cardinality == 1}
        self._searcher = self.searcher(int(rng.integers(2**31)))
        if self._searched:
            self._searcher.set_search_properties(METRIC, "min", self.domains())

    @abstractmethod
    def searcher(self, seed: int) -> Searcher:
        """The searcher, with the library's defaults but for `deviations`."""

    def domains(self) -> dict[str, Any]:
        """The space as Tune has it."""
        return {name: domain(parameter) for name, parameter in self._searched.items()}

    def decoded(self, suggestion: Mapping[str, Any]) -> dict[str, Any]:
        """Values of what is searched, by our names."""
        return {p.name: native(p, suggestion[name]) for name, p in self._searched.items()}

    def ask(self) -> Proposal:
        """The searcher's next suggestion; raises `Exhausted` when it has none, or never again one."""
        values = self.decoded(self._suggestion()) if self._searched else {}
        if self._fixed:  # in the order of the space
            values = {name: self._fixed[name] if name in self._fixed else values[name] for name in self.space.names}
        return self.propose(values)

    def _suggestion(self) -> Mapping[str, Any]:
        for _ in range(ATTEMPTS):
            suggestion: Any = self._searcher.suggest(str(self._proposed))
            if suggestion == Searcher.FINISHED:
                break
            if suggestion is not None:
                found: Mapping[str, Any] = suggestion
                return found
        raise Exhausted("the searcher suggests nothing more")

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Complete the trial."""
        if not self._searched:
            return
        result = None if value is None else {METRIC: value}
        self._searcher.on_trial_complete(str(proposal.id), result, error=value is None)

    def encoded(self, config: Config) -> dict[str, Any]:
        """What Tune has in the place of `config`."""
        return {
            name: p.index(config[p.name]) if isinstance(p, Categorical) else config[p.name]
            for name, p in self._searched.items()
        }


class RayOptuna(RayTuneStrategy):
    """Optuna's TPE behind Ray Tune."""

    reference = "ray.tune.search.optuna.OptunaSearch"
    takes_given = True
    card = Card(
        initial_design="independent random draws until 10 trials are told: Optuna's default",
        log_scales="densities over the logarithm",
        integers="densities of rounded numbers, so that neighbours stay neighbours",
        choices="a probability for each",
        pending="count among the bad trials (constant liar, Optuna's default)",
        failures="state FAIL, which the sampler leaves out; they do not count as initial trials",
    )

    def searcher(self, seed: int) -> Searcher:
        """Optuna's own defaults."""
        return OptunaSearch(metric=METRIC, mode="min", seed=seed)

    def adopt(self, config: Config, value: float | None) -> None:
        """Add it as evaluated, which counts among the initial trials."""
        if self._searched:
            self._searcher.add_evaluated_point(self.encoded(config), value, error=value is None)  # type: ignore[arg-type]


class RayHyperopt(RayTuneStrategy):
    """Hyperopt's TPE behind Ray Tune, which starts with 20 random trials as hyperopt does."""

    reference = "ray.tune.search.hyperopt.HyperOptSearch"
    card = Card(
        initial_design="20 independent random draws, pending ones counted, failed ones not: the default of both",
        log_scales="loguniform: drawn and modelled in the logarithm",
        integers="numbers that are rounded; on a log scale Tune's bounds make the end values less likely",
        choices="a probability for each",
        pending="an infinite loss: one of the bad trials",
        failures="state ERROR, which hyperopt leaves out",
    )

    def searcher(self, seed: int) -> Searcher:
        """Hyperopt's own defaults."""
        return HyperOptSearch(metric=METRIC, mode="min", random_state_seed=seed)


class RayBayesOpt(RayTuneStrategy):
    """Gaussian process with confidence bound (package bayesian-optimization) behind Ray Tune.

    It gives up where a trial fails among its first ten, or where it comes to the same point six times.
    """

    reference = "ray.tune.search.bayesopt.BayesOptSearch"
    card = Card(
        initial_design="10 independent random draws; all must be told before the model is asked: Tune's default",
        log_scales="modelled in the logarithm, as the unit cube has them",
        integers="real numbers in [0, 1] that are rounded",
        choices="cells of [0, 1] in their order, as if they had one",
        pending="not counted in",
        failures="left out; one among the first ten ends the run, for Tune waits for it for ever",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "space": "the unit cube: it knows neither log scales nor integers nor choices",
        "values": "clipped to ±1e100, because their standard deviation overflows beyond",
    }

    def searcher(self, seed: int) -> Searcher:
        """Ten random trials, then UCB with κ = 2.576."""
        return BayesOptSearch(metric=METRIC, mode="min", random_state=seed)

    def domains(self) -> dict[str, Any]:
        """Every parameter by its place in the unit interval."""
        return {name: tune.uniform(0.0, 1.0) for name in self._searched}

    def decoded(self, suggestion: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the units."""
        return {p.name: p.from_unit(float(suggestion[name])) for name, p in self._searched.items()}

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Complete the trial with the clipped value."""
        super().tell(proposal, clipped(value))


class RandomVariants(Searcher):
    """What Tune does without a search algorithm: every trial draws each parameter on its own."""

    def __init__(self, seed: int) -> None:
        super().__init__(metric=METRIC, mode="min")
        self._stream, self._space = RandomState(seed), dict[str, Domain]()

    def set_search_properties(self, metric: str | None, mode: str | None, config: dict[str, Any], **spec: Any) -> bool:
        """Keep the space."""
        self._space = config
        return True

    def suggest(self, trial_id: str) -> dict[str, Any]:
        """A variant."""
        _, variant = next(generate_variants(self._space, random_state=self._stream))
        drawn: dict[str, Any] = variant
        return drawn

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        """Learn nothing."""


class RayRandom(RayTuneStrategy):
    """Independent draws, Ray Tune's default."""

    reference = "ray.tune.search.BasicVariantGenerator"
    takes_given = True
    card = Card(
        initial_design="none: every trial is an independent draw",
        log_scales="uniform in the logarithm",
        integers="uniform over the values; on a log scale a log-uniform draw that is cut off",
        choices="all equally likely",
        pending="do not matter",
        failures="do not matter; they cost budget",
    )

    def searcher(self, seed: int) -> Searcher:
        """Tune's own draws."""
        return RandomVariants(seed)

    def adopt(self, config: Config, value: float | None) -> None:
        """Learn nothing."""
