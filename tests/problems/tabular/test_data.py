"""Tables are divided without overlap, classes in equal shares, and the seed decides."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from problems.tabular.data import DIABETES, DIGITS, Table, divide, whole

# a table whose only input is the row's number
NUMBERED = Table(
    lambda return_X_y: (np.arange(100.0)[:, None], np.arange(100) % 4), 60, 40, classes=True, source="made here"
)


def test_parts_are_disjoint_and_complete() -> None:
    split = divide(NUMBERED, seed=1)
    np.testing.assert_array_equal(np.sort(np.concatenate([split.inputs, split.test_inputs]).ravel()), np.arange(100))
    np.testing.assert_array_equal(split.inputs.ravel() % 4, split.targets)
    np.testing.assert_array_equal(split.test_inputs.ravel() % 4, split.test_targets)


@pytest.mark.parametrize("table", [NUMBERED, DIGITS, DIABETES])
def test_folds_predict_every_development_case_once_and_fit_the_others(table: Table) -> None:
    split = divide(table, seed=1)
    assert len(split.folds) == 3
    everything = np.arange(table.development_size)
    np.testing.assert_array_equal(np.sort(np.concatenate([left for _, left in split.folds])), everything)
    for fitted, left in split.folds:
        np.testing.assert_array_equal(np.sort(np.concatenate([fitted, left])), everything)


def test_sizes_are_those_of_the_table() -> None:
    for table, features in ((DIGITS, 64), (DIABETES, 10)):
        split = divide(table, seed=2)
        assert split.inputs.shape == (table.development_size, features)
        assert split.test_inputs.shape == (table.test_size, features)


def test_classes_have_equal_shares() -> None:
    split = divide(DIGITS, seed=3)
    for labels in (split.targets, split.test_targets, *(split.targets[left] for _, left in split.folds)):
        np.testing.assert_allclose(np.bincount(labels) / len(labels), 0.1, atol=0.015)


def test_the_seed_decides_parts_and_folds() -> None:
    first, again, other = (divide(DIABETES, seed) for seed in (4, 4, 5))
    assert np.array_equal(first.targets, again.targets)
    assert not np.array_equal(first.targets, other.targets)
    assert np.array_equal(first.folds[0][0], again.folds[0][0])
    assert not np.array_equal(first.folds[0][0], other.folds[0][0])


def test_the_shared_table_cannot_be_changed() -> None:
    inputs, targets = whole(DIGITS)
    assert not inputs.flags.writeable
    assert not targets.flags.writeable
