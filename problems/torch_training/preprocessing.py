"""What is done to the inputs before a training; everything is learnt from the training cases alone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

import torch
from torch import Tensor

from problems.torch_training.data import Split


def untouched(split: Split, kept: float) -> Split:
    """The inputs as they are."""
    return split


def normalised(split: Split, kept: float) -> Split:
    """Every feature with mean 0 and standard deviation 1; one that never varies is only centred."""
    mean, std = split.train_inputs.mean(0), split.train_inputs.std(0, correction=0)
    std = torch.where(std > 0.0, std, 1.0)
    return _mapped(split, lambda inputs: (inputs - mean) / std)


def scaled(split: Split) -> Split:
    """All inputs by one mean and one standard deviation, those of all training pixels: an image stays an image."""
    mean, std = split.train_inputs.mean(), split.train_inputs.std(correction=0)
    return _mapped(split, lambda inputs: (inputs - mean) / std)


def rotated(split: Split, kept: float) -> Split:
    """The first principal components: the fewest with the share `kept` of the variance, not rescaled."""
    mean, axes, shares = principal_axes(split)
    count = int((shares.cumsum(0) < kept * (1.0 - 1e-6)).sum()) + 1  # with a margin for rounding at kept = 1
    chosen = axes[:, :count]
    return _mapped(split, lambda inputs: (inputs - mean) @ chosen)


@lru_cache(maxsize=2)
def principal_axes(split: Split) -> tuple[Tensor, Tensor, Tensor]:
    """Mean (p,), axes (p, p) as columns, largest variance first, and each one's share (p,) of the variance."""
    mean = split.train_inputs.mean(0)
    centred = split.train_inputs.double() - mean.double()
    variance, axes = torch.linalg.eigh(centred.T @ centred)
    shares = variance.flip(0).clamp(min=0.0) / variance.sum()
    return mean, axes.flip(1).float(), shares


def _mapped(split: Split, change: Callable[[Tensor], Tensor]) -> Split:
    return replace(split, train_inputs=change(split.train_inputs), held_out_inputs=change(split.held_out_inputs))


PREPROCESSING: Mapping[str, Callable[[Split, float], Split]] = {
    "none": untouched,
    "normalise": normalised,
    "pca": rotated,
}
