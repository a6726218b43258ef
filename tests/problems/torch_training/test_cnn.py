"""The convolutional networks: the same arithmetic as torch's modules, and every hyperparameter is felt."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from problems.base import Evaluation  # noqa: E402  after the skip
from problems.registry import ProblemEntry, problem_entry, problems  # noqa: E402
from problems.space import Config  # noqa: E402
from problems.testing import CHECKS, check_space  # noqa: E402
from problems.torch_training.cnn_problems import CNN_HYPERPARAMETERS, CnnProblem, Images, cnn  # noqa: E402
from problems.torch_training.convolutional import Cnn  # noqa: E402
from problems.torch_training.network_tasks import ImageTask  # noqa: E402

DEFAULTS: Config = {parameter.name: default for parameter, default in CNN_HYPERPARAMETERS}
BRISK = DEFAULTS | {"epochs": 3, "learning_rate": 0.03, "log2_batch_size": 6}


def made(name: str = "cnn-digits", dim: int = 10, instance: int = 0) -> CnnProblem:
    problem = problem_entry(name).make(dim, instance, np.random.default_rng(dim))
    assert isinstance(problem, CnnProblem)
    return problem


def looks(problem: CnnProblem, **settings: Any) -> list[Evaluation]:
    return list(problem.observe(settings, np.random.default_rng(0)))


def on_few_digits(name: str, dim: int, instance: int, rng: np.random.Generator) -> CnnProblem:
    few = Images(ImageTask("digits", 1, 60, 30, 30))
    return replace(cnn("cnn-digits", dim, instance, rng), name=name, images=few)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
@pytest.mark.parametrize("dim", [1, 10])
def test_contract_on_fewer_cases(dim: int, check: Callable[[ProblemEntry, int], None]) -> None:
    check(ProblemEntry("few", f"{__name__}:on_few_digits", "", looks=True), dim)


@pytest.mark.parametrize("name", [name for name in problems() if name.startswith("cnn-")])
def test_all_are_made_alike(name: str) -> None:
    entry, digits = problem_entry(name), problem_entry("cnn-digits")
    assert (entry.factory, entry.max_dim, entry.looks) == (digits.factory, digits.max_dim, True)
    check_space(entry, 7)


@pytest.fixture(scope="module")
def full() -> CnnProblem:
    return made()


def test_defaults_are_values_of_their_parameters() -> None:
    assert all(parameter.contains(default) for parameter, default in CNN_HYPERPARAMETERS)


@pytest.mark.parametrize(
    ("name", "chance", "learned"), [("digits", 0.9, 0.15), ("rectangles", 0.5, 0.1), ("convex", 0.5, 0.38)]
)
def test_a_sensible_config_learns_in_one_look_per_epoch(name: str, chance: float, learned: float) -> None:
    curve = looks(made(f"cnn-{name}"), **DEFAULTS | {"learning_rate": 0.02})
    assert len(curve) == 10
    assert {look.cost for look in curve} == {0.1}
    assert curve[-1].value < learned < chance
    assert curve[-1].test_value == pytest.approx(curve[-1].value, abs=0.08)


def test_the_data_are_the_same_in_every_dimension_and_others_in_another_instance(full: CnnProblem) -> None:
    few = made(dim=2)
    assert few.space.names == ("learning_rate", "log2_batch_size")
    assert torch.equal(few.split.train_inputs, full.split.train_inputs)
    assert not torch.equal(made(instance=1).split.train_inputs, full.split.train_inputs)
    config = {name: BRISK[name] for name in few.space.names}
    assert looks(few, **config)[0] == looks(full, **DEFAULTS | config)[0]


def test_pixels_are_scaled_as_one(full: CnnProblem) -> None:
    inputs = full.split.train_inputs
    assert (inputs.mean().item(), inputs.std().item()) == pytest.approx((0, 1), abs=1e-4)
    assert inputs.unique().numel() == 17  # grey levels: no pixel has a scale of its own


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 1e-4),
        ("log2_batch_size", 5),
        ("epochs", 2),
        ("channels", 5),
        ("convolutions", 3),
        ("dropout", 0.8),
        ("one_minus_momentum", 1.0),
        ("weight_decay", 1e-2),
        ("schedule", "cosine"),
        ("activation", "silu"),
    ],
)
def test_every_hyperparameter_has_an_effect(name: str, value: Any, full: CnnProblem) -> None:
    changed, unchanged = looks(full, **BRISK | {name: value}), looks(full, **BRISK)
    assert [(look.value, look.test_value) for look in changed] != [(look.value, look.test_value) for look in unchanged]


@pytest.mark.parametrize(("side", "colours", "layers"), [(8, 1, 3), (14, 1, 2), (8, 3, 1)])
def test_it_is_the_network_that_torch_modules_make(side: int, colours: int, layers: int) -> None:
    generator = torch.Generator().manual_seed(0)
    model = Cnn(side, colours, 10, layers, channels=6, dropout=0.0, activation="gelu")
    parameters = model.initialise(generator)
    inputs = torch.randn(20, colours * side * side, generator=generator)
    nn, stack, channels = torch.nn, [], colours
    with torch.random.fork_rng(devices=[]):
        for _ in range(layers):
            stack += [nn.Conv2d(channels, 6, 3, padding="same"), nn.MaxPool2d(2), nn.GELU()]
            channels = 6
        network = nn.Sequential(nn.Unflatten(1, (colours, side, side)), *stack, nn.Flatten(), nn.LazyLinear(10))
        network(inputs)
    with torch.no_grad():
        for theirs, ours in zip(network.parameters(), parameters, strict=True):
            theirs.copy_(ours)
        torch.testing.assert_close(model.logits(parameters, inputs, None), network(inputs))


def test_a_fresh_network_neither_swells_nor_fades() -> None:
    """He's initial weights keep the size of what passes through a ReLU; pooling by the maximum adds a little."""
    generator = torch.Generator().manual_seed(0)
    model = Cnn(side=8, colours=1, classes=10, layers=3, channels=32, dropout=0.0, activation="relu")
    logits = model.logits(model.initialise(generator), torch.randn(500, 64, generator=generator), None)
    assert 0.5 < logits.std().item() < 4.0


def test_dropout_is_drawn_in_training_alone() -> None:
    generator = torch.Generator().manual_seed(0)
    model = Cnn(side=8, colours=1, classes=10, layers=1, channels=4, dropout=0.5, activation="relu")
    parameters, inputs = model.initialise(generator), torch.randn(5, 64, generator=generator)
    assert torch.equal(model.logits(parameters, inputs, None), model.logits(parameters, inputs, None))
    first, second = (model.logits(parameters, inputs, generator) for _ in range(2))
    assert not torch.equal(first, second)
