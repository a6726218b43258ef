"""The mixed space's optimum is where it says, and choices decide where the numbers' best lies."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from problems.mixed import CHOICES, LEAST, MixedProblem, make
from problems.space import Categorical, Config, Float, Int

RNG = np.random.default_rng(0)


def made(dim: int, instance: int) -> MixedProblem:
    return make("mixed", dim, instance, np.random.default_rng(instance))


def value(problem: MixedProblem, config: Config) -> float:
    (look,) = problem.observe(config, RNG)
    return look.value


def test_the_space_has_every_kind_of_parameter_on_both_scales() -> None:
    kinds = [(type(p), getattr(p, "log", None)) for p in made(6, 0).space]
    assert kinds == [
        *((Float, False), (Int, False), (Categorical, None)),
        *((Float, True), (Int, True), (Categorical, None)),
    ]
    assert [made(dim, 0).space.names for dim in (3, 4, 5)] == [made(6, 0).space.names[:dim] for dim in (3, 4, 5)]


@pytest.mark.parametrize("instance", range(4))
def test_every_choice_has_a_bottom_of_its_own_and_the_lowest_is_the_optimum(instance: int) -> None:
    """All values of integer and choice, and the best real number for each by search along its range."""
    problem = made(3, instance)
    assert problem.optimum
    (minimiser,) = problem.optimum.minimisers
    bottoms = {}
    for choice in CHOICES:
        along = []
        for count in range(1, 21):

            def at(real: float, count: int = count, choice: str = choice) -> float:
                return value(problem, {"real1": real, "count1": count, "choice1": choice})

            found = minimize_scalar(at, bounds=(-5.0, 5.0), method="bounded", options={"xatol": 1e-8})
            along.append((found.fun, count, float(found.x)))
        bottoms[choice] = min(along)
    lowest, second = sorted(bottoms.values())[:2]
    assert lowest[0] == pytest.approx(problem.optimum.value, abs=1e-9)
    assert bottoms[minimiser["choice1"]] == lowest
    assert (lowest[1], lowest[2]) == (minimiser["count1"], pytest.approx(minimiser["real1"], abs=1e-5))
    assert second[0] >= LEAST - 1e-9
    assert len({(count, round(real, 3)) for _, count, real in bottoms.values()}) == len(CHOICES)


def test_numbers_of_all_groups_matter_together() -> None:
    """Moving two numbers costs other than the sum of moving each: the bowl is rotated."""
    problem = made(6, 0)
    assert problem.optimum
    units = problem.space.to_unit(problem.optimum.minimisers[0])

    def moved(*indices: int) -> float:
        step = np.zeros(6)
        step[list(indices)] = np.where(units[list(indices)] < 0.5, 0.2, -0.2)
        return value(problem, problem.space.from_unit(units + step))  # choices stay in their cells

    assert abs(moved(0, 3) - moved(0) - moved(3)) > 0.01
