"""A small convolutional network on images as a problem: hyperparameters in the order in which they are tuned.

In `d` dimensions the first `d` hyperparameters are searched and the others stay at their defaults. The data follows
from the instance's number alone: the same cases in every dimension.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isqrt

from numpy.random import Generator

from problems.base import Optimum
from problems.space import Categorical, Config, Float, Int
from problems.torch_training.convolutional import Cnn
from problems.torch_training.data import Split
from problems.torch_training.models import ACTIVATIONS
from problems.torch_training.network_data import network_split
from problems.torch_training.network_tasks import ImageTask
from problems.torch_training.preprocessing import scaled
from problems.torch_training.sgd_problem import FIRST, LATER, Hyperparameters, SgdProblem, first

CNN_HYPERPARAMETERS: Hyperparameters = (
    *FIRST,
    (Int("channels", 4, 32, log=True), 8),
    (Int("convolutions", 1, 3), 2),
    (Float("dropout", 0.0, 0.9), 0.0),
    *LATER,
    (Categorical("activation", tuple(ACTIVATIONS)), "relu"),
)


@dataclass(frozen=True)
class Images:
    """What a network is trained on."""

    task: ImageTask
    colours: int = 1


# By problem; sizes about those of mlp-digits. With as many rectangles most configs would make no error.
IMAGES: Mapping[str, Images] = {
    "cnn-digits": Images(ImageTask("digits", 1, 800, 400, 597)),
    "cnn-rectangles": Images(ImageTask("rectangles", 2, 300, 400, 600)),
    "cnn-convex": Images(ImageTask("convex", 2, 800, 400, 600)),
    "cnn-mnist": Images(ImageTask("mnist", 2, 800, 400, 600)),
    "cnn-cifar10": Images(ImageTask("cifar10", 4, 800, 400, 600), colours=3),
}


@dataclass(frozen=True, kw_only=True)
class CnnProblem(SgdProblem):
    """A small convolutional network on images."""

    images: Images

    @cached_property
    def split(self) -> Split:
        """The data, made when first needed."""
        return scaled(network_split(self.images.task, self.instance))

    def model(self, settings: Config) -> Cnn:
        """The network, by a value for each hyperparameter."""
        return Cnn(
            side=isqrt(self.split.train_inputs.shape[1] // self.images.colours),
            colours=self.images.colours,
            classes=self.split.classes,
            layers=settings["convolutions"],
            channels=settings["channels"],
            dropout=settings["dropout"],
            activation=settings["activation"],
        )


def cnn(name: str, dim: int, instance: int, rng: Generator) -> CnnProblem:
    """The first `dim` hyperparameters of the problem called `name`; the data is that of `instance`, whatever `rng`."""
    return CnnProblem(
        name=name,
        instance=instance,
        space=first(CNN_HYPERPARAMETERS, dim),
        source="a CNN trained by SGD; data bundled with scikit-learn, or by the recipes of Larochelle et al. 2007",
        optimum=Optimum(0.0, "bound"),
        value_label="validation error",
        fidelity_unit="epoch",
        hyperparameters=CNN_HYPERPARAMETERS,
        images=IMAGES[name],
    )
