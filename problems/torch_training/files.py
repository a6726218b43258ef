"""MNIST's IDX files and CIFAR-10's binary batches, as their authors publish them; each file may be gzipped."""

import gzip
import struct
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from problems.user_files import CIFAR10_FILES, MNIST_FILES, data_folder, lacking, locate

Pixels: TypeAlias = NDArray[np.uint8]  # (n, rows, columns) or (n, 3, rows, columns), 0..255
Labels: TypeAlias = NDArray[np.int64]  # (n,), 0..9

IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049
CIFAR_SIDE = 32
CIFAR_RECORD = 1 + 3 * CIFAR_SIDE**2  # a label, then the red, green and blue plane, row by row
CLASSES = 10


class DataFileError(ValueError):
    """A file of the user's is missing, or not what its name says."""


def mnist() -> tuple[Pixels, Labels]:
    """All 70000 images (n, 28, 28), the training files first; raises `DataFileError` for what is missing or broken."""
    paths = _paths(MNIST_FILES)  # images and labels in turn
    images = [read_idx(path, IMAGES_MAGIC) for path in paths[0::2]]
    labels = [read_idx(path, LABELS_MAGIC) for path in paths[1::2]]
    for pictures, names, path in zip(images, labels, paths[1::2], strict=True):
        if len(pictures) != len(names):
            raise DataFileError(f"{path} holds {len(names)} labels for {len(pictures)} images; fetch both files again")
        _check_labels(names, path)
    return np.concatenate(images), np.concatenate(labels).astype(np.int64)


def cifar10() -> tuple[Pixels, Labels]:
    """All 60000 images (n, 3, 32, 32), the test batch last; raises `DataFileError` for what is missing or broken."""
    batches = [read_cifar_batch(path) for path in _paths(CIFAR10_FILES)]
    return np.concatenate([images for images, _ in batches]), np.concatenate([labels for _, labels in batches])


def read_idx(path: Path, magic: int) -> Pixels:
    """The bytes of an IDX file, in the shape that its header says; `magic` is the first big-endian number in it."""
    content = _bytes(path)
    dims = magic - 2048  # the last byte of the magic number; the one before it says "unsigned bytes"
    header = 4 * (1 + dims)
    found = struct.unpack(">i", content[:4])[0] if len(content) >= 4 else None
    if found != magic:
        raise DataFileError(f"{path} should begin with the magic number {magic}, got {found}; is it another file?")
    shape = struct.unpack(f">{dims}i", content[4:header]) if len(content) >= header else ()
    expected = header + int(np.prod(shape)) if shape else header
    if len(content) != expected:
        raise DataFileError(f"{path} should have {expected} bytes, got {len(content)}; fetch it again")
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def read_cifar_batch(path: Path) -> tuple[Pixels, Labels]:
    """Images (n, 3, 32, 32) and labels (n,) of one file of 3073-byte records."""
    content = _bytes(path)
    if not content or len(content) % CIFAR_RECORD:
        raise DataFileError(
            f"{path} should consist of records of {CIFAR_RECORD} bytes, got {len(content)} bytes; fetch it again"
        )
    records = np.frombuffer(content, dtype=np.uint8).reshape(-1, CIFAR_RECORD)
    _check_labels(records[:, 0], path)
    return records[:, 1:].reshape(-1, 3, CIFAR_SIDE, CIFAR_SIDE), records[:, 0].astype(np.int64)


def _check_labels(labels: Pixels, path: Path) -> None:
    if labels.size and labels.max() >= CLASSES:
        raise DataFileError(f"labels in {path} should lie in 0..{CLASSES - 1}, got {labels.max()}; is it another file?")


def _paths(names: tuple[str, ...]) -> list[Path]:
    folder, complaint = data_folder(), lacking(names)
    if folder is None or complaint:
        raise DataFileError(f"this data set {complaint}")
    return [path for name in names if (path := locate(name, folder))]


def _bytes(path: Path) -> bytes:
    """The content of `path`, unpacked where it ends in .gz."""
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        raise DataFileError(f"{path} cannot be read: {error}; fetch it again") from error
