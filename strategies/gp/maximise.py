"""Where a belief is worth most: candidates everywhere and near the best, then a climb from the most promising.

| symbol | shape | meaning |
|---|---|---|
| `x` | (q,) | the climber, in the q numeric parameters |
| `f`, `g` | scalar, (q,) | its worth and the gradient |
| `h` | (q, q) | BFGS's inverse Hessian of −f |
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from problems.space import Floats

Objective = Callable[[Floats], tuple[float, Floats]]

FIRST_STEP, LONGEST_STEP = 0.05, 0.3  # of the space, in any parameter
SUFFICIENT = 1e-4  # share of the promised gain that a step must bring (Nocedal & Wright 2006, eq. 3.4)
SHORTEN = 0.3
TINY = 1e-300


def neighbours(centre: Floats, count: int, rng: Generator) -> Floats:
    """Points (count, d) around `centre` (d,): from 1e-4 to 1 of the space away, in some of the parameters."""
    d = len(centre)
    radius = 10.0 ** rng.uniform(-4.0, 0.0, size=(count, 1))
    share = rng.choice([1.0, 0.3, 0.0], size=(count, 1))  # of the parameters that move, at least one
    moves = rng.random((count, d)) < share
    moves[np.arange(count), rng.integers(d, size=count)] = True
    step = radius * rng.standard_normal((count, d)) * moves
    return np.clip(centre + step, 0.0, 1.0)


def climb(objective: Objective, start: Floats, steps: int, tolerance: float = 1e-4) -> tuple[Floats, float]:
    """A local maximum in [0, 1]^q from `start` (q,), by projected BFGS with backtracking; the point and its worth.

    Nocedal & Wright 2006, algorithm 6.1; steps are projected on the box, and parameters that the gradient presses
    against their bound are held fixed. Ends when a step promises no more than `tolerance` · |f|.
    """
    x = start.copy()
    f, g = objective(x)
    h = np.eye(len(x)) * (FIRST_STEP / max(float(np.abs(g).max()), TINY))
    scaled = False  # whether h has seen the curvature
    length = 1.0
    for _ in range(steps):
        pressed = ((x <= 0.0) & (g < 0.0)) | ((x >= 1.0) & (g > 0.0))
        free = np.where(pressed, 0.0, g)
        step = np.where(free == 0.0, 0.0, h @ free)
        step *= length * min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), TINY))
        x_new = np.minimum(np.maximum(x + step, 0.0), 1.0)
        s = x_new - x
        promised = float(g @ s)  # to first order
        if promised <= tolerance * abs(f):
            break
        f_new, g_new = objective(x_new)
        if not f_new >= f + SUFFICIENT * promised:
            length *= SHORTEN
            continue
        y = g - g_new  # gradient change of −f
        sy, yy, ss = float(s @ y), float(y @ y), float(s @ s)
        if sy > 1e-10 * np.sqrt(yy * ss) and sy > 1e-100:  # curved downwards, and 1/sy is finite
            if not scaled:
                h, scaled = np.eye(len(x)) * (sy / yy), True  # eq. 6.20
            hy = h @ y
            cross = np.outer(hy, s) / sy
            h = h + np.outer(s, s) * ((1.0 + float(y @ hy) / sy) / sy) - cross - cross.T  # eq. 6.17
        x, f, g, length = x_new, f_new, g_new, 1.0
    return x, f
