"""The contract that every strategy keeps, as checks without a test framework: for this project and for third parties.

A check is called as `check(make, min_dim=…)`, where `make(space, budget=…, rng=…)` returns a fresh strategy, and raises
`ContractViolation` with the rule, what happened, and the remedy. Example spaces below `min_dim` are left out.
"""

import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.random import Generator

from problems.contracts import ContractViolation
from problems.space import Categorical, Config, Float, Int, SearchSpace
from strategies.base import Exhausted, Proposal, Strategy

BUDGET = 12  # two more than the ten random trials that most model-based strategies begin with

SPACES: Mapping[str, SearchSpace] = {
    "one float": SearchSpace((Float("x", -5, 10),)),
    "one log int": SearchSpace((Int("x", 1, 1024, log=True),)),
    "one choice": SearchSpace((Categorical("x", ("relu", "gelu", "silu")),)),
    "two floats": SearchSpace((Float("x", 1e-6, 1e3, log=True), Float("y", -5, 5))),
    "one value each": SearchSpace((Float("x", 2, 2), Int("y", 1, 1), Categorical("z", (None,)))),
    "mixed": SearchSpace(
        (
            Float("rate", 1e-5, 1, log=True),
            Int("width", 16, 256, log=True),
            Int("layers", -1, 2),
            Categorical("scalar", (1, 1.0, True, "1", None, False, "")),
            Float("fixed", 3, 3),
            Float("momentum", 0, 0.999),
        )
    ),
    "ten floats": SearchSpace(tuple(Float(f"x{j}", -5, 5) for j in range(10))),
}
TINY = SearchSpace((Int("x", 1, 2), Int("y", 0, 1), Categorical("z", ("a", "b"))))  # 8 configs


class Make(Protocol):
    """How the checks make a strategy: its class will do, or `StrategyEntry.make`."""

    def __call__(self, space: SearchSpace, *, budget: int, rng: Generator) -> Strategy:
        """A fresh strategy."""


Objective: TypeAlias = Callable[
    [SearchSpace, int, Config], float | None
]  # of the space, the trial's number, its config


def bowl(space: SearchSpace, number: int, config: Config) -> float:
    """A smooth objective on any space: squared distance from a point off the middle of the unit cube."""
    return float(((space.to_unit(config) - 0.3) ** 2).sum())


def search(strategy: Strategy, objective: Objective = bowl, *, trials: int = BUDGET, pending: int = 1) -> list[Config]:
    """Run up to `trials` trials, `pending` at a time and told in reverse order; the configs, all valid."""
    space, configs = strategy.space, list[Config]()
    while len(configs) < trials:
        proposals = []
        for _ in range(min(pending, trials - len(configs))):
            proposal = _asked(strategy)
            if proposal is None:
                break
            configs.append(dict(proposal.config))
            proposals.append(proposal)
        if not proposals:
            break
        for proposal in reversed(proposals):
            _tell(strategy, proposal, objective(space, proposal.id, proposal.config))
    return configs


def _made(make: Make, space: SearchSpace, *, seed: int, budget: int = BUDGET) -> Strategy:
    """A fresh strategy with a stream of its own."""
    with _allowing("a strategy can be made for every space of its dimensions", f"making it for {space}"):
        return make(space, budget=budget, rng=np.random.default_rng(seed))


def _asked(strategy: Strategy) -> Proposal | None:
    """The next proposal, valid in its space, or None where the strategy is exhausted."""
    with _allowing("ask raises nothing but Exhausted", "ask()"):
        try:
            proposal = strategy.ask()
        except Exhausted:
            return None
    rule = "a config has the parameters of the space in their order, with native values in range"
    try:
        strategy.space.validate(proposal.config)
    except ValueError as error:
        raise ContractViolation(rule, str(error), "convert values with SearchSpace.from_unit or by hand") from error
    if tuple(proposal.config) != strategy.space.names:
        raise ContractViolation(rule, f"got {list(proposal.config)}", "build the dict in the order of the space")
    return proposal


def _tell(strategy: Strategy, proposal: Proposal, value: float | None) -> None:
    with _allowing("tell takes any finite value, and None, of any proposal of the strategy", f"tell of {value}"):
        strategy.tell(proposal, value)


@contextmanager
def _allowing(rule: str, call: str) -> Iterator[None]:
    """Turn what the strategy raises into a violation that says in which call."""
    try:
        yield
    except Exception as error:
        raise ContractViolation(rule, f"{call} raised {error!r}", "mend what raises there") from error


def _spaces(min_dim: int) -> list[SearchSpace]:
    return [space for space in SPACES.values() if len(space) >= min_dim]


def _same(rule: str, expected: list[Config], found: list[Config], remedy: str) -> None:
    """Compare two sequences by their text, in which `1`, `1.0` and `True` differ."""
    for number, (one, other) in enumerate(zip(expected, found, strict=False)):
        if repr(one) != repr(other):
            raise ContractViolation(rule, f"trial {number} was {one}, then {other}", remedy)
    if len(expected) != len(found):
        raise ContractViolation(rule, f"there were {len(expected)} trials, then {len(found)}", remedy)


def check_configs_are_valid(make: Make, *, min_dim: int = 1) -> None:
    """Every config lies in its space, with native values, for numbers, logs, choices and ranges of one value."""
    for space in _spaces(min_dim):
        search(_made(make, space, seed=1))


def check_every_budget_works(make: Make, *, min_dim: int = 1) -> None:
    """Any budget from 1 on is usable, powers of two or not."""
    for name, budget in (("mixed", 1), ("mixed", 2), ("ten floats", 3), ("mixed", 7)):
        strategy = _made(make, SPACES[name], seed=2, budget=budget)
        if not search(strategy, trials=budget):
            rule = "a strategy proposes at least one config"
            raise ContractViolation(rule, f"budget {budget} gave none", "raise Exhausted only at the end")


def check_ids_are_distinct(make: Make, *, min_dim: int = 1) -> None:
    """No two proposals of a strategy share an id."""
    strategy = _made(make, SPACES["mixed"], seed=3)
    proposals = [proposal for proposal in (_asked(strategy) for _ in range(4)) if proposal is not None]
    ids = [proposal.id for proposal in proposals]
    if len(set(ids)) < len(ids):
        raise ContractViolation("ids are distinct", f"got {ids}", "number proposals with Strategy.propose")


def check_same_stream_same_configs(make: Make, *, min_dim: int = 1) -> None:
    """The same random stream and the same values give the same configs, whatever the global random states."""
    runs = []
    for seed in (6, 7):
        with _seeded_globally(seed):
            runs.append(search(_made(make, SPACES["mixed"], seed=4)))
    first, second = runs
    _same("same stream, same configs", first, second, "draw from `rng` only, and iterate over no set")


def check_global_random_state_untouched(make: Make, *, min_dim: int = 1) -> None:
    """The global random states of Python, numpy and torch (where it is loaded) are left as they were."""
    _made(make, SPACES["mixed"], seed=5)  # what a library draws when it is imported, once, is not the strategy's doing
    before = _global_states()
    search(_made(make, SPACES["mixed"], seed=5))
    after = _global_states()
    for name in before:
        if before[name] != after[name]:
            raise ContractViolation(
                "global random states stay as they are", f"that of {name} changed", "draw from `rng` only"
            )


def check_several_pending(make: Make, *, min_dim: int = 1) -> None:
    """Four proposals may be pending, and results may come in another order."""
    for name in ("two floats", "mixed"):
        if len(SPACES[name]) >= min_dim:
            search(_made(make, SPACES[name], seed=8), pending=4)


def check_failures(make: Make, *, min_dim: int = 1) -> None:
    """Failed trials are told as None: all of them, or the first ones and every fourth."""
    patterns: tuple[Objective, ...] = (
        lambda space, number, config: None,
        lambda space, number, config: None if number < 3 or number % 4 == 1 else bowl(space, number, config),
    )
    for objective in patterns:
        search(_made(make, SPACES["mixed"], seed=9, budget=17), objective, trials=17)


def check_extreme_values(make: Make, *, min_dim: int = 1) -> None:
    """Values as large as 1e300, of either sign, are values like others."""
    patterns: tuple[Objective, ...] = (
        lambda space, number, config: (-1.0) ** number * 1e300,
        lambda space, number, config: 1e300 if number % 3 == 0 else bowl(space, number, config),
    )
    for objective in patterns:
        search(_made(make, SPACES["mixed"], seed=10), objective)


def check_constant_values(make: Make, *, min_dim: int = 1) -> None:
    """An objective without any difference is searched like others."""
    for constant in (0.0, -3e5):
        strategy = _made(make, SPACES["mixed"], seed=11)
        search(strategy, lambda space, number, config, constant=constant: constant)  # type: ignore[misc]


def check_small_space(make: Make, *, min_dim: int = 1) -> None:
    """With more budget than configs a strategy repeats itself or is Exhausted, and then stays so."""
    strategy = _made(make, TINY, seed=12)
    if len(search(strategy)) < BUDGET and _asked(strategy) is not None:
        rule = "after Exhausted nothing more is proposed"
        raise ContractViolation(rule, "ask() returned a proposal", "raise Exhausted again")


def check_nothing_shared(make: Make, *, min_dim: int = 1) -> None:
    """A config that was handed out or told may be changed by its owner without any effect."""
    space = SPACES["mixed"]
    expected = search(_made(make, space, seed=13))
    strategy, found = _made(make, space, seed=13), list[Config]()
    while len(found) < BUDGET and (proposal := _asked(strategy)) is not None:
        told = Proposal(proposal.id, dict(proposal.config))
        found.append(dict(proposal.config))
        proposal.config.clear()
        _tell(strategy, told, bowl(space, told.id, told.config))
        told.config.clear()
    _same("configs are not shared", expected, found, "keep a copy of what is handed out and of what is told")


def check_close(make: Make, *, min_dim: int = 1) -> None:
    """A strategy may be closed at once, or with proposals pending."""
    for asked, told in ((0, 0), (2, 1)):
        strategy = _made(make, SPACES["mixed"], seed=14)
        proposals = [_asked(strategy) for _ in range(asked)]
        for proposal in proposals[:told]:
            if proposal is not None:
                _tell(strategy, proposal, 1.0)
        with _allowing("close may be called at any time, once", f"close() after {asked} asks, {told} tells"):
            strategy.close()


def check_given_trials(make: Make, *, min_dim: int = 1) -> None:
    """A strategy that takes given trials goes on from them, failed ones too, at any time; always in the same way."""
    for name in ("one choice", "two floats", "one value each", "ten floats"):
        if len(SPACES[name]) >= min_dim:
            _after_given_trials(make, SPACES[name], own_trials=1)
    first, second = (_after_given_trials(make, SPACES["mixed"], own_trials=2) for _ in range(2))
    _same("same stream and same given trials, same configs", first, second, "draw from `rng` only")


def _after_given_trials(make: Make, space: SearchSpace, *, own_trials: int) -> list[Config]:
    """Twice so many of its own, each time after five that are given: before its first trial, and between."""
    strategy, rng = _made(make, space, seed=17), np.random.default_rng(18)
    if not strategy.takes_given:
        return []
    configs = list[Config]()
    for _ in range(2):
        for number in range(5):
            config = space.sample(rng)
            value = None if number == 0 else bowl(space, number, config)
            with _allowing("a strategy with takes_given adopts any valid trial", f"adopt of {value}"):
                strategy.adopt(config, value)
        configs += search(strategy, trials=own_trials)
    return configs


def check_card(make: Make, *, min_dim: int = 1) -> None:
    """The class declares its card, so that a reader of a comparison knows what was compared."""
    card = _made(make, SPACES["mixed"], seed=16).card
    silent = [field.name for field in fields(card) if not getattr(card, field.name).strip()]
    if silent:
        rule = "a strategy declares its card"
        remedy = "set `card = Card(…)` of strategies.base in the class, a line for each"
        raise ContractViolation(rule, f"nothing is said of {', '.join(silent)}", remedy)


Check: TypeAlias = Callable[..., None]
CHECKS: tuple[Check, ...] = (
    check_configs_are_valid,
    check_every_budget_works,
    check_ids_are_distinct,
    check_same_stream_same_configs,
    check_global_random_state_untouched,
    check_several_pending,
    check_failures,
    check_extreme_values,
    check_constant_values,
    check_small_space,
    check_nothing_shared,
    check_close,
    check_given_trials,
    check_card,
)


def rules() -> Mapping[str, str]:
    """Name of each check -> the rule that it checks, in one sentence."""
    return {check.__name__: (check.__doc__ or "").splitlines()[0] for check in CHECKS}


def violations(make: Make, *, min_dim: int = 1) -> Iterator[tuple[str, ContractViolation | None]]:
    """Run every check; the name of each with what it found, or None."""
    for check in CHECKS:
        try:
            check(make, min_dim=min_dim)
        except ContractViolation as violation:
            yield check.__name__, violation
        else:
            yield check.__name__, None


# ruff: noqa: NPY002  below, the global random states are what is watched
def _global_states() -> dict[str, Any]:
    """The global random states in a form that `==` compares; torch only where somebody imported it."""
    numpy_state: dict[str, Any] = np.random.get_state(legacy=False)
    generator = numpy_state.pop("state")
    states = {
        "random": random.getstate(),
        "numpy.random": (numpy_state, generator["pos"], generator["key"].tolist()),
    }
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        states["torch"] = torch.get_rng_state().tolist()
    return states


@contextmanager
def _seeded_globally(seed: int) -> Iterator[None]:
    """Seed the global random states, and put them back afterwards."""
    python, numpy_state, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")
    torch_state = torch.get_rng_state() if torch is not None else None
    try:
        random.seed(seed)
        np.random.seed(seed)
        if torch is not None:
            torch.manual_seed(seed)
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy_state)
        if torch is not None:
            torch.set_rng_state(torch_state)
