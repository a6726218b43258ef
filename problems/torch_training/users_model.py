"""The range test on a network of the user's: what a function `model_and_data` returns."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss

from problems.torch_training.device import device
from problems.torch_training.range_test import RangeTest, range_test
from problems.torch_training.training import Recipe

EXPECTED = "a torch.nn.Module, inputs and targets as tensors of equal length, and, if you like, a loss function"


def of_users(function: Any, recipe: Recipe, rates: Sequence[float], seed: int) -> RangeTest:
    """Train what `function()` returns: `(module, inputs, targets)` or `(module, inputs, targets, loss)`.

    The loss is cross-entropy where targets are integers, else the mean squared error. Torch's global generator, from
    which modules draw, is seeded by `seed` and left as it was. Raises `TypeError` for what is not as `EXPECTED`.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        module, inputs, targets, loss = _checked(function())
        module = module.to(device()).train()
        parameters: list[Tensor] = [parameter for parameter in module.parameters() if parameter.requires_grad]
        return range_test(
            lambda chosen, wanted: loss(module(chosen), wanted),
            parameters, inputs.to(device()), targets.to(device()), recipe, rates, torch.Generator().manual_seed(seed),
        )  # fmt: skip


def _checked(returned: Any) -> tuple[nn.Module, Tensor, Tensor, Any]:
    """Its four parts; raises `TypeError` in one line."""
    parts = returned if isinstance(returned, tuple) else (returned,)
    if len(parts) not in (3, 4):
        raise TypeError(f"it returned {len(parts)} values; return {EXPECTED}")
    module, inputs, targets = parts[:3]
    if not (isinstance(module, nn.Module) and isinstance(inputs, Tensor) and isinstance(targets, Tensor)):
        kinds = ", ".join(type(part).__name__ for part in parts)
        raise TypeError(f"it returned ({kinds}); return {EXPECTED}")
    if not len(inputs) or len(inputs) != len(targets):
        raise TypeError(f"it returned {len(inputs)} inputs and {len(targets)} targets; return as many of both")
    if not any(parameter.requires_grad for parameter in module.parameters()):
        raise TypeError("its module has no parameters to train; return one that has")
    default = mse_loss if targets.is_floating_point() else cross_entropy
    return module, inputs, targets, parts[3] if len(parts) == 4 else default
