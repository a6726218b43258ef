"""Ax, driven by its `Client`: the service behind a GP of BoTorch, with transforms and choices of its own.

Its random state is the client's: each call seeds the global generators anew, and puts them back.
"""

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, assert_never

from numpy.random import Generator
from pandas.errors import Pandas4Warning

from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace
from strategies.adapters.botorch_warnings import handled_by_botorch
from strategies.adapters.clipping import clipped
from strategies.base import Card, Exhausted, Proposal, Strategy

# A line on stderr at the import itself, before its level can be set.
logging.getLogger("ax.storage.sqa_store.with_db_settings_base").addFilter(lambda record: record.levelno > logging.INFO)

from ax.api.client import Client  # noqa: E402
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig  # noqa: E402
from ax.exceptions.core import OptimizationComplete  # noqa: E402
from ax.utils.common.logger import set_stderr_log_level  # noqa: E402

METRIC = "value"

# Two lines for every trial otherwise, and one for every model of equal values.
set_stderr_log_level(logging.ERROR)


def parameter_config(parameter: Parameter) -> RangeParameterConfig | ChoiceParameterConfig:
    """Ax's form of `parameter`. Choices go by the text of their index: Ax wants them of one type, and has no None."""
    match parameter:
        case Float(low=low, high=high):
            return RangeParameterConfig(
                parameter.name, (low, high), "float", scaling="log" if parameter.log else "linear"
            )
        case Int(low=low, high=high):
            return RangeParameterConfig(
                parameter.name, (low, high), "int", scaling="log" if parameter.log else "linear"
            )
        case Categorical():
            indices = [str(index) for index in range(len(parameter.choices))]
            # Its own default for texts, of which it warns unless it is given.
            return ChoiceParameterConfig(parameter.name, indices, "str", is_ordered=len(indices) == 2)
        case _:
            assert_never(parameter)


def native(parameter: Parameter, value: Any) -> Any:
    """The value of `parameter` that Ax's `value` stands for."""
    match parameter:
        case Float():  # 10**log10(high) may lie one rounding above high
            return min(max(float(value), parameter.low), parameter.high)
        case Int():
            return int(value)
        case Categorical():
            return parameter.choices[int(value)]
        case _:
            assert_never(parameter)


def encoded(parameter: Parameter, value: Any) -> Any:
    """What Ax has in the place of `value`."""
    return str(parameter.index(value)) if isinstance(parameter, Categorical) else value


@contextmanager
def handled_by_ax() -> Iterator[None]:
    """Keep from the user what Ax, or BoTorch below it, handles by itself, or can only be mended in Ax."""
    with warnings.catch_warnings(), handled_by_botorch():
        warnings.filterwarnings("ignore", category=Pandas4Warning)  # Ax 1.3 calls pandas as it was before 3
        warnings.filterwarnings("ignore", "add_tracking_metric is deprecated", DeprecationWarning)  # called by Ax
        yield


class Ax(Strategy):
    """Centre of the space, four Sobol' points, then the Gaussian process and acquisition that Ax chooses.

    A failed trial is marked so, left out of the model, and may be proposed again. Ax never repeats another: it is
    `Exhausted` when every config of a finite space was tried.
    """

    reference = "Olson et al. 2025, AutoML (Ax); Balandat et al. 2020, NeurIPS (BoTorch)"
    takes_given = True
    card = Card(
        initial_design="the centre of the space and 4 scrambled Sobol' points, more until 2 are told: the library's "
        "default",
        log_scales="modelled in the logarithm",
        integers="searched over their own values, not as real numbers; the logarithm of those on a log scale",
        choices="one-hot columns; two choices are one ordered column",
        pending="counted in by its acquisition function",
        failures="marked failed and left out of the model; they do not count as initial trials",
    )
    deviations: ClassVar[Mapping[str, str]] = {
        "allow_exceeding_initialization_budget": "True: otherwise the sixth pending trial raises when fewer than two "
        "of the first five have been told",
        "values": "clipped to ±1e100, because their standard deviation overflows beyond",
        "one-value ranges": "left out of the library's space, which refuses them",
    }

    def __init__(
        self, space: SearchSpace, *, budget: int, rng: Generator, initialization_budget: int | None = None
    ) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._searched = [p for p in space if p.cardinality > 1]
        self._numbers: list[int] = []  # Ax's, of our proposals
        self._standing: dict[int, tuple[Any, ...]] = {}  # Ax's number -> its values, of trials that did not fail
        self._client = Client(random_seed=int(rng.integers(2**31)))
        if self._searched:
            with handled_by_ax():
                self._client.configure_experiment([parameter_config(p) for p in self._searched])
                self._client.configure_optimization(f"-{METRIC}")
                self._client.configure_generation_strategy(
                    initialization_budget=initialization_budget, allow_exceeding_initialization_budget=True
                )

    def ask(self) -> Proposal:
        """The client's next trial."""
        values = self._next_values() if self._searched else {}
        return self.propose(
            {p.name: native(p, values[p.name]) if p.name in values else p.from_unit(0.5) for p in self.space}
        )

    def _next_values(self) -> Mapping[str, Any]:
        if len(set(self._standing.values())) == self.space.cardinality:
            # Ax finds the same, but only after ten thousand Sobol' points, which take it half a minute.
            raise Exhausted(f"all {self.space.cardinality} configs were tried")
        try:
            with handled_by_ax():
                ((number, values),) = self._client.get_next_trials(max_trials=1).items()
        except OptimizationComplete as complete:
            raise Exhausted(str(complete)) from complete
        self._numbers.append(number)
        self._standing[number] = tuple(values[p.name] for p in self._searched)
        return values

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Complete the trial, or mark it as failed."""
        if self._searched:
            self._complete(self._numbers[proposal.id], value)

    def adopt(self, config: Config, value: float | None) -> None:
        """Attach it to the experiment, where it counts among the initial trials."""
        if not self._searched:
            return
        values = {p.name: encoded(p, config[p.name]) for p in self._searched}
        with handled_by_ax():
            number = self._client.attach_trial(values)
        self._standing[number] = tuple(values.values())
        self._complete(number, value)

    def _complete(self, number: int, value: float | None) -> None:
        with handled_by_ax():
            if value is None:
                del self._standing[number]
                self._client.mark_trial_failed(number)
            else:
                self._client.complete_trial(number, {METRIC: clipped(value)})
