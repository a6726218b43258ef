"""Where a belief is worth most: candidates everywhere and near the best, then a climb from the most promising.

| symbol | shape | meaning |
|---|---|---|
| `units` | (B, d) | B climbers in the unit cube |
| `f`, `g` | (B,), (B, q) | their worth and its gradient in the q numeric parameters |
| `h` | (B, q, q) | BFGS's inverse Hessians of −f |

All climbers take their steps together, so that a step costs one matrix product and not B small ones.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from problems.space import Floats

Objective = Callable[[Floats], tuple[Floats, Floats]]


def neighbours(centre: Floats, count: int, rng: Generator) -> Floats:
    """Points (count, d) around `centre` (d,): from 1e-4 to 1 of the space away, in some of the parameters."""
    d = len(centre)
    radius = 10.0 ** rng.uniform(-4.0, 0.0, size=(count, 1))
    share = rng.choice([1.0, 0.3, 0.0], size=(count, 1))  # of the parameters that move, at least one
    moves = rng.random((count, d)) < share
    moves[np.arange(count), rng.integers(d, size=count)] = True
    step = radius * rng.standard_normal((count, d)) * moves
    return np.clip(centre + step, 0.0, 1.0)


def far_apart(units: Floats, worth: Floats, count: int, distance: float = 0.05) -> Floats:
    """The `count` (or fewer) best points, each at least `distance` (in one parameter) from the better ones."""
    chosen: list[Floats] = []
    for i in np.argsort(-worth, kind="stable"):
        if all(np.abs(units[i] - other).max() >= distance for other in chosen):
            chosen.append(units[i])
            if len(chosen) == count:
                break
    return np.array(chosen)


def climb(objective: Objective, start: Floats, steps: int, tolerance: float = 1e-4) -> tuple[Floats, Floats]:
    """Local maxima in [0, 1]^q from `start` (B, q), by projected BFGS with backtracking; points and their worth (B,).

    Nocedal & Wright 2006, algorithm 6.1 with the Armijo rule 3.4; steps are projected on the box, and parameters that
    the gradient presses against their bound are held fixed. Ends when no step promises more than `tolerance` · |f|.
    """
    x = start.copy()
    f, g = objective(x)
    count, q = x.shape
    h = np.eye(q) * (0.05 / np.maximum(np.abs(g).max(axis=1), 1e-300))[:, None, None]  # first step: 0.05 of the space
    fresh = np.ones(count, dtype=bool)  # h knows nothing of the curvature yet
    length = np.ones(count)
    for _ in range(steps):
        free_g = np.where(((x <= 0.0) & (g < 0.0)) | ((x >= 1.0) & (g > 0.0)), 0.0, g)
        step = np.where(free_g == 0.0, 0.0, np.einsum("bij,bj->bi", h, free_g))
        step *= (length * np.minimum(1.0, 0.3 / np.maximum(np.abs(step).max(axis=1), 1e-300)))[:, None]
        x_new = np.minimum(np.maximum(x + step, 0.0), 1.0)
        s = x_new - x
        gain = np.einsum("bi,bi->b", g, s)  # to first order
        if (gain <= tolerance * np.abs(f)).all():
            break
        f_new, g_new = objective(x_new)
        accept = (f_new >= f + 1e-4 * gain) & (gain > 0.0)
        y = g - g_new  # gradient change of −f
        sy, yy, ss = (np.einsum("bi,bi->b", *pair) for pair in ((s, y), (y, y), (s, s)))
        curved = accept & (sy > 1e-10 * np.sqrt(yy * ss)) & (sy > 1e-100)  # so that 1/sy is finite
        if (first := curved & fresh).any():
            h[first] = np.eye(q) * (sy[first] / yy[first])[:, None, None]  # eq. 6.20
            fresh &= ~first
        rho = np.where(curved, 1.0 / np.where(curved, sy, 1.0), 0.0)  # 0: h stays
        hy = np.einsum("bij,bj->bi", h, y)
        cross = (rho[:, None] * hy)[:, :, None] * s[:, None, :]
        factor = rho * (1.0 + rho * np.einsum("bi,bi->b", y, hy))
        h += (factor[:, None] * s)[:, :, None] * s[:, None, :] - cross - cross.transpose(0, 2, 1)  # eq. 6.17
        x = np.where(accept[:, None], x_new, x)
        f, g = np.where(accept, f_new, f), np.where(accept[:, None], g_new, g)
        length = np.where(accept, 1.0, 0.3 * length)
    return x, f
