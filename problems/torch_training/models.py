"""Networks as data and pure functions: parameters are a list of tensors, and dropout draws from a generator.

Not `torch.nn` modules: those draw their initial weights and dropout masks from torch's global random state.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import torch
from torch import Generator, Tensor
from torch.nn import functional

ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "gelu": functional.gelu,
    "silu": functional.silu,
}


class Model(Protocol):
    """What `training` needs of a network."""

    def initialise(self, generator: Generator) -> list[Tensor]:
        """Fresh parameters."""
        ...

    def logits(self, parameters: Sequence[Tensor], inputs: Tensor, generator: Generator | None) -> Tensor:
        """Scores (n, classes) of `inputs` (n, features); with a generator as in training, without as in use."""
        ...

    def gradients(
        self, parameters: Sequence[Tensor], inputs: Tensor, labels: Tensor, generator: Generator
    ) -> Sequence[Tensor]:
        """Of the mean cross-entropy of a batch with respect to each parameter."""
        ...


def dropped(hidden: Tensor, share: float, generator: Generator) -> Tensor:
    """`hidden` without a random `share` in [0, 1) of its numbers, the others enlarged so that the mean stays."""
    kept = torch.empty(hidden.shape, dtype=hidden.dtype).bernoulli_(1.0 - share, generator=generator)
    return hidden * kept.div_(1.0 - share).to(hidden.device)


@dataclass(frozen=True)
class Mlp:
    """A multilayer perceptron with hidden layers of these `widths`, each followed by dropout."""

    inputs: int
    classes: int
    widths: tuple[int, ...]
    dropout: float  # probability that a hidden unit is left out
    activation: str

    def initialise(self, generator: Generator) -> list[Tensor]:
        """Weights (out, in) from N(0, 2/in) (He et al. 2015) and biases of 0, layer by layer."""
        sizes = [self.inputs, *self.widths, self.classes]
        parameters = []
        for fan_in, fan_out in pairwise(sizes):
            weights = torch.randn(fan_out, fan_in, generator=generator, dtype=torch.float32)
            parameters += [weights * (2.0 / fan_in) ** 0.5, torch.zeros(fan_out, dtype=torch.float32)]
        return parameters

    def logits(self, parameters: Sequence[Tensor], inputs: Tensor, generator: Generator | None) -> Tensor:
        """Scores (n, classes) of `inputs` (n, features); with a generator as in training, without as in use."""
        activate = ACTIVATIONS[self.activation]
        hidden = inputs
        for i in range(0, len(parameters) - 2, 2):
            hidden = activate(functional.linear(hidden, parameters[i], parameters[i + 1]))
            if generator is not None and self.dropout > 0.0:
                hidden = dropped(hidden, self.dropout, generator)
        return functional.linear(hidden, parameters[-2], parameters[-1])

    def gradients(
        self, parameters: Sequence[Tensor], inputs: Tensor, labels: Tensor, generator: Generator
    ) -> Sequence[Tensor]:
        """Of the mean cross-entropy of a batch with respect to each parameter."""
        loss = functional.cross_entropy(self.logits(parameters, inputs, generator), labels)
        return torch.autograd.grad(loss, parameters)
