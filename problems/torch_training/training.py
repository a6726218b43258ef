"""Training by stochastic gradient descent, one result per epoch; every random draw comes from one generator."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

from problems.torch_training.data import Split
from problems.torch_training.models import Model


def _constant(progress: float) -> float:
    return 1.0


def _step(progress: float) -> float:
    return 0.1 ** ((progress >= 0.5) + (progress >= 0.75))


def _cosine(progress: float) -> float:
    return 0.5 * (1.0 + math.cos(math.pi * progress))  # Loshchilov & Hutter 2017, eq. 5, without restarts


def _warm_up(progress: float) -> float:
    return min(1.0, progress / 0.1)


# What the learning rate is multiplied with after a share `progress` in [0, 1] of all updates.
SCHEDULES: Mapping[str, Callable[[float], float]] = {
    "constant": _constant,
    "step": _step,  # a tenth after one half, a hundredth after three quarters
    "cosine": _cosine,
    "warm-up": _warm_up,  # linear over the first tenth, then constant
}


@dataclass(frozen=True)
class Recipe:
    """How to train: SGD with momentum and L2 penalty, as `torch.optim.SGD` defines them."""

    learning_rate: float
    batch_size: int
    epochs: int
    momentum: float
    weight_decay: float
    schedule: str = "constant"
    annealing_start: float = math.inf  # t₀ in updates: from there on the rate falls as t₀/t


@dataclass(frozen=True)
class Errors:
    """Shares of wrong predictions after an epoch; NaN once the training has diverged."""

    validation: float
    test: float
    training: float | None = None  # where it was asked for

    @property
    def diverged(self) -> bool:
        """Whether the network no longer gives numbers."""
        return math.isnan(self.validation)


def train(
    model: Model, split: Split, recipe: Recipe, generator: Generator, with_training: bool = False
) -> Iterator[Errors]:
    """Errors after each epoch; ends early, with NaN, when the network's output is no longer finite.

    `with_training`: on the training cases too, as the network is in use; nothing is drawn for it.
    """
    for parameters in descend(model, split, recipe, generator):
        errors = _errors(model, parameters, split)
        if with_training and not errors.diverged:
            errors = replace(errors, training=_training_error(model, parameters, split))
        yield errors
        if errors.diverged:
            return


def descend(model: Model, split: Split, recipe: Recipe, generator: Generator) -> Iterator[list[Tensor]]:
    """The parameters after each epoch; the next epoch changes them in place."""
    place = split.train_inputs.device
    parameters = [parameter.to(place).requires_grad_() for parameter in model.initialise(generator)]
    # the kernel wants no momenta where there is no momentum
    momenta = [torch.zeros_like(parameter) for parameter in parameters] if recipe.momentum > 0.0 else []
    cases = len(split.train_labels)
    updates = math.ceil(cases / recipe.batch_size) * recipe.epochs
    schedule = SCHEDULES[recipe.schedule]

    update = 0
    for _ in range(recipe.epochs):
        order = torch.randperm(cases, generator=generator).to(place)
        inputs, labels = split.train_inputs[order], split.train_labels[order]
        for start in range(0, cases, recipe.batch_size):
            batch = slice(start, start + recipe.batch_size)
            gradients = model.gradients(parameters, inputs[batch], labels[batch], generator)
            # at the middle of the update, so that no schedule multiplies with 0
            rate = recipe.learning_rate * schedule((update + 0.5) / updates)
            update += 1
            rate *= min(1.0, recipe.annealing_start / update)  # Bergstra & Bengio 2012: t₀ε₀ / max(t, t₀)
            update_in_place(parameters, gradients, momenta, rate, recipe)
        yield parameters


@torch.no_grad()
def update_in_place(
    parameters: list[Tensor], gradients: Sequence[Tensor], momenta: list[Tensor], rate: float, recipe: Recipe
) -> None:
    """One update of `parameters` and `momenta` in place: the kernel of `torch.optim.SGD(fused=True)`."""
    torch._fused_sgd_(
        parameters,
        list(gradients),
        momenta,
        weight_decay=recipe.weight_decay,
        momentum=recipe.momentum,
        lr=rate,
        dampening=0.0,
        nesterov=False,
        maximize=False,
        is_first_step=False,  # the momenta begin at 0
    )


def _errors(model: Model, parameters: list[Tensor], split: Split) -> Errors:
    """Validation and test error in one pass."""
    wrong = wrong_predictions(model, parameters, split.held_out_inputs, split.held_out_labels)
    if wrong is None:
        return Errors(math.nan, math.nan)
    validation, test = wrong[: split.validation_size], wrong[split.validation_size :]
    return Errors(int(validation.sum()) / len(validation), int(test.sum()) / len(test))


def _training_error(model: Model, parameters: list[Tensor], split: Split) -> float | None:
    """Share of the training cases that are predicted wrongly; None when the network's output is not finite."""
    wrong = wrong_predictions(model, parameters, split.train_inputs, split.train_labels)
    return None if wrong is None else int(wrong.sum()) / len(wrong)


@torch.inference_mode()
def wrong_predictions(model: Model, parameters: Sequence[Tensor], inputs: Tensor, labels: Tensor) -> Tensor | None:
    """Which of the cases (n,) are predicted wrongly; None when the network's output is not finite."""
    logits = model.logits(parameters, inputs, None)
    return logits.argmax(dim=1) != labels if logits.isfinite().all() else None
