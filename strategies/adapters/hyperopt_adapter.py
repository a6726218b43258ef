"""Hyperopt's algorithms, driven by their suggest functions on a `Trials` object, as `hyperopt.fmin` does.

Float becomes `uniform` or `loguniform`, Int `quniform` or `qloguniform` (which keep the order of the values, as
`randint` does not) with bounds half a step outside, so that the end values are as likely as the others; Categorical
becomes `choice`. A range of one value is no parameter for Hyperopt; it is left out.
"""

import logging
import math
from dataclasses import replace
from typing import Any, Protocol, assert_never

from hyperopt import STATUS_FAIL, STATUS_OK, Trials, anneal, hp, rand, tpe
from hyperopt.base import JOB_STATE_DONE, Domain
from numpy.random import Generator

from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace
from strategies.base import Card, Proposal, Strategy

# Every call of tpe.suggest logs two lines.
logging.getLogger("hyperopt").setLevel(logging.WARNING)


class Suggest(Protocol):
    """The signature of `tpe.suggest` and its like."""

    def __call__(self, new_ids: list[int], domain: Any, trials: Any, seed: int) -> list[dict[str, Any]]:
        """Documents of the new trials."""


def expression(parameter: Parameter) -> Any:
    """Hyperopt's form of `parameter`."""
    name, log = parameter.name, math.log
    match parameter:
        case Float(low=low, high=high):
            return hp.loguniform(name, log(low), log(high)) if parameter.log else hp.uniform(name, low, high)
        case Int():
            low, high = parameter.low - 0.5, parameter.high + 0.5
            return hp.qloguniform(name, log(low), log(high), 1) if parameter.log else hp.quniform(name, low, high, 1)
        case Categorical():
            return hp.choice(name, list(range(len(parameter.choices))))
        case _:
            assert_never(parameter)


def native(parameter: Parameter, drawn: Any) -> Any:
    """The value of `parameter` that Hyperopt's `drawn` (a numpy number, or the index of a choice) stands for."""
    match parameter:
        case Float():  # exp(log(high)) may lie one rounding above high
            return min(max(float(drawn), parameter.low), parameter.high)
        case Int():  # a draw of exactly low - 0.5 rounds to the even number, which may lie outside
            return min(max(int(drawn), parameter.low), parameter.high)
        case Categorical():
            return parameter.choices[int(drawn)]
        case _:
            assert_never(parameter)


def encoded(parameter: Parameter, value: Any) -> Any:
    """What Hyperopt has in the place of `value`."""
    return parameter.index(value) if isinstance(parameter, Categorical) else float(value)


class HyperoptStrategy(Strategy):
    """What all algorithms share; a subclass names its suggest function.

    Pending and failed trials have an infinite loss for all of them; a failed one gets Hyperopt's status `fail`.
    """

    card = Card(
        log_scales="loguniform: drawn and modelled in the logarithm",
        integers="quniform or qloguniform: numbers that are rounded, so that neighbours stay neighbours",
        choices="a probability for each",
        pending="an infinite loss: one of the bad trials",
        failures="status fail, an infinite loss: one of the bad trials",
    )
    takes_given = True
    suggest: Suggest

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._fixed = {p.name: p.from_unit(0.5) for p in space if p.cardinality == 1}
        searched = {p.name: expression(p) for p in space if p.cardinality > 1}
        self._domain = Domain(_never_called, searched) if searched else None  # it fails on a space without parameters
        self._trials = Trials()
        self._pending: dict[int, dict[str, Any]] = {}  # by proposal id

    def ask(self) -> Proposal:
        """What the suggest function returns, seeded as in `fmin`: one draw from our stream per trial."""
        if self._domain is None:
            return self.propose(dict(self._fixed))
        new_ids = self._trials.new_trial_ids(1)
        seed = int(self.rng.integers(2**31 - 1))
        self._trials.insert_trial_docs(self.suggest(new_ids, self._domain, self._trials, seed))
        self._trials.refresh()
        document = self._trials.trials[-1]
        drawn = document["misc"]["vals"]
        proposal = self.propose(
            {p.name: self._fixed[p.name] if p.name in self._fixed else native(p, drawn[p.name][0]) for p in self.space}
        )
        self._pending[proposal.id] = document
        return proposal

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Complete the trial's document in place, as the workers of `fmin` do."""
        finish(self._pending.pop(proposal.id, {}), value)

    def adopt(self, config: Config, value: float | None) -> None:
        """Insert a document like those of its own trials, which it counts all alike."""
        if self._domain is None:
            return
        (number,) = self._trials.new_trial_ids(1)
        drawn = {p.name: [encoded(p, config[p.name])] for p in self.space if p.name not in self._fixed}
        misc = {
            "tid": number, "cmd": self._domain.cmd, "workdir": self._domain.workdir,
            "idxs": {name: [number] for name in drawn}, "vals": drawn,
        }  # fmt: skip
        documents = self._trials.new_trial_docs([number], [None], [self._domain.new_result()], [misc])
        finish(documents[0], value)
        self._trials.insert_trial_docs(documents)
        self._trials.refresh()


def finish(document: dict[str, Any], value: float | None) -> None:
    """Complete a trial's document."""
    document["result"] = {"status": STATUS_FAIL} if value is None else {"status": STATUS_OK, "loss": value}
    document["state"] = JOB_STATE_DONE


def _never_called(config: Any) -> float:
    """The objective that a `Domain` wants; the run loop evaluates instead."""
    raise NotImplementedError("configs are evaluated by the run loop")


class HyperoptTPE(HyperoptStrategy):
    """Tree-structured Parzen estimator of each parameter on its own; 20 random trials first."""

    reference = "Bergstra et al. 2011, NeurIPS; Bergstra, Yamins & Cox 2013, ICML"
    card = replace(
        HyperoptStrategy.card,
        initial_design="20 independent random draws, pending and failed ones counted: the library's default",
    )
    suggest = staticmethod(tpe.suggest)


class HyperoptAnneal(HyperoptStrategy):
    """Draws from a neighbourhood of a good trial, which shrinks with the number of trials."""

    reference = "hyperopt.anneal (its docstring is the only description)"
    card = replace(HyperoptStrategy.card, initial_design="one random draw: the library's default")
    suggest = staticmethod(anneal.suggest)


class HyperoptRandom(HyperoptStrategy):
    """Independent draws."""

    reference = "Bergstra & Bengio 2012, JMLR 13:281-305"
    card = replace(
        HyperoptStrategy.card,
        initial_design="none: every trial is an independent draw",
        log_scales="loguniform: drawn in the logarithm",
        choices="all equally likely",
        pending="do not matter",
        failures="do not matter; they cost budget",
    )
    suggest = staticmethod(rand.suggest)
