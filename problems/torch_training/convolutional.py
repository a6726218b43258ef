"""A small convolutional network, as data and pure functions like those of `models`.

| symbol | meaning |
|---|---|
| `n`, `c`, `s` | cases of a batch, colours of an image, its side |
| `k` | channels of every convolution |
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional

from problems.torch_training.models import ACTIVATIONS, dropped

KERNEL = 3  # pixels, with a margin of 1, so that a convolution keeps the side
POOL = 2  # by what each layer divides the side, rounded down


@dataclass(frozen=True)
class Cnn:
    """`layers` times convolution, max-pooling and activation; then dropout and one linear layer to the classes.

    Takes images as rows of pixels (n, c·s²), colour by colour. `layers` is at most log2 of the side.
    """

    side: int
    colours: int
    classes: int
    layers: int
    channels: int
    dropout: float  # probability that a number that the linear layer sees is left out
    activation: str

    def initialise(self, generator: Generator) -> list[Tensor]:
        """Weights from N(0, 2/fan_in) (He et al. 2015) and biases of 0, layer by layer."""
        shapes: list[tuple[int, ...]] = [
            (self.channels, self.channels if layer else self.colours, KERNEL, KERNEL) for layer in range(self.layers)
        ]
        shapes.append((self.classes, self.channels * (self.side // POOL**self.layers) ** 2))
        parameters = []
        for shape in shapes:
            weights = torch.randn(shape, generator=generator, dtype=torch.float32)
            fan_in = weights[0].numel()
            parameters += [weights * (2.0 / fan_in) ** 0.5, torch.zeros(shape[0], dtype=torch.float32)]
        return parameters

    def logits(self, parameters: Sequence[Tensor], inputs: Tensor, generator: Generator | None) -> Tensor:
        """Scores (n, classes) of `inputs` (n, c·s²); with a generator as in training, without as in use."""
        activate = ACTIVATIONS[self.activation]
        hidden = inputs.view(-1, self.colours, self.side, self.side)
        for i in range(0, len(parameters) - 2, 2):
            convolved = functional.conv2d(hidden, parameters[i], parameters[i + 1], padding=KERNEL // 2)
            hidden = activate(functional.max_pool2d(convolved, POOL))  # (n, k, s/2, s/2), (n, k, s/4, s/4), …
        flat = hidden.flatten(1)
        if generator is not None and self.dropout > 0.0:
            flat = dropped(flat, self.dropout, generator)
        return functional.linear(flat, parameters[-2], parameters[-1])

    def gradients(
        self, parameters: Sequence[Tensor], inputs: Tensor, labels: Tensor, generator: Generator
    ) -> Sequence[Tensor]:
        """Of the mean cross-entropy of a batch with respect to each parameter."""
        loss = functional.cross_entropy(self.logits(parameters, inputs, generator), labels)
        return torch.autograd.grad(loss, parameters)
