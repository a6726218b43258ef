"""Trainings learn, diverge visibly, repeat exactly, and feel every hyperparameter."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from problems.base import Evaluation  # noqa: E402  after the skip
from problems.registry import problem_entry  # noqa: E402
from problems.space import Config  # noqa: E402
from problems.torch_training.models import Mlp  # noqa: E402
from problems.torch_training.problems import MLP_HYPERPARAMETERS, MlpDigits  # noqa: E402
from problems.torch_training.training import SCHEDULES, Recipe, train  # noqa: E402

SENSIBLE: Config = {parameter.name: default for parameter, default in MLP_HYPERPARAMETERS} | {"epochs": 5}


def digits(dim: int = 10, instance: int = 0) -> MlpDigits:
    problem = problem_entry("mlp-digits").make(dim, instance, np.random.default_rng(instance))
    assert isinstance(problem, MlpDigits)
    return problem


def looks(problem: MlpDigits, seed: int = 0, **settings: Any) -> list[Evaluation]:
    return list(problem.observe(settings, np.random.default_rng(seed)))


@pytest.fixture(scope="module")
def full() -> MlpDigits:
    return digits()


def test_defaults_are_values_of_their_parameters() -> None:
    assert all(parameter.contains(default) for parameter, default in MLP_HYPERPARAMETERS)


def test_a_sensible_config_learns(full: MlpDigits) -> None:
    curve = looks(full, **SENSIBLE)
    assert curve[-1].value < 0.10
    assert curve[-1].value < curve[0].value
    assert curve[-1].test_value is not None
    assert abs(curve[-1].test_value - curve[-1].value) < 0.06


def test_one_look_per_epoch(full: MlpDigits) -> None:
    curve = looks(full, **SENSIBLE)
    assert len(curve) == 5
    assert {look.cost for look in curve} == {0.2}
    assert {look.true_value for look in curve} == {None}
    # shares of 400 and 597 cases
    assert all(look.value * 400 == pytest.approx(round(look.value * 400)) for look in curve)
    assert all((look.test_value or 0.0) * 597 == pytest.approx(round((look.test_value or 0.0) * 597)) for look in curve)


def test_the_training_error_comes_on_request_and_changes_no_other(full: MlpDigits) -> None:
    watched = replace(problem_entry("mlp-digits"), options={"with_training": True}).make(
        10, 0, np.random.default_rng(0)
    )
    settings = SENSIBLE | {"dropout": 0.3}
    asked = list(watched.observe(settings, np.random.default_rng(3)))
    plain = looks(full, 3, **settings)
    assert [replace(look, train_value=None) for look in asked] == plain
    errors = [look.train_value for look in asked]
    assert all(error is not None and error * 800 == pytest.approx(round(error * 800)) for error in errors)
    wrong = full.case_losses(settings, np.random.default_rng(3)).train
    assert errors[-1] == wrong.mean()


def test_a_diverged_training_ends_with_nan(full: MlpDigits) -> None:
    curve = looks(full, **SENSIBLE | {"learning_rate": 1.0, "one_minus_momentum": 1e-3, "hidden_layers": 4})
    assert math.isnan(curve[-1].value)
    assert len(curve) < 5


@pytest.mark.parametrize("dim", range(1, 11))
def test_the_first_dimensions_are_searched_and_the_rest_stay_at_their_defaults(dim: int, full: MlpDigits) -> None:
    problem = digits(dim)
    assert problem.space.names == tuple(parameter.name for parameter, _ in MLP_HYPERPARAMETERS[:dim])
    defaults: Config = {parameter.name: default for parameter, default in MLP_HYPERPARAMETERS}
    config = {name: defaults[name] for name in problem.space.names}
    assert looks(problem, **config) == looks(full, **defaults)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 1e-4),
        ("log2_batch_size", 8),
        ("epochs", 3),
        ("hidden_layers", 3),
        ("width", 16),
        ("dropout", 0.8),
        ("one_minus_momentum", 1.0),
        ("weight_decay", 1e-2),
        ("schedule", "cosine"),
        ("activation", "silu"),
    ],
)
def test_every_hyperparameter_has_an_effect(name: str, value: Any, full: MlpDigits) -> None:
    brisk = SENSIBLE | {"learning_rate": 0.05, "epochs": 8}  # long enough for the weight decay to be felt
    changed, unchanged = looks(full, **brisk | {name: value}), looks(full, **brisk)
    assert [(look.value, look.test_value) for look in changed] != [(look.value, look.test_value) for look in unchanged]


@pytest.mark.parametrize("choice", [("schedule", "step"), ("schedule", "warm-up"), ("activation", "gelu")])
def test_every_choice_learns(choice: tuple[str, str], full: MlpDigits) -> None:
    assert looks(full, **SENSIBLE | dict([choice]))[-1].value < 0.15


def test_only_the_given_stream_counts(full: MlpDigits) -> None:
    config = SENSIBLE | {"dropout": 0.3, "epochs": 2}
    first = looks(full, **config)
    state = torch.get_rng_state()
    try:
        torch.manual_seed(123)
        before = torch.get_rng_state()
        assert looks(full, **config) == first
        assert torch.equal(before, torch.get_rng_state())
    finally:
        torch.set_rng_state(state)
    assert looks(full, seed=1, **config) != first


def test_another_default_dtype_changes_nothing(full: MlpDigits) -> None:
    first = looks(full, **SENSIBLE)
    torch.set_default_dtype(torch.float64)
    try:
        assert looks(full, **SENSIBLE) == first
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_paused_training_leaves_no_torch_mode_behind(full: MlpDigits) -> None:
    trial = full.observe(SENSIBLE, np.random.default_rng(0))
    alone = [look.value for look in full.observe(SENSIBLE, np.random.default_rng(0))]
    values = []
    for look in trial:
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
        values.append(look.value)
        next(full.observe(SENSIBLE, np.random.default_rng(1)))  # another training in between
    assert values == alone


@pytest.mark.parametrize(
    ("name", "multipliers"),  # at 1 %, 5 %, 49 %, 50 %, 74 %, 75 %, 100 %
    [
        ("constant", [1, 1, 1, 1, 1, 1, 1]),
        ("step", [1, 1, 1, 0.1, 0.1, 0.01, 0.01]),
        ("cosine", [0.99975, 0.99384, 0.51571, 0.5, 0.15773, 0.14645, 0]),
        ("warm-up", [0.1, 0.5, 1, 1, 1, 1, 1]),
    ],
)
def test_schedules(name: str, multipliers: list[float]) -> None:
    progress = (0.01, 0.05, 0.49, 0.5, 0.74, 0.75, 1.0)
    assert [SCHEDULES[name](share) for share in progress] == pytest.approx(multipliers, abs=1e-4)


def test_updates_are_those_of_torch_sgd(full: MlpDigits) -> None:
    """Errors after two epochs against `torch.optim.SGD` on the same draws."""
    model = Mlp(inputs=64, classes=10, widths=(32, 32), dropout=0.0, activation="relu")
    recipe = Recipe(learning_rate=0.02, batch_size=50, epochs=2, momentum=0.9, weight_decay=1e-3, schedule="constant")
    ours = list(train(model, full.split, recipe, torch.Generator().manual_seed(5)))[-1]

    generator = torch.Generator().manual_seed(5)
    parameters = [parameter.requires_grad_() for parameter in model.initialise(generator)]
    sgd = torch.optim.SGD(parameters, lr=0.02, momentum=0.9, weight_decay=1e-3)
    for _ in range(2):
        for batch in torch.randperm(800, generator=generator).split(50):
            sgd.zero_grad()
            logits = model.logits(parameters, full.split.train_inputs[batch], None)
            torch.nn.functional.cross_entropy(logits, full.split.train_labels[batch]).backward()
            sgd.step()
    wrong = model.logits(parameters, full.split.held_out_inputs, None).argmax(1) != full.split.held_out_labels
    assert ours.validation == pytest.approx(wrong[:400].double().mean().item(), abs=1e-9)


def test_dropout_keeps_the_mean_and_leaves_out_its_share() -> None:
    model = Mlp(inputs=4, classes=500, widths=(500,), dropout=0.75, activation="relu")
    parameters = [torch.ones(500, 4), torch.zeros(500), torch.eye(500), torch.zeros(500)]
    dropped = model.logits(parameters, torch.ones(40, 4), torch.Generator().manual_seed(0))
    assert (dropped == 0).double().mean().item() == pytest.approx(0.75, abs=0.02)
    assert dropped.mean().item() == pytest.approx(4.0, rel=0.05)
    assert torch.equal(model.logits(parameters, torch.ones(40, 4), None), torch.full((40, 500), 4.0))


def test_losses_case_by_case_have_the_means_that_are_recorded(full: MlpDigits) -> None:
    losses, curve = full.case_losses(SENSIBLE, np.random.default_rng(0)), looks(full, **SENSIBLE)
    assert losses.train.shape == (800,)
    assert losses.held_out[:400].mean() == pytest.approx(curve[-1].value)
    assert losses.held_out[400:].mean() == pytest.approx(curve[-1].test_value)
    assert losses.train.mean() < losses.held_out.mean()


def test_losses_of_a_diverged_training_are_nan(full: MlpDigits) -> None:
    config = SENSIBLE | {"learning_rate": 1.0, "one_minus_momentum": 1e-3, "hidden_layers": 4}
    assert np.isnan(full.case_losses(config, np.random.default_rng(0)).held_out).all()
