"""`lr-find` below the command line: the range test of a problem's default training, or of a user's network."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from numpy.random import Generator

from problems.space import Config
from problems.torch_training.data import Split
from problems.torch_training.models import Model
from problems.torch_training.range_test import RangeTest, of_model
from problems.torch_training.training import Recipe
from problems.torch_training.users_model import of_users

__all__ = ["HasLearningRate", "of_problem", "of_users_function"]

BATCH, MOMENTUM = 32, 0.9  # of a user's network


@runtime_checkable
class HasLearningRate(Protocol):
    """A problem that trains a network of ours by SGD."""

    def set_up(self, config: Config, rng: Generator) -> tuple[Model, Split, Recipe]:
        """What `config` trains on what and how."""
        ...


def of_problem(problem: HasLearningRate, rates: Sequence[float], seed: int) -> RangeTest:
    """With the problem's defaults in everything but the learning rate."""
    model, split, recipe = problem.set_up({}, np.random.default_rng(seed))
    return of_model(model, split, recipe, rates, torch.Generator().manual_seed(seed))


def of_users_function(function: Any, rates: Sequence[float], seed: int) -> RangeTest:
    """With batches of 32 and a momentum of 0.9."""
    recipe = Recipe(learning_rate=1.0, batch_size=BATCH, epochs=1, momentum=MOMENTUM, weight_decay=0.0)
    return of_users(function, recipe, rates, seed)
