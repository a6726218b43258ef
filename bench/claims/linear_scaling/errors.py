"""Errors of mlp-digits for every pair of batch size and learning rate; all else is held fast.

| symbol | meaning |
|---|---|
| `B` | batch size, 8 to 512; the base is 8 |
| `rate` | learning rate, 2^-12 to 2 by factors of 2 |

SGD with momentum 0.9 for 20 epochs, the rate warmed up linearly over the first tenth and constant after it, as Goyal et
al. do for large batches. A training that diverges predicts nothing: its error is that of chance.

Quick: 8 data splits, a minute and a half on one core; full: 40.
"""

from functools import cache

import numpy as np
import pandas as pd

from bench.claims.claim import Data, Profile, Setting
from bench.errors import UsageError
from bench.seeding import rng_for
from bench.threads import one_thread
from problems.case_losses import Supervised
from problems.registry import problem_entry
from problems.space import Config, Floats

TRAINING = "mlp-digits"
DIM = 10
INSTANCES = {"quick": 8, "full": 40}
LOG2_SIZES = tuple(range(3, 10))
LOG2_RATES = tuple(range(-12, 2))
BASE = LOG2_SIZES[0]
EPOCHS = 20
CHANCE = 0.9  # ten classes
FIXED: Config = {
    "epochs": EPOCHS, "hidden_layers": 1, "width": 64, "dropout": 0.0, "one_minus_momentum": 0.1, "weight_decay": 1e-4,
    "schedule": "warm-up", "activation": "relu",
}  # fmt: skip


def experiment(setting: Setting) -> Data:
    """Held-out error of each pair on every split; columns `instance`, `log2_size`, `log2_rate`, `error`."""
    return {"errors": errors_of(setting.profile)}


@cache
def errors_of(profile: Profile) -> pd.DataFrame:
    """Of both parts: their streams follow from split, size and rate, so that it is measured once for the two."""
    entry = problem_entry(TRAINING)
    if reason := entry.unavailable(DIM):
        raise UsageError(reason)
    rows = []
    with one_thread():
        for instance in range(INSTANCES[profile]):
            problem = entry.make(DIM, instance, rng_for("instance", TRAINING, DIM, instance))
            if not isinstance(problem, Supervised):
                raise TypeError(f"{TRAINING} has no case_losses")
            for size in LOG2_SIZES:
                for rate in LOG2_RATES:
                    config = {"learning_rate": 2.0**rate, "log2_batch_size": size, **FIXED}
                    rng = rng_for("linear-scaling", instance, size, rate)
                    losses = problem.case_losses(config, rng).held_out
                    error = float(losses.mean()) if np.isfinite(losses).all() else CHANCE
                    rows.append((instance, size, rate, error))
    return pd.DataFrame(rows, columns=["instance", "log2_size", "log2_rate", "error"])


def grid(errors: pd.DataFrame) -> Floats:
    """The errors as an array (n, sizes, rates), a split, a size and a rate along its axes."""
    ordered = errors.sort_values(["instance", "log2_size", "log2_rate"])["error"].to_numpy(dtype=float)
    return ordered.reshape(-1, len(LOG2_SIZES), len(LOG2_RATES))


def best_rates(table: Floats) -> Floats:
    """Log2 of the rate with the lowest error (…, rates) -> (…); the largest of equals."""
    rates: Floats = np.asarray(LOG2_RATES, dtype=float)[::-1][table[..., ::-1].argmin(axis=-1)]
    return rates


def chosen(errors: pd.DataFrame) -> Floats:
    """Log2 of the best rate (n, sizes) of each size by the mean over all other splits: it has not seen its own."""
    found = grid(errors)
    return best_rates(found.sum(axis=0) - found)


def at_rates(errors: pd.DataFrame, rates: Floats) -> pd.DataFrame:
    """Errors at these log2 rates (n, sizes), cut to the grid; between two of it the mean of both. Rows are splits."""
    place = np.minimum(rates, LOG2_RATES[-1]) - LOG2_RATES[0]
    found = grid(errors)
    ends = [np.take_along_axis(found, end(place).astype(int)[..., None], -1)[..., 0] for end in (np.floor, np.ceil)]
    return pd.DataFrame((ends[0] + ends[1]) / 2, columns=list(LOG2_SIZES))


def scaled(errors: pd.DataFrame, exponent: float) -> pd.DataFrame:
    """Errors when the base's best rate is multiplied by (B / 8)^`exponent`: rows splits, columns `log2_size`."""
    factors = exponent * (np.asarray(LOG2_SIZES, dtype=float) - BASE)  # log2
    return at_rates(errors, chosen(errors)[:, :1] + factors)


def tuned(errors: pd.DataFrame) -> pd.DataFrame:
    """Errors of each size's own best rate: rows splits, columns `log2_size`."""
    return at_rates(errors, chosen(errors))
