import pickle

import numpy as np
import pytest

pytest.importorskip("cocoex")

from problems.registry import problem_entry, problems

RNG = np.random.default_rng(1)


def value(problem, config):
    (look,) = problem.observe(config, RNG)
    return look.value


@pytest.mark.parametrize("function", range(1, 25))
def test_nothing_lies_below_the_optimum(function):
    for dim in (2, 7):
        problem = problem_entry(f"bbob-f{function}").make(dim, 0, RNG)
        assert all(value(problem, problem.space.sample(RNG)) >= problem.optimum.value for _ in range(20))


def test_the_sphere_reaches_its_minimum():
    problem = problem_entry("bbob-f1").make(3, 2, RNG)
    shift = np.array([value(problem, dict.fromkeys(problem.space.names, 0.0) | {n: 1.0}) for n in problem.space.names])
    centre = value(problem, dict.fromkeys(problem.space.names, 0.0))
    best = (centre - shift + 1) / 2  # f(x) = |x − best|² + optimum
    found = value(problem, dict(zip(problem.space.names, best.tolist(), strict=True)))
    assert found == pytest.approx(problem.optimum.value, abs=1e-9)


def test_instances_differ_and_survive_a_pickle():
    first, second = (problem_entry("bbob-f8").make(5, i, RNG) for i in (0, 1))
    config = first.space.sample(RNG)
    assert value(first, config) != value(second, config)
    assert value(pickle.loads(pickle.dumps(first)), config) == value(first, config)


def test_all_are_registered():
    assert {f"bbob-f{i}" for i in range(1, 25)} <= set(problems())
