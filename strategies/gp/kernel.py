"""How alike the values at two points are: Matérn-5/2 with one length scale per parameter.

| symbol | shape | meaning |
|---|---|---|
| `x`, `x2` | (n, D), (m, D) | points, as columns (see `encoding`) |
| `w` | (D,) | inverse squared length scales 1/ℓ², one per column |
| `s` | (n, m) | squared scaled distances r² = Σ_j w_j (x_j − x2_j)² |
| `k` | (n, m) | correlations k(r) = (1 + √5 r + 5/3 r²) e^{−√5 r}            (Rasmussen & Williams 2006, eq. 4.17) |
| `slope` | (n, m) | dk/ds = −5/6 (1 + √5 r) e^{−√5 r} |

Everything is written in `s`, not in `r`: k is smooth in s at 0, so that coinciding points need no special case. No
(n, m, D) array is ever built: distances and all their derivatives are matrix products.
"""

import math

import numpy as np

from problems.space import Floats

SQRT5 = math.sqrt(5.0)


def squared_distances(x: Floats, x2: Floats, w: Floats) -> Floats:
    """Scaled squared distances (n, m); never negative, whatever the rounding."""
    a, b = (x - 0.5) * w, x2 - 0.5  # centred: less cancellation in |a|² + |b|² − 2ab
    s: Floats = a @ b.T
    s *= -2.0
    s += np.einsum("ij,ij->i", a, x - 0.5)[:, None]
    s += (b * b) @ w
    return np.maximum(s, 0.0, out=s)


def matern52(s: Floats) -> tuple[Floats, Floats]:
    """Correlations `k` and their `slope` dk/ds at squared distances `s`; same shapes."""
    root = np.sqrt(5.0 * s)
    decay = np.exp(-root)
    root += 1.0
    root *= decay  # (1 + √5 r) e^{−√5 r}
    decay *= s
    decay *= 5.0 / 3.0
    decay += root
    root *= -5.0 / 6.0
    return decay, root


def weighted_squares(a: Floats, x: Floats) -> Floats:
    """Σ_ij a_ij (x_ik − x_jk)² for every column k, (D,); `a` (n, n) symmetric.

    With a = dL/ds this is the gradient of L in `w`, since s is linear in w.
    """
    c = x - 0.5
    gradient: Floats = 2.0 * (a.sum(axis=1) @ (c * c)) - 2.0 * np.einsum("ij,ij->j", c, a @ c)
    return gradient


def gradient_in_x(a: Floats, x: Floats, x2: Floats, w: Floats) -> Floats:
    """Σ_j a_ij ds_ij/dx_i, (n, D): by the chain rule the gradient of anything whose dL/ds is `a` (n, m)."""
    gradient: Floats = 2.0 * w * (x * a.sum(axis=1)[:, None] - a @ x2)
    return gradient
