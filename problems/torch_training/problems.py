"""A multilayer perceptron as a problem: hyperparameters in the order in which a practitioner tunes them.

In `d` dimensions the first `d` hyperparameters are searched and the others stay at their defaults.
"""

from dataclasses import dataclass
from functools import cached_property

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
            layers=settings["hidden_layers"],
            width=settings["width"],
            dropout=settings["dropout"],
            activation=settings["activation"],
        )


def mlp_digits(name: str, dim: int, instance: int, rng: Generator) -> MlpDigits:
    """The first `dim` hyperparameters; `rng` draws how the data is split."""
    return MlpDigits(
        name=name,
        instance=instance,
        space=first(MLP_HYPERPARAMETERS, dim),
        source="scikit-learn's digits (UCI, Alpaydin & Kaynak 1998); MLP trained by SGD",
        # not the smallest error that some strategy reached: scores would then depend on who took part
        optimum=Optimum(0.0, "bound"),
        value_label="validation error",
        fidelity_unit="epoch",
        hyperparameters=MLP_HYPERPARAMETERS,
        split_seed=int(rng.integers(2**32)),
    )
