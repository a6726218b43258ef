"""How good is an experiment of S independent trials? The scoring of Bergstra & Bengio (2012), section 2.1.

| symbol | meaning |
|---|---|
| `S` | trials of an experiment; `B`: trials of the pool that experiments are taken from |
| `P` | a zero-one loss measured on `n` cases; its variance is P(1 − P)/(n − 1) |
| `Z` | a validation error as it might have been with other cases: N(P_valid, its variance) |
| `w` | (S,) for each trial the probability that it has the lowest Z |

The trial that happens to have the lowest validation error need not be the best one. Hence the test error of an
experiment is that of a mixture: trial s with weight w_s. Its mean over all experiments of S trials is the expected best
of S of the pool (`bench.analysis.anytime`), chosen by Z.

All this is for trials that are independent draws from one distribution, as random search's are. Those of a grid, of
Sobol' or Halton sequences or of a searcher that learns are not: they make one experiment, never several.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.anytime import best_of, random_needs
from problems.space import Floats

DRAWS = 1000  # of Z, for weights and for expected scores
DRAWS_PER_REPLICATE = 20  # of Z in one of the bootstrap's; their noise widens the interval a little


@dataclass(frozen=True, eq=False)
class Losses:
    """Zero-one losses of trials, and on how many cases they were measured."""

    validation: Floats  # (S,)
    test: Floats  # (S,)
    validation_cases: int
    test_cases: int

    def __post_init__(self) -> None:
        if not (np.isfinite(self.validation).all() and np.isfinite(self.test).all()):
            raise ValueError("losses must be finite; let a failed trial count as the worst of its pool (`losses_of`)")

    def __len__(self) -> int:
        return len(self.validation)

    def some(self, trials: np.ndarray | slice) -> "Losses":
        """Those of the chosen trials."""
        return Losses(self.validation[trials], self.test[trials], self.validation_cases, self.test_cases)


def losses_of(trials: pd.DataFrame, validation_cases: int, test_cases: int) -> Losses:
    """The losses in the columns `value` and `test_value`; a failed trial counts as the worst that did not fail.

    Raises ValueError where all failed.
    """
    told = trials["value"].to_numpy(dtype=float)
    test = trials["test_value"].to_numpy(dtype=float)
    known = np.isfinite(told) & np.isfinite(test)
    if not known.any():
        raise ValueError(f"losses need a trial that succeeded, got {len(told)} trials and none")
    return Losses(
        np.where(known, told, told[known].max()), np.where(known, test, test[known].max()), validation_cases, test_cases
    )


def loss_variance(loss: Floats, cases: int) -> Floats:
    """The variance of a mean of `cases` zero-one losses."""
    return loss * (1.0 - loss) / (cases - 1)


def redrawn(losses: Losses, draws: int, rng: Generator) -> Floats:
    """Validation errors Z (draws, S) as they might have been."""
    spread = np.sqrt(loss_variance(losses.validation, losses.validation_cases))
    return losses.validation + spread * rng.standard_normal((draws, len(losses)))


def winner_weights(losses: Losses, rng: Generator, draws: int = DRAWS) -> Floats:
    """P(trial s is the best) (S,), by simulation; trials that tie share."""
    z = redrawn(losses, draws, rng)
    best = z == z.min(axis=1, keepdims=True)
    weights: Floats = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights


def mixture(weights: Floats, means: Floats, variances: Floats) -> tuple[float, float]:
    """Mean and variance of a mixture of Gaussians."""
    mean = float(weights @ means)
    return mean, float(weights @ (means**2 + variances)) - mean**2


def score(losses: Losses, rng: Generator) -> tuple[float, float]:
    """Test error of the experiment that these trials are: mean and variance."""
    weights = winner_weights(losses, rng)
    return mixture(weights, losses.test, loss_variance(losses.test, losses.test_cases))


def efficiency_curve(pool: Losses, rng: Generator) -> pd.DataFrame:
    """Scores of disjoint experiments of 1, 2, 4, 8, … trials: B/S of S trials, in the order of the pool.

    Columns: `size` (S), `experiment`, `mean`, `variance`. For independent trials only.
    """
    rows = []
    for size in (2**k for k in range(len(pool).bit_length())):
        for experiment in range(len(pool) // size):
            mean, variance = score(pool.some(slice(experiment * size, (experiment + 1) * size)), rng)
            rows.append({"size": size, "experiment": experiment, "mean": mean, "variance": variance})
    return pd.DataFrame(rows)


def all_experiments(size: int) -> Floats:
    """Row n − 1 (of `size`): the weights of the sorted pool in the expected best of n."""
    return np.array([best_of(n, size) for n in range(1, size + 1)])


def expected_scores(pool: Losses, weights: Floats, rng: Generator, draws: int = DRAWS) -> Floats:
    """Expected score (B,) of an experiment of n = 1..B trials, over all the experiments that the pool contains.

    `weights` is `all_experiments(B)`.
    """
    z = redrawn(pool, draws, rng)
    order = np.lexsort((rng.random(z.shape), z), axis=-1)  # ties in random order
    expected: Floats = weights @ pool.test[order].mean(axis=0)
    return expected


def matches(pool: Losses, rival: Losses, rng: Generator, replicates: int) -> tuple[pd.DataFrame, Floats]:
    """How many of the pool's trials match another experiment: their expected score is as low as its score.

    Returns a table with a row per replicate (0 is the estimate) and the expected scores (replicates + 1, B) behind it.
    Columns: `replicate`, `rival` (the other's score), `needs` (trials, between whole ones by interpolation), `censored`
    (the pool is too small, and `needs` is its size). A replicate resamples the pool's trials, and draws which of the
    rival's trials validation cases of that number would have chosen. What it cannot see is that the rival's trials were
    each trained once.
    """
    size = len(pool)
    weights = all_experiments(size)
    curves = [expected_scores(pool, weights, rng)]
    rivals = [score(rival, rng)[0]]
    for _ in range(replicates):
        resampled = pool.some(rng.integers(size, size=size))
        curves.append(expected_scores(resampled, weights, rng, DRAWS_PER_REPLICATE))
        rivals.append(float(winner_weights(rival, rng, 1) @ rival.test))
    needs = np.array([random_needs(np.array([r]), c)[0] for r, c in zip(rivals, curves, strict=True)])
    censored = np.isinf(needs)
    table = pd.DataFrame(
        {
            "replicate": range(replicates + 1),
            "rival": rivals,
            "needs": np.where(censored, float(size), needs),
            "censored": censored,
        }
    )
    return table, np.array(curves)
