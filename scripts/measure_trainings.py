"""What our training loop costs beside a minimal one written by hand with torch.nn and torch.optim.SGD.

python scripts/measure_trainings.py [PROBLEM…]: processor time of whole trainings on one thread, the two in turns on the
same data; docs/trainings.md holds what came of it. Both train as many epochs and look at validation and test errors as
often. The minimal loop uses torch's fused update, too; it has no early stopping, no schedules, no checks, and no
generator of its own.
"""

import os
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))  # before numpy loads

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from problems.base import Problem
from problems.registry import problem_entry
from problems.space import Config
from problems.torch_training.data import Split
from problems.torch_training.network_data import network_split
from problems.torch_training.networks import BATCH_SIZES, HYPERPARAMETERS, NetworkProblem
from problems.torch_training.sgd_problem import SgdProblem

ROUNDS = 15
NAMES = ("mlp-digits", "nnet-digits", "nnet-rectangles", "nnet-convex", "cnn-digits", "cnn-rectangles", "cnn-convex")


def minimal(
    network: nn.Module, split: Split, epochs: int, batch: int, look: slice, **settings: float
) -> tuple[float, float]:
    """Train, and return the errors of validation and test cases after the last epoch."""
    optimiser = torch.optim.SGD(network.parameters(), fused=True, **settings)
    inputs, labels, size = split.train_inputs, split.train_labels, split.validation_size
    errors = 1.0, 1.0
    for _ in range(epochs):
        for chosen in torch.randperm(len(labels)).split(batch):
            optimiser.zero_grad()
            cross_entropy(network(inputs[chosen]), labels[chosen]).backward()
            optimiser.step()
        with torch.no_grad():
            wrong = network(split.held_out_inputs[look]).argmax(1) != split.held_out_labels[look]
            errors = wrong[:size].float().mean().item(), wrong[size:].float().mean().item()
    return errors


def one_hidden(split: Split, settings: Config) -> nn.Module:
    hidden = settings["hidden_units"]
    return nn.Sequential(nn.Linear(split.train_inputs.shape[1], hidden), nn.Tanh(), nn.Linear(hidden, split.classes))


def perceptron(problem: SgdProblem, settings: Config) -> nn.Module:
    features, width = problem.split.train_inputs.shape[1], settings["width"]
    return nn.Sequential(nn.Linear(features, width), nn.ReLU(), nn.Linear(width, problem.split.classes))


def convolutional(problem: SgdProblem, settings: Config) -> nn.Module:
    side, channels = problem.model(settings).side, settings["channels"]  # type: ignore[attr-defined]
    return nn.Sequential(
        nn.Unflatten(1, (1, side, side)),
        nn.Conv2d(1, channels, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(channels, channels, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(channels * (side // 4) ** 2, problem.split.classes),
    )  # fmt: skip


NETWORKS: Mapping[str, Callable[[SgdProblem, Config], nn.Module]] = {"mlp": perceptron, "cnn": convolutional}


def by_hand(problem: Problem, epochs: int) -> Callable[[], object]:
    """The same training as that of the defaults, without this repository."""
    everything = slice(None)
    if isinstance(problem, NetworkProblem):
        settings = {parameter.name: default for parameter, default in HYPERPARAMETERS}
        split = network_split(problem.task, problem.instance)
        batch = BATCH_SIZES[int(np.random.default_rng(0).integers(len(BATCH_SIZES)))]
        validation = slice(split.validation_size)  # the test cases are asked once, at the end
        return lambda: minimal(
            one_hidden(split, settings), split, epochs, batch, validation, lr=settings["learning_rate"]
        )
    assert isinstance(problem, SgdProblem)
    settings = {parameter.name: default for parameter, default in problem.hyperparameters}
    build = NETWORKS[problem.name[:3]]
    return lambda: minimal(
        build(problem, settings), problem.split, epochs, 2 ** settings["log2_batch_size"], everything,
        lr=settings["learning_rate"], momentum=1 - settings["one_minus_momentum"],
        weight_decay=settings["weight_decay"],
    )  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def main() -> None:
    torch.set_num_threads(1)
    print("| problem | epochs | ours, ms | minimal, ms | ratio |\n|---|---|---|---|---|")
    for name in sys.argv[1:] or NAMES:
        problem = problem_entry(name).make(1, 0, np.random.default_rng(0))
        ours: Callable[[], list[object]] = lambda problem=problem: list(  # noqa: E731
            problem.observe({}, np.random.default_rng(0))
        )
        epochs = len(ours())
        theirs = by_hand(problem, epochs)
        theirs()
        pairs = np.array([(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)])  # (rounds, 2)
        ratio = median((pairs[:, 0] / pairs[:, 1]).tolist())
        first, second = 1e3 * np.median(pairs, axis=0)
        print(f"| {name} | {epochs} | {first:.0f} | {second:.0f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
