"""The learning-rate range test: train while the rate grows from update to update, and look where the loss falls.

Smith 2017 (Cyclical learning rates, arXiv:1506.01186, section 3.3), in the form that fastai made common: the rate grows
exponentially, the loss of each batch is smoothed, and the test ends where the smoothed loss is four times its minimum.

| symbol | meaning |
|---|---|
| `n` | updates that were made |
| `β` | of the smoothed loss s_i = β s_{i-1} + (1 - β) loss_i, divided by 1 - β^i (Kingma & Ba 2015, section 3) |
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from problems.space import Floats
from problems.torch_training.data import Split
from problems.torch_training.models import Model
from problems.torch_training.training import Recipe, update_in_place

BETA = 0.95
DIVERGED = 4.0  # times the smallest smoothed loss
END = 0.005  # of the fall that is left where the minimum is said to be reached
WINDOW = 0.25  # decades to both sides, over which a slope is fitted: from batch to batch it is noise
LossOf: TypeAlias = Callable[[Tensor, Tensor], Tensor]  # of inputs and targets of a batch, a mean


class NoLoss(ValueError):
    """The loss was never a finite number, or never fell: there is nothing to suggest."""


@dataclass(frozen=True)
class RangeTest:
    """Rates (n,), the loss of the batch before each update and its smoothed form, and what they suggest."""

    rates: Floats
    losses: Floats
    smoothed: Floats
    steepest: float  # where the smoothed loss falls fastest per decade
    minimum: float  # where it has fallen to its minimum, but for half a percent of the fall
    diverged: bool  # whether the test ended before the last rate

    @property
    def suggested(self) -> float:
        """A tenth of the rate of the minimum: there the loss is about to rise."""
        return self.minimum / 10.0

    @property
    def low(self) -> float:
        """The lower end of the range that is worth searching, half a decade below `suggested`."""
        return self.suggested / math.sqrt(10.0)

    @property
    def high(self) -> float:
        """Its upper end, half a decade above."""
        return self.suggested * math.sqrt(10.0)


def of_model(
    model: Model, split: Split, recipe: Recipe, rates: Sequence[float], generator: torch.Generator
) -> RangeTest:
    """The range test of a network of ours; `rates` (n,) rise, and take the place of the recipe's."""
    parameters = [value.to(split.train_inputs.device).requires_grad_() for value in model.initialise(generator)]

    def loss_of(inputs: Tensor, labels: Tensor) -> Tensor:
        return cross_entropy(model.logits(parameters, inputs, generator), labels)

    return range_test(loss_of, parameters, split.train_inputs, split.train_labels, recipe, rates, generator)


def range_test(
    loss_of: LossOf,
    parameters: list[Tensor],
    inputs: Tensor,
    targets: Tensor,
    recipe: Recipe,
    rates: Sequence[float],
    generator: torch.Generator,
) -> RangeTest:
    """One update of `parameters`, in place, with each of `rates`; cases come in a new order in each pass over them.

    Raises `NoLoss` where the first losses are not finite, or none is smaller than the first.
    """
    momenta = [torch.zeros_like(parameter) for parameter in parameters] if recipe.momentum > 0.0 else []
    losses: list[float] = []
    smoothed: list[float] = []
    average = 0.0
    for rate, chosen in zip(rates, _batches(len(inputs), recipe.batch_size, generator), strict=False):
        loss = loss_of(inputs[chosen.to(inputs.device)], targets[chosen.to(inputs.device)])
        if not math.isfinite(loss.item()):
            break
        losses.append(loss.item())
        average = BETA * average + (1.0 - BETA) * losses[-1]
        smoothed.append(average / (1.0 - BETA ** len(losses)))
        if smoothed[-1] > DIVERGED * min(smoothed):
            break
        update_in_place(parameters, torch.autograd.grad(loss, parameters), momenta, rate, recipe)
    return read(np.array(rates[: len(losses)]), np.array(losses), np.array(smoothed), len(losses) < len(rates))


def read(rates: Floats, losses: Floats, smoothed: Floats, diverged: bool) -> RangeTest:
    """What a curve suggests; raises `NoLoss` where it suggests nothing."""
    if not len(losses):
        raise NoLoss("the loss is no finite number before the first update")
    x = np.log10(rates)
    # the first average of many losses that are worth as much as their number
    settled = min(round(1.0 / (1.0 - BETA)), len(x) - 1)
    floor = float(smoothed.min())
    # not argmin: an easy training is through before the rate is too large, and its loss creeps on towards 0
    lowest = int((smoothed <= floor + END * (smoothed[settled] - floor)).argmax())
    centres = [i for i in range(settled, lowest + 1) if x[i] - WINDOW >= x[settled]]
    if not centres or not floor < smoothed[settled]:
        raise NoLoss(f"the loss never fell between the rates {rates[0]:.0e} and {rates[-1]:.0e}")
    slopes = []
    for i in centres:
        near = np.abs(x - x[i]) <= WINDOW
        slopes.append(np.polyfit(x[near], smoothed[near], 1)[0])
    steepest = centres[int(np.argmin(slopes))]
    return RangeTest(rates, losses, smoothed, float(rates[steepest]), float(rates[lowest]), diverged)


def _batches(cases: int, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Indices of batches without end."""
    while True:
        yield from torch.split(torch.randperm(cases, generator=generator), size)
