"""Where trainings run: on the first CUDA device where there is one, else on the CPU.

Data go there once. Random numbers are drawn on the CPU wherever the training is, so that a seed means the same weights,
order and dropout on both; sums are rounded otherwise there, so that the values of two devices agree in the first digits
only. `CUDA_VISIBLE_DEVICES=` (empty) in the environment keeps trainings on the CPU.
"""

from functools import cache

import torch


@cache
def device() -> torch.device:
    """The device of every training of this process."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
