"""MNIST and CIFAR-10 files in their true formats, and one clear line for each way in which they can be wrong."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("sklearn")

from problems import user_files
from problems.registry import problem_entry
from problems.torch_training import files, network_data
from problems.user_files import CIFAR10_FILES, MNIST_FILES, VARIABLE


def idx(magic: int, content: np.ndarray) -> bytes:
    return struct.pack(f">{1 + content.ndim}i", magic, *content.shape) + content.tobytes()


def write_mnist(folder: Path, ending: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Six training and four test images; returns all of them and their labels."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (10, 28, 28), dtype=np.uint8), rng.integers(0, 10, 10, dtype=np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    parts = [idx(2051, images[:6]), idx(2049, labels[:6]), idx(2051, images[6:]), idx(2049, labels[6:])]
    for name, content in zip(MNIST_FILES, parts, strict=True):
        (folder / (name + ending)).write_bytes(gzip.compress(content) if ending else content)
    return images, labels


def write_cifar(folder: Path) -> np.ndarray:
    """Six files of two records; returns the records (12, 3073)."""
    records = np.random.default_rng(1).integers(0, 256, (12, 3073), dtype=np.uint8)
    records[:, 0] %= 10
    folder.mkdir(parents=True, exist_ok=True)
    for i, name in enumerate(CIFAR10_FILES):
        (folder / name).write_bytes(records[2 * i : 2 * i + 2].tobytes())
    return records


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("below", "ending"), [("", ""), ("", ".gz"), ("MNIST/raw", ""), ("mnist", ".gz")])
def test_mnist_is_read_as_written_wherever_it_lies(folder: Path, below: str, ending: str) -> None:
    images, labels = write_mnist(folder / below, ending)
    read_images, read_labels = files.mnist()
    assert (read_images == images).all()
    assert (read_labels == labels).all()
    assert problem_entry("nnet-mnist").unavailable(7) is None


def test_cifar_is_read_plane_by_plane(folder: Path) -> None:
    records = write_cifar(folder / "cifar-10-batches-bin")
    images, labels = files.cifar10()
    assert images.shape == (12, 3, 32, 32)
    assert labels.tolist() == records[:, 0].tolist()
    assert images[5, 2, 3, 4] == records[5, 1 + 2 * 1024 + 3 * 32 + 4]  # blue, row 3, column 4


def test_what_is_missing_is_named_before_anything_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_mnist(folder)
    (folder / "t10k-labels-idx1-ubyte").unlink()
    reason = problem_entry("nnet-mnist").unavailable(7)
    assert reason is not None
    assert "t10k-labels-idx1-ubyte" in reason
    assert str(folder) in reason
    assert "train-images" not in reason
    with pytest.raises(files.DataFileError, match="t10k-labels-idx1-ubyte"):
        files.mnist()
    monkeypatch.delenv(VARIABLE)
    assert "--data DIR" in str(problem_entry("nnet-cifar10").unavailable(7))
    assert "data_batch_1.bin" in str(problem_entry("nnet-cifar10").unavailable(7))


def spoil(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("train-images-idx3-ubyte", lambda old: struct.pack(">i", 2049) + old[4:], "magic number 2051, got 2049"),
        ("train-labels-idx1-ubyte", lambda old: old[:-1], "should have 14 bytes, got 13"),
        ("train-images-idx3-ubyte", lambda old: old[:10], "should have 16 bytes, got 10"),
        ("train-images-idx3-ubyte", lambda old: b"", "magic number 2051, got None"),
        ("t10k-labels-idx1-ubyte", lambda old: idx(2049, np.zeros(3, np.uint8)), "3 labels for 4 images"),
        ("t10k-labels-idx1-ubyte", lambda old: idx(2049, np.full(4, 10, np.uint8)), "lie in 0..9, got 10"),
    ],
)
def test_broken_idx_files(folder: Path, name: str, change, says: str) -> None:
    write_mnist(folder)
    spoil(folder / name, change((folder / name).read_bytes()))
    with pytest.raises(files.DataFileError, match=says) as caught:
        files.mnist()
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_cut_off_gzip_file(folder: Path) -> None:
    write_mnist(folder, ".gz")
    path = folder / "train-images-idx3-ubyte.gz"
    spoil(path, path.read_bytes()[:-20])
    with pytest.raises(files.DataFileError, match=r"cannot be read: .*; fetch it again"):
        files.mnist()


def test_a_cut_off_batch_and_a_label_that_is_none(folder: Path) -> None:
    records = write_cifar(folder)
    spoil(folder / "data_batch_3.bin", records[:2].tobytes()[:-1])
    with pytest.raises(files.DataFileError, match="records of 3073 bytes, got 6145 bytes"):
        files.cifar10()
    records[0, 0] = 11
    spoil(folder / "data_batch_3.bin", records[:2].tobytes())
    with pytest.raises(files.DataFileError, match=r"data_batch_3.bin should lie in 0\.\.9, got 11"):
        files.cifar10()


def test_images_become_shares_in_random_order_and_are_shrunk_by_the_mean(folder: Path) -> None:
    images, labels = write_mnist(folder)
    inputs, chosen = network_data.mnist(10, 2, np.random.default_rng(2))
    assert inputs.shape == (10, 196)
    assert sorted(chosen) == sorted(labels)
    means = images.reshape(10, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(10, -1) / 255
    order = [int(np.abs(means - image).sum(axis=1).argmin()) for image in inputs]
    assert sorted(order) == list(range(10)) != order
    np.testing.assert_allclose(inputs, means[order], atol=1e-6)
    assert chosen.tolist() == labels[order].tolist()
    with pytest.raises(ValueError, match="11 images are needed and there are 10"):
        network_data.mnist(11, 2, np.random.default_rng(2))


def test_colours_stay_apart(folder: Path) -> None:
    records = write_cifar(folder)
    inputs, _ = network_data.cifar10(12, 4, np.random.default_rng(3))
    assert inputs.shape == (12, 3 * 8 * 8)
    reds = records[:, 1:1025].mean(axis=1) / 255
    assert sorted(inputs[:, :64].mean(axis=1)) == pytest.approx(sorted(reds), abs=1e-5)


def test_no_folder_is_searched_unless_it_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert user_files.data_folder() is None
    with pytest.raises(files.DataFileError, match=VARIABLE):
        files.mnist()
