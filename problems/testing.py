"""The contract of a problem, as checks that anyone can run: `for check in CHECKS: check(entry, dim)`.

A check makes the problem anew, from streams of its own, and raises `ContractViolation` at the first broken promise. It
needs no test framework.
"""

import copy
import itertools
import math
import random
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import numpy as np
from numpy.random import Generator

from problems.base import Evaluation, Problem
from problems.contracts import ContractViolation, require
from problems.registry import ProblemEntry
from problems.space import Config, Float, Int

SAMPLES = 3  # configs that are observed to the end; trainings are slow
CORNERS = 16  # corners of the space that get one look each
TOLERANCE = 1e-9  # of an optimum's value, relative above 1


def _make(entry: ProblemEntry, dim: int, instance: int = 0) -> Problem:
    return entry.make(dim, instance, np.random.default_rng([dim, instance]))


def _trial_rng() -> Generator:
    return np.random.default_rng(7)


def _samples(problem: Problem, count: int = SAMPLES) -> list[Config]:
    rng = np.random.default_rng(11)
    return [problem.space.sample(rng) for _ in range(count)]


def _observe(problem: Problem, config: Config) -> list[Evaluation]:
    return list(problem.observe(config, _trial_rng()))


def _true_value(evaluation: Evaluation) -> float:
    return evaluation.value if evaluation.true_value is None else evaluation.true_value


def check_space(entry: ProblemEntry, dim: int) -> None:
    """The space has `dim` parameters; the problem knows its name and instance."""
    problem = _make(entry, dim, instance=3)
    require(
        len(problem.space) == problem.dim == dim,
        f"{entry.name} in {dim} dimensions needs {dim} parameters",
        len(problem.space),
        "make the factory follow `dim`, or limit the entry's min_dim and max_dim",
    )
    require(
        (problem.name, problem.instance) == (entry.name, 3),
        "a problem carries the name and instance it was made for",
        (problem.name, problem.instance),
        "pass both on in the factory",
    )


def check_evaluations(entry: ProblemEntry, dim: int) -> None:
    """A trial shows at least one `Evaluation`, made of native floats."""
    problem = _make(entry, dim)
    for config in _samples(problem):
        looks = _observe(problem, config)
        require(len(looks) > 0, "observe yields at least one Evaluation", "none", "yield once per unit of fidelity")
        for look in looks:
            require(type(look) is Evaluation, "observe yields Evaluations", type(look), "yield Evaluation(value)")
            numbers = (look.value, look.cost, look.true_value, look.test_value, look.train_value)
            kinds = [type(number).__name__ for number in numbers]
            kept = kinds[:2] == ["float"] * 2 and set(kinds[2:]) <= {"float", "NoneType"}
            require(kept, "an Evaluation holds native floats", kinds, "convert with float() where it is yielded")


def check_repeatable(entry: ProblemEntry, dim: int) -> None:
    """The same config and the same stream show the same evaluations, also on a rebuilt problem."""
    first, second = _make(entry, dim), _make(entry, dim)
    for config in _samples(first, 2):
        # repr, because NaN differs from itself
        shown = [repr(_observe(problem, config)) for problem in (first, first, second)]
        require(
            len(set(shown)) == 1,
            "the same config and rng give the same evaluations",
            f"{len(set(shown))} different ones for {config}",
            "draw from the rng that was passed and from nothing else",
        )


def check_noise_is_declared(entry: ProblemEntry, dim: int) -> None:
    """A problem whose values depend on the stream says so: its winners are evaluated again with other streams."""
    problem = _make(entry, dim)
    if problem.noisy:
        return
    for config in _samples(problem, 2):
        shown = [repr(list(problem.observe(config, np.random.default_rng(seed)))) for seed in (7, 8)]
        require(
            shown[0] == shown[1],
            "a problem whose values depend on the rng is noisy",
            f"noisy=False, and two streams gave two values for {config}",
            "declare the problem with noisy=True",
        )


def check_global_randomness(entry: ProblemEntry, dim: int) -> None:
    """Nobody else's random state is read or advanced: Python's, numpy's, torch's."""
    problem = _make(entry, dim)
    _observe(problem, _samples(problem, 1)[0])  # libraries that draw once at import do so now
    torch = sys.modules.get("torch")  # only a problem that uses it has imported it

    def states() -> list[str]:
        python, legacy = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002  only read
        return [repr(python), repr(legacy), repr(torch.get_rng_state().tolist()) if torch else ""]

    before = states()
    _observe(_make(entry, dim), _samples(problem, 1)[0])
    moved = [
        name for name, old, new in zip(("random", "numpy.random", "torch"), before, states(), strict=True) if old != new
    ]
    require(not moved, "global random states stay as they are", f"{moved} changed", "use the rng that was passed")


def check_durations(entry: ProblemEntry, dim: int) -> None:
    """The simulated duration of a trial is a positive number, the same for the same stream."""
    problem = _make(entry, dim)
    for config in _samples(problem):
        durations = [problem.duration(config, _trial_rng()) for _ in range(2)]
        require(
            all(type(duration) is float and 0 < duration < math.inf for duration in durations),
            "a duration is a positive float",
            durations[0],
            "return float(…) of mean 1 or so, or leave it to the base class",
        )
        require(durations[0] == durations[1], "a stream gives one duration", durations, "draw from the rng alone")


def check_config_unchanged(entry: ProblemEntry, dim: int) -> None:
    """`observe` leaves the config alone."""
    problem = _make(entry, dim)
    for config in _samples(problem, 1):
        before = copy.deepcopy(config)
        _observe(problem, config)
        require(config == before, "observe does not change the config", config, "work on a copy")


def check_optimum_reached(entry: ProblemEntry, dim: int) -> None:
    """Each minimiser is a config of the space and has the value of the optimum."""
    problem = _make(entry, dim)
    if problem.optimum is None:
        return
    for minimiser in problem.optimum.minimisers:
        problem.space.validate(minimiser)
        value = _true_value(_observe(problem, minimiser)[-1])
        require(
            abs(value - problem.optimum.value) <= TOLERANCE * max(1.0, abs(problem.optimum.value)),
            f"a minimiser has the value of the optimum, {problem.optimum.value}",
            f"{value} at {minimiser}",
            "correct the minimiser or the optimum",
        )


def check_optimum_off_centre(entry: ProblemEntry, dim: int) -> None:
    """No coordinate of a minimiser is the middle of its range, where some searchers begin."""
    problem = _make(entry, dim)
    for minimiser in problem.optimum.minimisers if problem.optimum else ():
        for parameter, unit in zip(problem.space, problem.space.to_unit(minimiser).tolist(), strict=True):
            require(
                not isinstance(parameter, Float) or abs(unit - 0.5) > 1e-3,
                "no optimum lies in the middle of a range",
                f"{parameter.name}={minimiser[parameter.name]}",
                "shift the instance's optimum away from it",
            )


def check_nothing_below_optimum(entry: ProblemEntry, dim: int) -> None:
    """No sampled config has a true value below the optimum."""
    problem = _make(entry, dim)
    if problem.optimum is None:
        return
    for config in _samples(problem):
        lowest = min(_true_value(look) for look in _observe(problem, config))
        require(
            not lowest < problem.optimum.value - TOLERANCE * max(1.0, abs(problem.optimum.value)),
            f"nothing lies below the optimum, {problem.optimum.value}",
            f"{lowest} at {config}",
            "correct the optimum, or the shift that brings a lower point into the space",
        )


def check_instances(entry: ProblemEntry, dim: int) -> None:
    """A rebuilt instance is equal; another instance shows other values, unless the entry says that there is but one."""
    problem, rebuilt, other = _make(entry, dim), _make(entry, dim), _make(entry, dim, instance=1)
    require(problem == rebuilt, "an instance made twice from one stream is equal", rebuilt, "compare fields by value")
    shared = _samples(problem)
    values = [[repr(_observe(p, config)) for config in shared] for p in (problem, other)]
    if entry.one_instance:
        alike = values[0] == values[1] or bool(entry.wrappings)  # which may draw
        require(alike, "there is but one instance", "other values", "draw nothing from the rng")
    else:
        require(
            values[0] != values[1], "another instance is another problem", "the same values", "draw it from the rng"
        )


def check_frozen(entry: ProblemEntry, dim: int) -> None:
    """A problem cannot be changed."""
    problem = _make(entry, dim)
    try:
        problem.name = "changed"  # type: ignore[misc]  # that it fails is what is checked
    except FrozenInstanceError:
        return
    raise ContractViolation("a problem is frozen", "a changed name", "decorate the class with @dataclass(frozen=True)")


def check_costs(entry: ProblemEntry, dim: int) -> None:
    """The looks of a trial that does not fail cost 1 in all."""
    problem = _make(entry, dim)
    for config in _samples(problem):
        looks = _observe(problem, config)
        total = sum(look.cost for look in looks)
        failed = not math.isfinite(looks[-1].value)
        require(
            total <= 1.0 + TOLERANCE if failed else abs(total - 1.0) <= TOLERANCE,
            "the costs of a full trial add up to 1",
            total,
            "give each look its share as cost",
        )


def check_looks_are_declared(entry: ProblemEntry, dim: int) -> None:
    """A problem whose trials have several looks says so in its entry: only then can a pruner be planned for it."""
    problem = _make(entry, dim)
    counts = [len(_observe(problem, config)) for config in _samples(problem, 2)]
    require(
        entry.looks or max(counts) == 1,
        "an entry says whether its trials have several looks",
        f"looks=False, and trials of {counts} looks",
        "make the entry with looks=True",
    )


def check_corners(entry: ProblemEntry, dim: int) -> None:
    """Values at the corners of the space are finite; a training may end there with NaN."""
    problem = _make(entry, dim)
    ends = [(p.low, p.high) if isinstance(p, (Float, Int)) else (p.choices[0], p.choices[-1]) for p in problem.space]
    picked = itertools.islice(itertools.product(*ends), CORNERS - 1)
    for corner in (*picked, tuple(high for _, high in ends)):
        config = dict(zip(problem.space.names, corner, strict=True))
        look = next(iter(problem.observe(config, _trial_rng())))
        may_fail = problem.fidelity_unit != "evaluation"
        require(
            math.isfinite(look.value) or (may_fail and math.isnan(look.value)),
            "values at the corners of the space are finite",
            f"{look.value} at {config}",
            "narrow the space, or raise where a config cannot be evaluated",
        )


CHECKS: tuple[Callable[[ProblemEntry, int], None], ...] = (
    check_space,
    check_evaluations,
    check_repeatable,
    check_noise_is_declared,
    check_global_randomness,
    check_durations,
    check_config_unchanged,
    check_optimum_reached,
    check_optimum_off_centre,
    check_nothing_below_optimum,
    check_instances,
    check_frozen,
    check_costs,
    check_looks_are_declared,
    check_corners,
)
