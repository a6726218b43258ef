"""The data of the neural-network problems: drawn or read, shrunk, in three parts, with pixels in [0, 1]."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray

from problems.torch_training import files, images
from problems.torch_training.data import Split, raw_digits
from problems.torch_training.device import device
from problems.torch_training.network_tasks import ImageTask

Cases = tuple[NDArray[np.float32], NDArray[np.int64]]  # pixels (n, features) in [0, 1], labels (n,)

SIDE = 28  # of the images that are made


def _made(recipe: Callable[[int, int, Generator], tuple[images.Masks, images.Labels]]) -> Callable[..., Cases]:
    """A source that draws new images; smaller ones are drawn smaller."""

    def draw(count: int, shrink: int, rng: Generator) -> Cases:
        masks, labels = recipe(count, SIDE // shrink, rng)
        return masks.reshape(count, -1).astype(np.float32), labels

    return draw


def digits(count: int, shrink: int, rng: Generator) -> Cases:
    """Some of scikit-learn's digits, in random order."""
    pixels, labels = raw_digits()
    return _some(count, shrink, pixels.reshape(-1, 8, 8) / 16.0, labels, rng)


def mnist(count: int, shrink: int, rng: Generator) -> Cases:
    """Some of the user's MNIST images, in random order."""
    pixels, labels = files.mnist()
    return _some(count, shrink, pixels, labels, rng)


def cifar10(count: int, shrink: int, rng: Generator) -> Cases:
    """Some of the user's CIFAR-10 images, in random order."""
    pixels, labels = files.cifar10()
    return _some(count, shrink, pixels, labels, rng)


def _some(count: int, shrink: int, pixels: NDArray[np.generic], labels: NDArray[np.int64], rng: Generator) -> Cases:
    """`count` images (n, …, side, side), drawn without replacement and shrunk by the mean; bytes become shares of 255.

    Raises ValueError where there are fewer.
    """
    if count > len(labels):
        raise ValueError(f"{count} images are needed and there are {len(labels)}; use the full data set's files")
    chosen = rng.permutation(len(labels))[:count]
    scale = 255.0 if pixels.dtype == np.uint8 else 1.0
    picked = pixels[chosen].astype(np.float32) / np.float32(scale)
    side = picked.shape[-1] // shrink
    blocks = picked.reshape(*picked.shape[:-2], side, shrink, side, shrink)
    return blocks.mean(axis=(-3, -1), dtype=np.float32).reshape(count, -1), labels[chosen]


SOURCES: Mapping[str, Callable[[int, int, Generator], Cases]] = {
    "rectangles": _made(images.rectangles),
    "convex": _made(images.convex_like),
    "digits": digits,
    "mnist": mnist,
    "cifar10": cifar10,
}


@lru_cache(maxsize=2)
def network_split(task: ImageTask, number: int) -> Split:
    """Data set `number` of a task: the same cases for whoever asks, as if they had been published."""
    count = task.train + task.validation + task.test
    inputs, labels = SOURCES[task.data](count, task.shrink, np.random.default_rng(number))
    return Split(
        train_inputs=torch.tensor(inputs[: task.train], device=device()),
        train_labels=torch.tensor(labels[: task.train], device=device()),
        held_out_inputs=torch.tensor(inputs[task.train :], device=device()),
        held_out_labels=torch.tensor(labels[task.train :], device=device()),
        validation_size=task.validation,
        classes=int(labels.max()) + 1,
    )
