"""A width for each layer: those of layers that are not there have no effect, the others make the network."""

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("sklearn")

from problems.base import Problem
from problems.registry import problem_entry
from problems.testing import (
    check_costs,
    check_evaluations,
    check_instances,
    check_looks_are_declared,
    check_space,
)
from problems.torch_training.problems import WIDTHS_HYPERPARAMETERS

NAME = "mlp-widths-digits"
CONFIG = {"learning_rate": 0.05, "hidden_layers": 2, "width1": 48, "width2": 24, "width3": 16}


def made(name: str, dim: int) -> Problem:
    return problem_entry(name).make(dim, 0, np.random.default_rng(0))


def values(problem: Problem, config: dict[str, object]) -> list[float]:
    return [look.value for look in problem.observe(config, np.random.default_rng(1))]


@pytest.mark.parametrize(
    "check", [check_space, check_evaluations, check_instances, check_costs, check_looks_are_declared]
)
def test_it_keeps_the_contract(check) -> None:
    check(problem_entry(NAME), 4)


def test_defaults_are_values_and_are_as_many_as_the_entry_says() -> None:
    assert all(parameter.contains(default) for parameter, default in WIDTHS_HYPERPARAMETERS)
    assert problem_entry(NAME).max_dim == len(WIDTHS_HYPERPARAMETERS)


def test_only_widths_of_layers_that_are_there_matter() -> None:
    problem = made(NAME, 5)
    before = values(problem, CONFIG)
    assert values(problem, CONFIG | {"width3": 256}) == before
    assert values(problem, CONFIG | {"width2": 200}) != before


def test_of_one_width_it_is_the_plain_network() -> None:
    """Split, initial weights and batches are the same."""
    plain = {"learning_rate": 0.05, "hidden_layers": 3, "width": 32, "log2_batch_size": 5, "epochs": 10}
    same = {"learning_rate": 0.05, "hidden_layers": 3, "width1": 32, "width2": 32, "width3": 32}
    assert values(made("mlp-digits", 5), plain) == values(made(NAME, 5), same)
