"""Training until the validation error has not fallen for half of the time; the weights of its minimum count."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from torch import Generator, Tensor

from problems.torch_training.data import Split
from problems.torch_training.models import Model
from problems.torch_training.training import Recipe, descend, wrong_predictions


@dataclass(frozen=True)
class Progress:
    """Where a training stands after an epoch."""

    validation: float  # lowest validation error so far; NaN while there is none
    test: float | None  # test error of the weights that had it; known at the end only, for it takes long
    last: bool  # whether the training ends here


def train_until_stale(
    model: Model, split: Split, recipe: Recipe, least_epochs: int, generator: Generator
) -> Iterator[Progress]:
    """Train at most `recipe.epochs`; stop at epoch t >= `least_epochs` when the best one was before t/2.

    Also stops where the network's output is no longer finite. Bergstra & Bengio 2012, section 3.
    """
    size = split.validation_size
    inputs, labels = split.held_out_inputs[:size], split.held_out_labels[:size]
    best, best_epoch = math.nan, 0
    kept: list[Tensor] = []
    for epoch, parameters in enumerate(descend(model, split, recipe, generator), start=1):
        wrong = wrong_predictions(model, parameters, inputs, labels)
        error = math.nan if wrong is None else int(wrong.sum()) / size
        if error < best or (not kept and wrong is not None):
            best, best_epoch, kept = error, epoch, [parameter.detach().clone() for parameter in parameters]
        stale = epoch >= least_epochs and best_epoch < epoch / 2
        last = wrong is None or stale or epoch == recipe.epochs
        yield Progress(best, test_error(model, kept, split) if last and kept else None, last)
        if last:
            return


def test_error(model: Model, parameters: list[Tensor], split: Split) -> float:
    """Share of the test cases that are predicted wrongly."""
    size = split.validation_size
    wrong = wrong_predictions(model, parameters, split.held_out_inputs[size:], split.held_out_labels[size:])
    return math.nan if wrong is None else int(wrong.sum()) / len(wrong)
