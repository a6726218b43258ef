"""Made images keep their recipes: outlines one pixel wide, sets that are convex, and proofs where they are not."""

from itertools import combinations

import numpy as np
import pytest

pytest.importorskip("torch")

from problems.torch_training.images import (
    Masks,
    convex_like,
    convex_sets,
    half_planes,
    proof_of_no_convexity,
    rectangles,
)


def bounds(mask: Masks) -> tuple[int, int, int, int]:
    """First and last white row, first and last white column."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


@pytest.mark.parametrize("side", [4, 14, 28])
def test_rectangles_are_outlines_one_pixel_wide_with_the_longer_side_as_label(side: int) -> None:
    masks, labels = rectangles(201, side, np.random.default_rng(side))
    assert masks.shape == (201, side, side)
    assert labels.tolist().count(1) == 100
    for mask, label in zip(masks, labels, strict=True):
        top, bottom, left, right = bounds(mask)
        outline = np.zeros((side, side), dtype=bool)
        outline[top : bottom + 1, left : right + 1] = True
        outline[top + 1 : bottom, left + 1 : right] = False
        assert (mask == outline).all()
        wider = (right - left) - (bottom - top)
        assert abs(wider) >= 3
        assert label == (wider > 0)


def test_lengths_and_places_of_rectangles_are_uniform() -> None:
    """Over all allowed pairs of sides, and over all places where one fits; 6 standard errors."""
    masks, _ = rectangles(8000, 6, np.random.default_rng(0))
    shapes = [bounds(mask) for mask in masks]
    sides = [(bottom - top + 1, right - left + 1) for top, bottom, left, right in shapes]
    pairs = {(h, w) for h in range(1, 7) for w in range(1, 7) if abs(h - w) >= 3}
    share = 1 / len(pairs)
    for pair in pairs:
        assert sides.count(pair) / 8000 == pytest.approx(share, abs=6 * np.sqrt(share / 8000))
    lefts = [left for (_, _, left, _), (h, w) in zip(shapes, sides, strict=True) if (h, w) == (1, 4)]
    assert set(lefts) == {0, 1, 2}
    assert np.mean(lefts) == pytest.approx(1.0, abs=6 * 0.82 / np.sqrt(len(lefts)))


def test_an_image_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="side of 4 or more, got 3"):
        rectangles(1, 3, np.random.default_rng(0))


def is_convex(mask: Masks) -> bool:
    """Whether every pixel exactly on the line between two white ones is white: by brute force."""
    white = {(int(x), int(y)) for x, y in np.argwhere(mask)}
    for (x1, y1), (x2, y2) in combinations(white, 2):
        steps = int(np.gcd(x2 - x1, y2 - y1))
        for k in range(1, steps):
            if (x1 + (x2 - x1) * k // steps, y1 + (y2 - y1) * k // steps) not in white:
                return False
    return True


def test_convex_sets_are_convex_and_the_others_are_not() -> None:
    masks, labels = convex_like(60, 10, np.random.default_rng(1))
    assert labels.sum() == 30
    assert [is_convex(mask) for mask in masks] == (labels == 1).tolist()
    assert masks[labels == 1].sum(axis=(1, 2)).min() >= round(19 * 100 / 784)


def test_a_proof_is_a_black_pixel_in_the_middle_of_two_white_ones() -> None:
    mask = np.zeros((1, 5, 5), dtype=bool)
    mask[0, 0, 0] = mask[0, 4, 2] = True
    assert np.argwhere(proof_of_no_convexity(mask)[0]).tolist() == [[2, 1]]
    mask[0, 2, 1] = True  # now (1, ½) and (3, 1½) are no pixels: nothing proves anything
    assert not proof_of_no_convexity(mask).any()
    assert not proof_of_no_convexity(np.ones((1, 5, 5), dtype=bool)).any()


def test_the_number_of_half_planes_is_geometric_from_0() -> None:
    """With a share `stop` of all sets nothing is cut off; 2000 sets, 5 standard errors."""
    masks = convex_sets(2000, 8, 0.4, 0, np.random.default_rng(2))
    full = masks.all(axis=(1, 2)).mean()
    cut_but_full = half_planes(4000, 8, np.random.default_rng(3)).all(axis=(1, 2)).mean()  # a line along the border
    expected = 0.4 / (1 - 0.6 * cut_but_full)  # every further plane may leave everything
    assert full == pytest.approx(expected, abs=5 * np.sqrt(0.25 / 2000))


def test_half_of_the_image_lies_behind_a_half_plane() -> None:
    masks = half_planes(4000, 12, np.random.default_rng(4))
    assert masks.mean() == pytest.approx(0.5, abs=0.03)
    assert masks.mean(axis=0) == pytest.approx(np.full((12, 12), 0.5), abs=0.05)


@pytest.mark.parametrize("recipe", [rectangles, convex_like])
def test_the_stream_decides(recipe) -> None:
    first, again, other = (recipe(20, 12, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert (first[0] == again[0]).all()
    assert (first[1] == again[1]).all()
    assert (first[0] != other[0]).any()
