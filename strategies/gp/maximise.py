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


def climb(objective: Objective, start: Floats, steps: int) -> tuple[Floats, Floats]:
    """Local maxima in [0, 1]^q from `start` (B, q), by projected BFGS with backtracking; points and their worth (B,).

    Nocedal & Wright 2006, algorithm 6.1 with the update 6.17 and the Armijo rule 3.4; steps are projected on the box,
    and parameters that the gradient presses against their bound are held fixed for the step.
    """
    x = start.copy()
    f, g = objective(x)
    count, q = x.shape
    identity = np.eye(q)
    norm = np.linalg.norm(g, axis=1)
    h = identity * (0.05 / np.maximum(norm, 1e-300))[:, None, None]  # first step: 0.05 of the space
    length = np.ones(count)
    fresh = np.ones(count, dtype=bool)  # whether h still is a multiple of the identity
    for _ in range(steps):
        held = ((x <= 0.0) & (g < 0.0)) | ((x >= 1.0) & (g > 0.0))
        free_g = np.where(held, 0.0, g)
        direction = np.where(held, 0.0, np.einsum("bij,bj->bi", h, free_g))
        direction *= np.minimum(1.0, 0.3 / np.maximum(np.abs(direction).max(axis=1), 1e-300))[:, None]
        x_new = np.clip(x + length[:, None] * direction, 0.0, 1.0)
        s = x_new - x
        gain = np.einsum("bi,bi->b", g, s)  # to first order
        if np.abs(s).max() < 1e-9 or np.all(gain <= 1e-9 * np.abs(f)):
            break
        f_new, g_new = objective(x_new)
        accept = (f_new >= f + 1e-4 * gain) & (gain > 0.0)
        y = g - g_new  # gradient change of −f
        sy = np.einsum("bi,bi->b", s, y)
        yy = np.einsum("bi,bi->b", y, y)
        curved = accept & (sy > 1e-10 * np.sqrt(yy) * np.linalg.norm(s, axis=1))
        if curved.any():
            safe_sy = np.where(curved, sy, 1.0)
            scale = np.where(curved & fresh, sy / np.where(yy > 0.0, yy, 1.0), 1.0)  # eq. 6.20
            base = np.where((curved & fresh)[:, None, None], identity * scale[:, None, None], h)
            hy = np.einsum("bij,bj->bi", base, y)
            yhy = np.einsum("bi,bi->b", y, hy)
            outer_s = s[:, :, None] * s[:, None, :]
            outer_hs = hy[:, :, None] * s[:, None, :]
            update = ((1.0 + yhy / safe_sy) / safe_sy)[:, None, None] * outer_s - (
                outer_hs + outer_hs.transpose(0, 2, 1)
            ) / safe_sy[:, None, None]
            h = np.where(curved[:, None, None], base + update, h)
            fresh &= ~curved
        f = np.where(accept, f_new, f)
        x = np.where(accept[:, None], x_new, x)
        g = np.where(accept[:, None], g_new, g)
        length = np.where(accept, 1.0, 0.3 * length)
    return x, f
