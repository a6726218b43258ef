"""A training runs where its data are. On CUDA where there is some; else torch's meta device stands in: shapes alone."""

from dataclasses import fields, replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from problems.registry import problem_entry  # noqa: E402  after the skip
from problems.torch_training.convolutional import Cnn  # noqa: E402
from problems.torch_training.data import Split, digits_split  # noqa: E402
from problems.torch_training.device import device  # noqa: E402
from problems.torch_training.models import Mlp, Model  # noqa: E402
from problems.torch_training.one_hidden import OneHidden  # noqa: E402
from problems.torch_training.training import Recipe, descend  # noqa: E402

MODELS = [
    Mlp(64, 10, widths=(8, 8), dropout=0.3, activation="relu"),
    Cnn(8, 1, 10, layers=2, channels=4, dropout=0.3, activation="gelu"),
    OneHidden(64, 10, 8, "tanh", "normal", None),
]


def on(split: Split, place: str) -> Split:
    tensors = {field.name: getattr(split, field.name) for field in fields(split)}
    return replace(split, **{name: held.to(place) for name, held in tensors.items() if isinstance(held, torch.Tensor)})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_nothing_of_a_training_is_left_behind(model: Model, momentum: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation on tensors of two devices raises; the one kernel that knows no meta tensors only looks at them."""
    updates = []

    def kernel(parameters, gradients, momenta, **settings) -> None:
        updates.append({tensor.device.type for tensor in (*parameters, *gradients, *momenta)})

    monkeypatch.setattr(torch, "_fused_sgd_", kernel)
    split = on(digits_split(0), "meta")
    (parameters,) = descend(model, split, Recipe(0.1, 100, 1, momentum, 0.0), torch.Generator().manual_seed(0))
    assert updates == [{"meta"}] * 8
    assert model.logits(parameters, split.held_out_inputs, None).device.type == "meta"


@pytest.mark.parametrize("name", ["mlp-digits", "cnn-digits"])
def test_data_are_put_where_trainings_run(name: str) -> None:
    split = problem_entry(name).make(1, 0, np.random.default_rng(0)).split
    assert {split.train_inputs.device.type, split.held_out_labels.device.type} == {device().type}


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_cuda_trains_the_same_network_up_to_rounding(model: Model) -> None:
    recipe = Recipe(0.05, 100, 1, 0.9, 1e-4)
    ours, theirs = (
        next(descend(model, on(digits_split(0), place), recipe, torch.Generator().manual_seed(0)))
        for place in ("cpu", "cuda")
    )
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other.cpu(), rtol=1e-2, atol=1e-3)
