"""Formulas have their published values; instances keep the optimum, move it, and bring nothing lower into the box."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize

from problems.catalogue import FORMULAS
from problems.embedded import SHARE, EmbeddedProblem
from problems.registry import ProblemEntry, problems
from problems.synthetic import SyntheticProblem

ENTRIES = [entry for entry in problems().values() if entry.factory.startswith(("problems.synthetic", "problems.embed"))]
CASES = [(entry, dim) for entry in ENTRIES for dim in (1, 2, 3, 5, 6, 10) if not entry.refusal(dim)]
IDS = [f"{entry.name}-{dim}" for entry, dim in CASES]

PUBLISHED = [  # formula, point, value
    ("sphere", (0.0, 0.0, 0.0), 0.0),
    ("sphere", (1.0, 2.0, 3.0), 14.0),
    ("ellipsoid", (0.0, 0.0), 0.0),
    ("ellipsoid", (1.0, 1.0), 1e6 + 1),
    ("ellipsoid", (1.0, 1.0, 1.0), 1e6 + 1e3 + 1),
    ("rosenbrock", (1.0, 1.0, 1.0, 1.0), 0.0),
    ("rosenbrock", (-1.2, 1.0), 24.2),
    ("rosenbrock", (0.0, 0.0, 0.0), 2.0),
    ("ackley", (0.0,) * 5, 0.0),
    ("ackley", (1.0, 1.0), 3.6253849384403627),
    ("rastrigin", (0.0,) * 4, 0.0),
    ("rastrigin", (1.0, 2.0), 5.0),
    ("rastrigin", (0.5,), 20.25),
    ("griewank", (0.0,) * 3, 0.0),
    ("griewank", (math.pi, 0.0), 2.0 + math.pi**2 / 4000.0),
    ("levy", (1.0,) * 3, 0.0),
    ("levy", (-3.0,), 1.0),
    ("styblinski-tang", (-2.903534, -2.903534), -78.33233),
    ("styblinski-tang", (0.0, 0.0), 0.0),
    ("styblinski-tang", (5.0,), 125.0),
    ("schwefel", (420.9687, 420.9687), 0.0),
    ("schwefel", (0.0,), 418.9829),
    ("michalewicz", (2.20290552, 1.57079633), -1.8013034),
    ("branin", (-math.pi, 12.275), 0.397887),
    ("branin", (math.pi, 2.275), 0.397887),
    ("branin", (9.42478, 2.475), 0.397887),
    ("branin", (0.0, 0.0), 55.602113),
    ("hartmann3", (0.114614, 0.555649, 0.852547), -3.86278),
    ("hartmann6", (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573), -3.32237),
    ("forrester", (0.757249,), -6.02074),
    ("forrester", (1.0,), 15.829731945974109),
    ("gramacy-lee", (0.548563444114526,), -0.869011134989500),
    ("gramacy-lee", (2.5,), 5.0625),
]


@pytest.mark.parametrize(("name", "point", "value"), PUBLISHED)
def test_published_values(name: str, point: tuple[float, ...], value: float) -> None:
    assert float(FORMULAS[name].function(np.array(point))) == pytest.approx(value, rel=3e-6, abs=5e-5)


@pytest.mark.parametrize(("dim", "value"), [(2, -1.8013034), (5, -4.687658), (10, -9.66015)])
def test_michalewicz_minimum_is_the_published_one(dim: int, value: float) -> None:
    assert FORMULAS["michalewicz"].minimum(dim) == pytest.approx(value, abs=5e-6)


def test_every_formula_has_a_published_value() -> None:
    assert {name for name, _, _ in PUBLISHED} == set(FORMULAS)


@pytest.mark.parametrize(("entry", "dim"), CASES, ids=IDS)
def test_many_points_at_once_have_the_values_of_each(entry: ProblemEntry, dim: int) -> None:
    problem = make(entry, dim, 0)
    points = sample(problem, 12, seed=0)
    together = problem.value_at(points.reshape(3, 4, dim))
    assert together.shape == (3, 4)
    np.testing.assert_allclose(together.ravel(), [problem.value_at(point) for point in points], rtol=1e-12)


@pytest.mark.parametrize("instance", range(3))
@pytest.mark.parametrize(("entry", "dim"), CASES, ids=IDS)
def test_nothing_lies_below_the_optimum(entry: ProblemEntry, dim: int, instance: int) -> None:
    problem = make(entry, dim, instance)
    assert problem.optimum is not None
    low, high = bounds(problem)
    slack = 1e-9 * max(1.0, abs(problem.optimum.value))

    points = sample(problem, 20_000, seed=instance)
    values = problem.value_at(points)
    assert values.min() >= problem.optimum.value - slack

    for start in points[np.argsort(values)[:5]]:
        found = minimize(problem.value_at, start, method="L-BFGS-B", bounds=list(zip(low, high, strict=True)))
        assert found.fun >= problem.optimum.value - slack

    # all around each minimiser, from rounding distance outwards
    rng = np.random.default_rng(instance)
    for minimiser in problem.optimum.minimisers:
        centre = np.array(list(minimiser.values()))
        steps = rng.standard_normal((2000, dim)) * 10.0 ** rng.uniform(-9, 0, (2000, 1)) * (high - low)
        around = problem.value_at(np.clip(centre + steps, low, high))
        assert around.min() >= problem.optimum.value - slack


@pytest.mark.parametrize(("entry", "dim"), CASES, ids=IDS)
def test_optimum_moves_with_the_instance_and_lies_on_no_grid(entry: ProblemEntry, dim: int) -> None:
    units = []
    for instance in range(5):
        problem = make(entry, dim, instance)
        assert problem.optimum is not None
        units += [problem.space.to_unit(minimiser) for minimiser in problem.optimum.minimisers]
    places = np.array(units)  # (instances × minimisers, d)
    assert (np.abs(places - 0.5) > 0.02).all()
    assert ((places > 0.01) & (places < 0.99)).all()
    assert all(len(np.unique(column)) == len(column) for column in places.T)
    for levels in range(1, 21):
        centres = (np.arange(levels) + 0.5) / levels
        assert (np.abs(places[..., None] - centres) > 1e-9).all()


def test_shift_keeps_distances_and_stretch_keeps_the_range() -> None:
    sphere = make(entry_of("sphere"), 3, 0)
    branin = make(entry_of("branin"), 2, 0)
    assert sphere.optimum is not None
    centre = np.array(list(sphere.optimum.minimisers[0].values()))
    assert float(sphere.value_at(centre + np.array([1.0, -2.0, 0.5]))) == pytest.approx(5.25)
    corners = np.array([[x, y] for x in (-5.0, 10.0) for y in (0.0, 15.0)])
    np.testing.assert_allclose(
        np.sort(branin.value_at(corners)), np.sort(FORMULAS["branin"].function(corners)), rtol=1e-12
    )


@pytest.mark.parametrize(("name", "effective"), [("embedded-1", 1), ("embedded-2", 2)])
@pytest.mark.parametrize("instance", range(5))
def test_only_the_relevant_parameters_matter(name: str, effective: int, instance: int) -> None:
    problem = make(entry_of(name), 8, instance)
    assert isinstance(problem, EmbeddedProblem)
    assert len(problem.relevant) == effective
    span = 125.0 * effective - problem.formula.minimum(effective)
    relevant = [problem.space.names.index(parameter) for parameter in problem.relevant]

    points = sample(problem, 5000, seed=instance)
    varied = sample(problem, 5000, seed=instance + 100)
    varied[:, relevant] = points[:, relevant]
    change = np.abs(problem.value_at(points) - problem.value_at(varied))
    assert 0.0 < change.max() <= SHARE * span
    assert np.ptp(problem.value_at(points)) > 0.7 * span  # two coordinates seldom come near both ends


def test_relevant_parameters_are_drawn() -> None:
    drawn = {make(entry_of("embedded-1"), 4, instance).relevant for instance in range(30)}  # type: ignore[union-attr]
    assert len(drawn) == 4


def entry_of(name: str) -> ProblemEntry:
    return problems()[name]


def make(entry: ProblemEntry, dim: int, instance: int) -> SyntheticProblem | EmbeddedProblem:
    problem = entry.make(dim, instance, np.random.default_rng([dim, instance]))
    assert isinstance(problem, (SyntheticProblem, EmbeddedProblem))
    return problem


def bounds(problem: SyntheticProblem | EmbeddedProblem) -> tuple[np.ndarray, np.ndarray]:
    space = problem.space
    return np.array([p.from_unit(0.0) for p in space]), np.array([p.from_unit(1.0) for p in space])


def sample(problem: SyntheticProblem | EmbeddedProblem, count: int, seed: int) -> np.ndarray:
    low, high = bounds(problem)
    return np.random.default_rng(seed).uniform(low, high, (count, problem.dim))
