"""Data sets that only the user can have: which folder they lie in. Imports nothing heavy: plans ask it, too."""

import os
from collections.abc import Sequence
from pathlib import Path

VARIABLE = "SEARCH_BENCH_DATA"  # of the environment, which worker processes inherit; `--data` sets it
SUBFOLDERS = ("", "mnist", "MNIST/raw", "cifar-10-batches-bin")  # as unpacked by hand, and as torchvision leaves them
ENDINGS = ("", ".gz")
MNIST_FILES = tuple(f"{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
CIFAR10_FILES = (*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin")


def data_folder() -> Path | None:
    """The folder that the user named, or None."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def locate(name: str, folder: Path) -> Path | None:
    """The file called `name` in `folder` or where it is customary below, gzipped or not; None when it is not there."""
    places = (folder / sub / (name + ending) for sub in SUBFOLDERS for ending in ENDINGS)
    return next((place for place in places if place.is_file()), None)


def lacking(names: Sequence[str]) -> str | None:
    """What to do for the files `names` to be found, in one line, or None when they are all there."""
    folder = data_folder()
    if folder is None:
        return f"needs the files {', '.join(names)}; name their folder by --data DIR or the variable {VARIABLE}"
    absent = [name for name in names if locate(name, folder) is None]
    return f"needs {', '.join(absent)} (or .gz), which {folder} does not have; give another --data" if absent else None
