"""A network with one hidden layer, as Bergstra & Bengio (2012) train it, with its gradients written out.

| symbol | meaning |
|---|---|
| `n`, `p`, `h`, `c` | cases of a batch, inputs, hidden units, classes |

Written out, because for networks this small most of autograd's time is bookkeeping: an update takes a third of it.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Generator, Tensor

# Each with its derivative, as a function of its value.
Activation = tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]
ACTIVATIONS: Mapping[str, Activation] = {
    "sigmoid": (torch.sigmoid, lambda value: value * (1.0 - value)),
    "tanh": (torch.tanh, lambda value: 1.0 - value * value),
}


def _normal(rows: int, columns: int, generator: Generator) -> Tensor:
    return torch.randn(rows, columns, generator=generator, dtype=torch.float32)


def _uniform(rows: int, columns: int, generator: Generator) -> Tensor:
    return torch.rand(rows, columns, generator=generator, dtype=torch.float32) * 2.0 - 1.0


# The shapes of initial weights: N(0, 1) and U(−1, 1).
DISTRIBUTIONS: Mapping[str, Callable[[int, int, Generator], Tensor]] = {"normal": _normal, "uniform": _uniform}


@dataclass(frozen=True)
class OneHidden:
    """Inputs, `hidden` units, and a softmax."""

    inputs: int
    classes: int
    hidden: int
    activation: str
    weight_distribution: str
    weight_scale: float | None  # c of c/√fan_in; None: √6/√(fan_in + fan_out) (Glorot & Bengio 2010)

    def initialise(self, generator: Generator) -> list[Tensor]:
        """Weights (out, in) of both layers from the same distribution and rule, biases of 0."""
        draw = DISTRIBUTIONS[self.weight_distribution]
        parameters = []
        for fan_in, fan_out in pairwise((self.inputs, self.hidden, self.classes)):
            scale = (
                math.sqrt(6.0 / (fan_in + fan_out)) if self.weight_scale is None else self.weight_scale / fan_in**0.5
            )
            parameters += [draw(fan_out, fan_in, generator) * scale, torch.zeros(fan_out, dtype=torch.float32)]
        return parameters

    def logits(self, parameters: Sequence[Tensor], inputs: Tensor, generator: Generator | None) -> Tensor:
        """Scores (n, c) of `inputs` (n, p); training and use are the same."""
        weights, bias, out_weights, out_bias = parameters
        hidden = ACTIVATIONS[self.activation][0](torch.addmm(bias, inputs, weights.T))
        return torch.addmm(out_bias, hidden, out_weights.T)

    @torch.no_grad()
    def gradients(
        self, parameters: Sequence[Tensor], inputs: Tensor, labels: Tensor, generator: Generator
    ) -> Sequence[Tensor]:
        """Of the mean cross-entropy of a batch with respect to each parameter."""
        weights, bias, out_weights, out_bias = parameters
        activate, derivative = ACTIVATIONS[self.activation]
        hidden = activate(torch.addmm(bias, inputs, weights.T))  # (n, h)
        delta = torch.softmax(torch.addmm(out_bias, hidden, out_weights.T), dim=1)  # (n, c)
        delta[torch.arange(len(labels), device=labels.device), labels] -= 1.0
        delta /= len(labels)
        back = (delta @ out_weights) * derivative(hidden)  # (n, h)
        return [back.T @ inputs, back.sum(0), delta.T @ hidden, delta.sum(0)]
