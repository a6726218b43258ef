"""Images made by recipe: rectangles, and convex-like sets (Larochelle et al., ICML 2007), for any side length.

| symbol | meaning |
|---|---|
| `n` | images |
| masks | (n, side, side) bool; True is a white pixel |
| labels | (n,) int64; of rectangles 1 for wider than tall, of sets 1 for convex |

Both recipes are told, not copied: the rectangles from memory of the paper, the sets from its text. Ours are a little
easier than the original, so that errors must not be compared with the paper's.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Masks: TypeAlias = NDArray[np.bool_]
Labels: TypeAlias = NDArray[np.int64]

LEAST_DIFFERENCE = 3  # pixels between the two sides of a rectangle
ORIGINAL_AREA = 28 * 28  # to which the recipe's numbers of pixels belong
CONVEX_STOP, CONVEX_PIXELS = 0.195, 19  # of a convex set: its number of half-planes is geometric; least area
PIECE_STOP, PIECE_PIXELS, PIECES = 0.07, 10, (2, 3, 4)  # the same of the pieces of a set that is not convex
FEWEST, MOST = 64, 2048  # candidates at a time: so many are worth a call, and so many bound the memory


def rectangles(count: int, side: int, rng: Generator) -> tuple[Masks, Labels]:
    """`count` one-pixel outlines, as many wide as tall ones (one more tall where `count` is odd).

    Height and width are uniform among those that differ by at least three pixels, the place among those where they fit.
    Raises ValueError for a side too short for any.
    """
    if side <= LEAST_DIFFERENCE:
        raise ValueError(f"images of rectangles need a side of {LEAST_DIFFERENCE + 1} or more, got {side}")
    lengths = np.arange(1, side + 1)
    short, long = np.nonzero(lengths[None, :] - lengths[:, None] >= LEAST_DIFFERENCE)  # indices of all allowed pairs
    pick = rng.integers(len(short), size=count)
    labels = balanced(count, rng)
    wide = labels == 1
    height = np.where(wide, lengths[short[pick]], lengths[long[pick]])
    width = np.where(wide, lengths[long[pick]], lengths[short[pick]])
    rows, row_ends = _along(height, side, rng)
    columns, column_ends = _along(width, side, rng)
    inside = rows[:, :, None] & columns[:, None, :]
    masks = inside & (row_ends[:, :, None] | column_ends[:, None, :])
    return masks, labels


def _along(length: NDArray[np.int64], side: int, rng: Generator) -> tuple[Masks, Masks]:
    """Which pixels (n, side) of one axis an interval of `length` (n,) at a uniform place covers, and its two ends."""
    first = rng.integers(side - length + 1)
    last = first + length - 1
    pixel = np.arange(side)
    covered = (pixel >= first[:, None]) & (pixel <= last[:, None])
    return covered, (pixel == first[:, None]) | (pixel == last[:, None])


def convex_like(count: int, side: int, rng: Generator) -> tuple[Masks, Labels]:
    """`count` sets of pixels: half of them convex, the others not (one more of these where `count` is odd)."""
    labels = balanced(count, rng)
    convex = int(labels.sum())
    masks = np.empty((count, side, side), dtype=bool)
    masks[labels == 1] = convex_sets(convex, side, CONVEX_STOP, _scaled(CONVEX_PIXELS, side), rng)
    masks[labels == 0] = non_convex_sets(count - convex, side, rng)
    return masks, labels


def convex_sets(count: int, side: int, stop: float, least: int, rng: Generator) -> Masks:
    """Intersections (count, side, side) of K half-planes with at least `least` pixels.

    P(K = k) = `stop`·(1 − `stop`)^k, k = 0, 1, …; each half-plane has a uniform point of the image on its edge and a
    uniform direction.
    """

    def draw(size: int) -> Masks:
        planes = rng.geometric(stop, size) - 1
        masks = np.ones((size, side, side), dtype=bool)
        large = np.ones(size, dtype=bool)
        for k in range(int(planes.max(initial=0))):
            cut = np.flatnonzero(large & (planes > k))  # what is too small already is rejected whatever follows
            smaller = masks[cut] & half_planes(len(cut), side, rng)
            masks[cut] = smaller
            large[cut] = np.count_nonzero(smaller, axis=(1, 2)) >= least
        return masks[large]

    return _accepted(count, side, draw)


def half_planes(count: int, side: int, rng: Generator) -> Masks:
    """Pixels (count, side, side) whose centres lie on one side of a uniform line."""
    angle = rng.uniform(0.0, 2 * np.pi, count)
    point = rng.uniform(0.0, side, (count, 2))
    centre = np.arange(side) + 0.5
    down = np.sin(angle)[:, None] * (centre - point[:, :1])  # (count, side)
    right = np.cos(angle)[:, None] * (centre - point[:, 1:])
    masks: Masks = down[:, :, None] + right[:, None, :] >= 0.0
    return masks


def non_convex_sets(count: int, side: int, rng: Generator) -> Masks:
    """Unions (count, side, side) of two to four convex sets, each with a proof that it is not convex."""

    def draw(size: int) -> Masks:
        pieces = rng.choice(PIECES, size)
        sets = convex_sets(int(pieces.sum()), side, PIECE_STOP, _scaled(PIECE_PIXELS, side), rng)
        masks = np.logical_or.reduceat(sets, np.cumsum(pieces) - pieces)
        return masks[proof_of_no_convexity(masks).any(axis=(1, 2))]

    return _accepted(count, side, draw)


def proof_of_no_convexity(masks: Masks) -> Masks:
    """The black pixels (n, side, side) that lie exactly in the middle between two white ones.

    A convex set has none, for its pixels are all those in a convex region. The number of pairs with a given sum is the
    self-convolution of the mask.
    """
    side = masks.shape[1]
    size = 2 * side - 1  # sums of two indices
    spectrum = np.fft.rfft2(masks, s=(size, size))
    pairs = np.fft.irfft2(spectrum * spectrum, s=(size, size))  # (n, size, size)
    proof: Masks = (pairs[:, ::2, ::2] > 0.5) & ~masks
    return proof


def balanced(count: int, rng: Generator) -> Labels:
    """Labels (count,) in random order, half of them 1; one more 0 where `count` is odd."""
    return rng.permutation(np.arange(count, dtype=np.int64) % 2 == 1).astype(np.int64)


def _scaled(pixels: int, side: int) -> int:
    """As large a share of this image as `pixels` are of the original's."""
    return max(1, round(pixels * side * side / ORIGINAL_AREA))


def _accepted(count: int, side: int, draw: Callable[[int], Masks]) -> Masks:
    """The first `count` of what `draw(size)` accepts of `size` candidates."""
    masks = np.empty((count, side, side), dtype=bool)
    done = 0
    while done < count:
        accepted = draw(min(MOST, max(FEWEST, 2 * (count - done))))[: count - done]
        masks[done : done + len(accepted)] = accepted
        done += len(accepted)
    return masks
