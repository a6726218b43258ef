"""The digits are split without overlap, in equal shares of classes, and scaled by the training part alone."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from problems.torch_training.data import digits_split, raw_digits, split_indices  # noqa: E402  after the skip


def test_parts_are_disjoint_and_complete() -> None:
    _, labels = raw_digits()
    parts = split_indices(labels, seed=1)
    assert [len(part) for part in parts] == [800, 400, 597]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(1797))


def test_classes_have_equal_shares() -> None:
    _, labels = raw_digits()
    shares = np.bincount(labels) / len(labels)
    for part in split_indices(labels, seed=2):
        np.testing.assert_allclose(np.bincount(labels[part]) / len(part), shares, atol=0.004)


def test_inputs_are_standardised_by_the_training_part() -> None:
    split = digits_split(seed=3)
    spread = split.train_inputs.std(dim=0, correction=0)
    assert split.train_inputs.mean(dim=0).abs().max() < 1e-5
    assert (((spread - 1.0).abs() < 1e-4) | (spread == 0.0)).all()
    assert split.held_out_inputs.mean(dim=0).abs().max() > 1e-3
    assert split.train_inputs.dtype == split.held_out_inputs.dtype == torch.float32
    assert split.held_out_inputs.isfinite().all()


def test_the_seed_decides_the_split() -> None:
    first, again, other = digits_split(4), digits_split(4), digits_split(5)
    assert torch.equal(first.train_inputs, again.train_inputs)
    assert not torch.equal(first.train_labels, other.train_labels)
