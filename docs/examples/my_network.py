"""A network and its data for `python -m bench lr-find docs/examples/my_network.py:model_and_data`."""

import torch
from sklearn.datasets import load_wine
from torch import Tensor, nn


def model_and_data() -> tuple[nn.Module, Tensor, Tensor]:
    """A classifier of 178 wines by 13 measurements. Integers as targets: the loss is the cross-entropy."""
    wine = load_wine()
    inputs = torch.tensor(wine.data, dtype=torch.float32)
    inputs = (inputs - inputs.mean(0)) / inputs.std(0)
    network = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 3))
    return network, inputs, torch.tensor(wine.target)
