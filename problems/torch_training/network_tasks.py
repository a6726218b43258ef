"""How large the data sets of the neural-network problems are. No torch here: an analysis needs the numbers of cases."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ImageTask:
    """One data set at one size."""

    data: str  # the name of a source in `network_data`
    shrink: int  # by what the sides of its images are divided
    train: int  # cases
    validation: int
    test: int


@dataclass(frozen=True)
class NetworkTask(ImageTask):
    """One data set at one size, and how long it may be trained."""

    least_epochs: int
    most_epochs: int


SMALL = ("", 20, 200)  # ending of the name; epochs
PAPER = ("-paper", 100, 1000)  # Bergstra & Bengio 2012


def _task(
    data: str, form: tuple[str, int, int], shrink: int, train: int, validation: int, test: int
) -> tuple[str, NetworkTask]:
    ending, least, most = form
    return f"nnet-{data}{ending}", NetworkTask(data, shrink, train, validation, test, least, most)


# By problem. The small ones take part of a second; the others have the paper's sizes, and digits all there are.
TASKS: Mapping[str, NetworkTask] = dict(
    (
        _task("rectangles", SMALL, 2, 300, 200, 2000),
        _task("convex", SMALL, 2, 300, 200, 2000),
        _task("digits", SMALL, 1, 300, 200, 1297),
        _task("mnist", SMALL, 2, 300, 200, 2000),
        _task("cifar10", SMALL, 4, 300, 200, 2000),
        _task("rectangles", PAPER, 1, 1000, 200, 50_000),
        _task("convex", PAPER, 1, 6000, 2000, 50_000),
        _task("digits", PAPER, 1, 800, 400, 597),
        _task("mnist", PAPER, 1, 10_000, 2000, 50_000),
        _task("cifar10", PAPER, 1, 10_000, 2000, 40_000),
    )
)
