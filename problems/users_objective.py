"""A user's own training as a problem: a plain function of a config, over the space in a TOML file.

The function returns its score, which is minimised, or yields one as it goes. A score is a number, or a mapping:

| key | meaning |
|---|---|
| `value` | the validation score, which is told to the strategy |
| `test` | on data that the search must never see; told to nobody |
| `train` | on the data that was trained on; told to nobody |
| `done` | the share of the training that is behind it, in (0, 1]: only where that is known can a pruner stop it |
"""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from numpy.random import Generator

from problems.base import Evaluation, Problem
from problems.loading import resolve
from problems.space import Config
from problems.space_file import read_space, shown

KEYS = ("value", "test", "train", "done")
RANDOM = ("seed", "rng")  # arguments by which a function may ask for its randomness
LARGEST_SEED = 2**31  # whatever takes a seed takes one below
FORM = "a number that is minimised, or a mapping with 'value'"


class Score(NamedTuple):
    """What the function shows at one time."""

    value: float
    test: float | None = None
    train: float | None = None
    done: float | None = None


@dataclass(frozen=True, kw_only=True)
class UsersObjective(Problem):
    """The function called `function`, `"module:name"` or `"file.py:name"`; `defaults` is the config in use today."""

    function: str
    defaults: Config

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """Call the function; one look per score whose `done` is known, the last score counts as the whole."""
        function = resolve(self.function)
        result = function(config, **randomness(arguments_of(function), rng))
        if isinstance(result, Iterator):
            yield from looks(result)
        else:
            yield evaluation(score_of(result), 1.0)


def make(name: str, dim: int, instance: int, rng: Generator, *, function: str, file: str) -> UsersObjective:
    """The problem; every instance is the same but for its noise. The user's code is imported here, not in a trial."""
    arguments_of(resolve(function))
    said = read_space(Path(file))
    return UsersObjective(
        name=name,
        instance=instance,
        space=said.space,
        source=f"your own {function} over {file}",
        value_label="validation score",
        fidelity_unit="look",
        function=function,
        defaults=said.defaults,
    )


def arguments_of(function: Any) -> tuple[str, ...]:
    """Which of `RANDOM` it takes; raises `ValueError` where it cannot be called as `function(config, …)`."""
    name = getattr(function, "__name__", "the objective")
    if not callable(function):
        raise ValueError(f"{name} cannot be called, got {shown(function)}; give a function of a config")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # of some functions in C, nothing is known
        return ()
    given = tuple(word for word in RANDOM if word in signature.parameters)
    try:
        signature.bind({}, **dict.fromkeys(given))
    except TypeError as error:
        raise ValueError(
            f"{name}{signature} cannot be called: {error}; expected {name}(config), which may also take seed or rng"
        ) from error
    return given


def randomness(given: tuple[str, ...], rng: Generator) -> dict[str, Any]:
    """What the function asks for: an int `seed`, or a numpy generator `rng`; both follow from this trial's stream."""
    made: dict[str, Any] = {"seed": int(rng.integers(LARGEST_SEED)), "rng": rng}
    return {word: made[word] for word in given}


def looks(scores: Iterator[Any]) -> Iterator[Evaluation]:
    """A look per score that says how far it is; what ends before 1, or never says it, is whole as it ends."""
    behind, last = 0.0, None
    for number, said in enumerate(scores, start=1):
        last = score_of(said)
        if last.done is None:
            continue
        if not behind < last.done <= 1.0:
            raise ValueError(f"done must rise to 1, got {last.done:g} after {behind:g} in score {number}")
        yield evaluation(last, last.done - behind)
        behind = last.done
    if last is None:
        raise ValueError(f"the objective yielded nothing; expected {FORM}, at least once")
    if behind < 1.0:
        yield evaluation(last, 1.0 - behind)


def evaluation(score: Score, cost: float) -> Evaluation:
    """A score as a look."""
    return Evaluation(score.value, test_value=score.test, cost=cost, train_value=score.train)


def score_of(said: Any) -> Score:
    """What the function returned or yielded; raises `ValueError` where it is no score."""
    if not isinstance(said, Mapping):
        return Score(number(said, "the objective gave"))
    if unknown := [key for key in said if key not in KEYS]:
        raise ValueError(f"a score has no {unknown[0]!r}; known: {', '.join(KEYS)}")
    if "value" not in said:
        raise ValueError(f"a score needs 'value', got {shown(dict(said))}")
    return Score(**{key: number(part, f"{key} is") for key, part in said.items() if part is not None or key == "value"})


def number(said: Any, what: str) -> float:
    """`said` as a float, be it numpy's or torch's; raises `ValueError` with the remedy."""
    if isinstance(said, (str, bytes, bool)) or not hasattr(said, "__float__"):
        hint = "; is a return missing?" if said is None else ""
        raise ValueError(f"{what} {shown(said) if said is not None else None}, expected {FORM}{hint}")
    return float(said)
