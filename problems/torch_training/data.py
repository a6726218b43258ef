"""Data sets as tensors: split, standardised, and made once per problem instance."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor

from problems.torch_training.device import device

TRAIN_SIZE, VALIDATION_SIZE = 800, 400  # of the 1797 digits; the other 597 are the test part


@dataclass(frozen=True, eq=False)
class Split:
    """One data set in three parts; validation and test cases lie together, since they are always predicted together."""

    train_inputs: Tensor  # (n, features) float32
    train_labels: Tensor  # (n,) int64
    held_out_inputs: Tensor  # (v + t, features) float32; the first v are for validation
    held_out_labels: Tensor  # (v + t,) int64
    validation_size: int  # v
    classes: int


@cache
def raw_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Scikit-learn's bundled 8×8 digits: pixels (1797, 64) in 0..16, and classes (1797,); read only."""
    digits = load_digits()
    digits.data.setflags(write=False)
    digits.target.setflags(write=False)
    return digits.data, digits.target


def split_indices(labels: NDArray[np.int64], seed: int) -> tuple[NDArray[np.int64], ...]:
    """Indices of the training, validation and test cases, each with the classes in equal shares."""
    train, rest = train_test_split(
        np.arange(len(labels)), train_size=TRAIN_SIZE, stratify=labels, random_state=seed, shuffle=True
    )
    validation, test = train_test_split(
        rest, train_size=VALIDATION_SIZE, stratify=labels[rest], random_state=seed, shuffle=True
    )
    return train, validation, test


def digits_split(seed: int) -> Split:
    """The digits, split by `seed` and standardised by the training cases."""
    pixels, labels = raw_digits()
    train, validation, test = split_indices(labels, seed)
    mean, std = pixels[train].mean(axis=0), pixels[train].std(axis=0)  # (64,)
    inputs = (pixels - mean) / np.where(std > 0.0, std, 1.0)  # some pixels of the margin are always 0
    held_out = np.concatenate([validation, test])
    return Split(
        train_inputs=torch.tensor(inputs[train], dtype=torch.float32, device=device()),
        train_labels=torch.tensor(labels[train], device=device()),
        held_out_inputs=torch.tensor(inputs[held_out], dtype=torch.float32, device=device()),
        held_out_labels=torch.tensor(labels[held_out], device=device()),
        validation_size=len(validation),
        classes=int(labels.max()) + 1,
    )
