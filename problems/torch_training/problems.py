"""A multilayer perceptron as problems: hyperparameters in the order in which a practitioner tunes them.

In `d` dimensions the first `d` hyperparameters are searched and the others stay at their defaults. With a width for
each layer, those of layers that are not there have no effect.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from numpy.random import Generator

from problems.base import Optimum
from problems.space import Categorical, Config, Float, Int
from problems.torch_training.data import Split, digits_split
from problems.torch_training.models import ACTIVATIONS, Mlp
from problems.torch_training.sgd_problem import FIRST, LATER, Hyperparameters, SgdProblem, first

MLP_HYPERPARAMETERS: Hyperparameters = (
    *FIRST,
    (Int("hidden_layers", 1, 4), 1),
    (Int("width", 16, 256, log=True), 64),
    (Float("dropout", 0.0, 0.9), 0.0),
    *LATER,
    (Categorical("activation", tuple(ACTIVATIONS)), "relu"),
)
MOST_LAYERS = 4
WIDTHS_HYPERPARAMETERS: Hyperparameters = (
    FIRST[0],  # the learning rate
    (Int("hidden_layers", 1, MOST_LAYERS), 1),
    *((Int(f"width{layer}", 16, 256, log=True), 64) for layer in range(1, MOST_LAYERS + 1)),
    *FIRST[1:],
    (Float("dropout", 0.0, 0.9), 0.0),
    *LATER,
    (Categorical("activation", tuple(ACTIVATIONS)), "relu"),
)


AnyMlp = TypeVar("AnyMlp", bound="MlpDigits")


@dataclass(frozen=True, kw_only=True)
class MlpDigits(SgdProblem):
    """A multilayer perceptron on scikit-learn's digits."""

    split_seed: int

    @cached_property
    def split(self) -> Split:
        """The data, made when first needed."""
        return digits_split(self.split_seed)

    def model(self, settings: Config) -> Mlp:
        """The network, by a value for each hyperparameter."""
        return Mlp(
            inputs=self.split.train_inputs.shape[1],
            classes=self.split.classes,
            widths=self.widths(settings),
            dropout=settings["dropout"],
            activation=settings["activation"],
        )

    def widths(self, settings: Config) -> tuple[int, ...]:
        """Of the hidden layers: the same for all."""
        return tuple(settings["width"] for _ in range(settings["hidden_layers"]))


@dataclass(frozen=True, kw_only=True)
class MlpWidthsDigits(MlpDigits):
    """The same with a width for each hidden layer."""

    def widths(self, settings: Config) -> tuple[int, ...]:
        """Of the hidden layers that there are."""
        return tuple(settings[f"width{layer}"] for layer in range(1, settings["hidden_layers"] + 1))


def mlp_digits(name: str, dim: int, instance: int, rng: Generator, with_training: bool = False) -> MlpDigits:
    """The first `dim` hyperparameters; `rng` draws how the data is split."""
    problem = _on_digits(MlpDigits, MLP_HYPERPARAMETERS, name, dim, instance, rng)
    return replace(problem, with_training=True) if with_training else problem


def mlp_widths_digits(name: str, dim: int, instance: int, rng: Generator) -> MlpWidthsDigits:
    """The same with a width for each layer."""
    return _on_digits(MlpWidthsDigits, WIDTHS_HYPERPARAMETERS, name, dim, instance, rng)


def _on_digits(
    kind: type[AnyMlp], hyperparameters: Hyperparameters, name: str, dim: int, instance: int, rng: Generator
) -> AnyMlp:
    return kind(
        name=name,
        instance=instance,
        space=first(hyperparameters, dim),
        source="scikit-learn's digits (UCI, Alpaydin & Kaynak 1998); MLP trained by SGD",
        # not the smallest error that some strategy reached: scores would then depend on who took part
        optimum=Optimum(0.0, "bound"),
        value_label="validation error",
        fidelity_unit="epoch",
        hyperparameters=hyperparameters,
        split_seed=int(rng.integers(2**32)),
    )
