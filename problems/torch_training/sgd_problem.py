"""What trainings by SGD share: from settings to a recipe, one look per epoch, and which cases are predicted wrongly."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.random import Generator

from problems.base import Evaluation, Problem
from problems.case_losses import CaseLosses
from problems.space import Categorical, Config, Float, Int, Parameter, Scalar, SearchSpace
from problems.torch_training.data import Split
from problems.torch_training.models import Model
from problems.torch_training.training import SCHEDULES, Recipe, descend, train, wrong_predictions

Hyperparameters: TypeAlias = tuple[tuple[Parameter, Scalar], ...]  # each with its default, the first to be tuned first

# Those of SGD, in two parts: a network's own come between them.
FIRST: Hyperparameters = (
    (Float("learning_rate", 1e-5, 1.0, log=True), 0.01),
    (Int("log2_batch_size", 3, 9), 5),
    (Int("epochs", 2, 30, log=True), 10),
)
LATER: Hyperparameters = (
    (Float("one_minus_momentum", 1e-3, 1.0, log=True), 0.1),
    (Float("weight_decay", 1e-6, 1e-2, log=True), 1e-4),
    (Categorical("schedule", tuple(SCHEDULES)), "constant"),
)


@dataclass(frozen=True, kw_only=True)
class SgdProblem(Problem):
    """A network trained by SGD: told the validation error, recorded the test error.

    `with_training`: the training error is recorded too. It costs a look at all training cases per epoch, and changes no
    other error.
    """

    hyperparameters: Hyperparameters
    with_training: bool = False
    noisy: bool = True

    @property
    @abstractmethod
    def split(self) -> Split:
        """The data, made when first needed."""

    @abstractmethod
    def model(self, settings: Config) -> Model:
        """The network, by a value for each hyperparameter."""

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """Train with `config`; initial weights, batch order and dropout come from `rng`."""
        model, split, recipe = self.set_up(config, rng)
        for errors in train(model, split, recipe, _generator(rng), self.with_training):
            yield Evaluation(
                errors.validation, test_value=errors.test, cost=1.0 / recipe.epochs, train_value=errors.training
            )

    def case_losses(self, config: Config, rng: Generator) -> CaseLosses:
        """Which cases the trained network predicts wrongly; held out are those for validation, then those for test."""
        model, split, recipe = self.set_up(config, rng)
        parameters = list[torch.Tensor]()
        for parameters in descend(model, split, recipe, _generator(rng)):  # noqa: B007  the last ones are used
            pass
        wrong = (
            wrong_predictions(model, parameters, inputs, labels)
            for inputs, labels in (
                (split.train_inputs, split.train_labels),
                (split.held_out_inputs, split.held_out_labels),
            )
        )
        return CaseLosses(
            *(np.array([np.nan]) if cases is None else cases.cpu().numpy().astype(float) for cases in wrong)
        )

    def set_up(self, config: Config, rng: Generator) -> tuple[Model, Split, Recipe]:
        """What `config` trains on what and how; nothing is drawn from `rng`."""
        settings: Config = {parameter.name: default for parameter, default in self.hyperparameters} | config
        recipe = Recipe(
            learning_rate=settings["learning_rate"],
            batch_size=2 ** settings["log2_batch_size"],
            epochs=settings["epochs"],
            momentum=1.0 - settings["one_minus_momentum"],
            weight_decay=settings["weight_decay"],
            schedule=settings["schedule"],
        )
        return self.model(settings), self.split, recipe


def first(hyperparameters: Hyperparameters, dim: int) -> SearchSpace:
    """The space of the first `dim` hyperparameters."""
    return SearchSpace(tuple(parameter for parameter, _ in hyperparameters[:dim]))


def _generator(rng: Generator) -> torch.Generator:
    return torch.Generator().manual_seed(int(rng.integers(2**63)))
