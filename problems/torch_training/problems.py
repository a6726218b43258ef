"""Trainings as problems: hyperparameters in the order in which a practitioner tunes them, one look per epoch.

In `d` dimensions the first `d` hyperparameters are searched and the others stay at their defaults.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.case_losses import CaseLosses
from problems.space import Categorical, Config, Float, Int, Parameter, Scalar, SearchSpace
from problems.torch_training.data import Split, digits_split
from problems.torch_training.models import ACTIVATIONS, Mlp
from problems.torch_training.training import SCHEDULES, Recipe, descend, train, wrong_predictions

MLP_HYPERPARAMETERS: tuple[tuple[Parameter, Scalar], ...] = (  # each with its default
    (Float("learning_rate", 1e-5, 1.0, log=True), 0.01),
    (Int("log2_batch_size", 3, 9), 5),
    (Int("epochs", 2, 30, log=True), 10),
    (Int("hidden_layers", 1, 4), 1),
    (Int("width", 16, 256, log=True), 64),
    (Float("dropout", 0.0, 0.9), 0.0),
    (Float("one_minus_momentum", 1e-3, 1.0, log=True), 0.1),
    (Float("weight_decay", 1e-6, 1e-2, log=True), 1e-4),
    (Categorical("schedule", tuple(SCHEDULES)), "constant"),
    (Categorical("activation", tuple(ACTIVATIONS)), "relu"),
)


@dataclass(frozen=True, kw_only=True)
class MlpDigits(Problem):
    """A multilayer perceptron on scikit-learn's digits: told the validation error, recorded the test error."""

    split_seed: int

    @cached_property
    def split(self) -> Split:
        """The data, made when first needed."""
        return digits_split(self.split_seed)

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """Train with `config`; initial weights, batch order and dropout come from `rng`."""
        model, recipe = self._model_and_recipe(config)
        for errors in train(model, self.split, recipe, _generator(rng)):
            yield Evaluation(errors.validation, test_value=errors.test, cost=1.0 / recipe.epochs)

    def case_losses(self, config: Config, rng: Generator) -> CaseLosses:
        """Which cases the trained network predicts wrongly; held out are those for validation, then those for test."""
        model, recipe = self._model_and_recipe(config)
        split, parameters = self.split, list[torch.Tensor]()
        for parameters in descend(model, split, recipe, _generator(rng)):  # noqa: B007  the last ones are used
            pass
        wrong = (
            wrong_predictions(model, parameters, inputs, labels)
            for inputs, labels in (
                (split.train_inputs, split.train_labels),
                (split.held_out_inputs, split.held_out_labels),
            )
        )
        return CaseLosses(*(np.array([np.nan]) if cases is None else cases.numpy().astype(float) for cases in wrong))

    def _model_and_recipe(self, config: Config) -> tuple[Mlp, Recipe]:
        split = self.split
        settings: Config = {parameter.name: default for parameter, default in MLP_HYPERPARAMETERS} | config
        model = Mlp(
            inputs=split.train_inputs.shape[1],
            classes=split.classes,
            layers=settings["hidden_layers"],
            width=settings["width"],
            dropout=settings["dropout"],
            activation=settings["activation"],
        )
        recipe = Recipe(
            learning_rate=settings["learning_rate"],
            batch_size=2 ** settings["log2_batch_size"],
            epochs=settings["epochs"],
            momentum=1.0 - settings["one_minus_momentum"],
            weight_decay=settings["weight_decay"],
            schedule=settings["schedule"],
        )
        return model, recipe


def _generator(rng: Generator) -> torch.Generator:
    return torch.Generator().manual_seed(int(rng.integers(2**63)))


def mlp_digits(name: str, dim: int, instance: int, rng: Generator) -> MlpDigits:
    """The first `dim` hyperparameters; `rng` draws how the data is split."""
    return MlpDigits(
        name=name,
        instance=instance,
        space=SearchSpace(tuple(parameter for parameter, _ in MLP_HYPERPARAMETERS[:dim])),
        source="scikit-learn's digits (UCI, Alpaydin & Kaynak 1998); MLP trained by SGD",
        # not the smallest error that some strategy reached: scores would then depend on who took part
        optimum=Optimum(0.0, "bound"),
        value_label="validation error",
        fidelity_unit="epoch",
        split_seed=int(rng.integers(2**32)),
    )
