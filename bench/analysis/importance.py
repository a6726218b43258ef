"""Which parameters matter: from a table of trials, by the length scales and the variance of a Gaussian process.

| symbol | meaning |
|---|---|
| relevance | 1/ℓ of a parameter: how fast the values change along it (Bergstra & Bengio 2012, Figure 7) |
| share | relevance over the sum of all parameters' |
| first | S_j = V(E(f | x_j)) / V(f): the part of the variance that x_j explains alone (Sobol' 1993) |
| total | T_j = 1 − V(E(f | all but x_j)) / V(f): the part that x_j has a hand in (Homma & Saltelli 1996) |

All in the unit cube, where every parameter has the distribution that it is searched in: log scales are uniform, and
integers and choices lie on their lattice. The paper's process has a squared-exponential kernel, ours a Matérn-5/2 and
values that are warped: length scales compare within a data set, their digits do not compare with the paper's.
Variances are those of the told values; an error that is nearly always the same but for rare disasters is explained by
what makes the disasters. First and total indices differ by the interactions; totals add up to 1 or more.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.stats import norm, sobol_indices, uniform

from bench.analysis.statistics import LEVEL, bounds
from bench.analysis.surrogate import Surrogate, fit, observations
from bench.threads import one_thread
from problems.space import Floats, SearchSpace

POINTS = 1024  # of the integrals, per base sample; a power of two
REFIT_POINTS = 256
REFITS, SUBSET = 50, 0.8  # as in the paper
RESAMPLES = 200
RELEVANT = 0.05  # of the variance: a total effect above it counts as relevant
MEASURES = ("share", "first", "total")


def importance(space: SearchSpace, trials: pd.DataFrame, rng: Generator, points: int = POINTS) -> pd.DataFrame:
    """One row per parameter, from one fit to all `trials` (columns `config`, as JSON, and `value`).

    Columns: `parameter`, `length_scale`, `relevance`, `share`, `first`, `total`, each index with the 95 % interval of
    its integration (`first_low`, …). How much it owes to these trials and not to others is for `refits` to say.
    Raises ValueError for too few trials, and for values that are all equal.
    """
    with (
        one_thread()
    ):  # matrices of a few hundred rows: threads would wait for one another, on a busy machine for minutes
        surrogate = fit(space, *observations(space, trials))
        return relevances(surrogate).merge(variance_shares(surrogate, rng, points), on="parameter")


def relevances(surrogate: Surrogate) -> pd.DataFrame:
    """Columns `parameter`, `length_scale`, `relevance`, `share`."""
    scales = surrogate.length_scales
    relevance = 1.0 / scales
    return pd.DataFrame(
        {
            "parameter": surrogate.space.names,
            "length_scale": scales,
            "relevance": relevance,
            "share": relevance / relevance.sum(),
        }
    )


def variance_shares(
    surrogate: Surrogate, rng: Generator, points: int = POINTS, resamples: int = RESAMPLES
) -> pd.DataFrame:
    """`sobol_shares` of what the surrogate predicts."""
    return sobol_shares(surrogate.predict, surrogate.space.names, rng, points, resamples)


def sobol_shares(
    function: Callable[[Floats], Floats],
    names: Sequence[str],
    rng: Generator,
    points: int = POINTS,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """Sobol' indices of a `function` of points (m, d) of the unit cube, by `points` (d + 2) of its values (m,).

    Saltelli et al. 2010. Columns: `parameter` (of `names`), `first`, `total`; with `resamples` > 0 bootstrap intervals
    `first_low`, `first_high`, `total_low`, `total_high` of the integration. All NaN where all values are one.
    """

    def predicted(units: Floats) -> Floats:  # (d, m) -> (1, m)
        return function(units.T)[None]

    d = len(names)
    table = pd.DataFrame({"parameter": list(names)})
    if np.ptp(predicted(rng.random((d, 64)))) == 0.0:
        return table.assign(**dict.fromkeys(("first", "total"), math.nan))
    seen: list[tuple[Floats, Floats, Floats]] = []

    def kept(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:
        seen.append((f_A, f_B, f_AB))
        return saltelli_2010(f_A, f_B, f_AB)

    cube: Any = [uniform()] * d  # the stubs do not know that a frozen distribution has a quantile function
    found = sobol_indices(func=predicted, n=points, dists=cube, method=kept, rng=rng)
    table = table.assign(first=found.first_order.ravel(), total=found.total_order.ravel())
    if not resamples:
        return table
    (values,) = seen
    rows = rng.integers(points, size=(resamples, points))  # not scipy's bootstrap: it takes no generator
    again = [saltelli_2010(*(part[..., row] for part in values)) for row in rows]
    for name, estimates in zip(("first", "total"), zip(*again, strict=True), strict=True):
        low, high = bounds(np.array(estimates)[:, 0])
        table[f"{name}_low"], table[f"{name}_high"] = low, high
    return table


def saltelli_2010(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:
    """First and total indices, (s, d) each, of values (s, n), (s, n) and (d, s, n), less their mean.

    Saltelli et al. 2010, Comput. Phys. Commun. 181:259-270, Table 2 (b) and (f).
    """
    variance = np.var([f_A, f_B], axis=(0, -1))  # (s,)
    first = np.mean(f_B * (f_AB - f_A), axis=-1) / variance
    total = 0.5 * np.mean((f_A - f_AB) ** 2, axis=-1) / variance
    return first.T, total.T


def refits(
    space: SearchSpace, trials: pd.DataFrame, rng: Generator, count: int = REFITS, points: int = REFIT_POINTS
) -> pd.DataFrame:
    """Importance from `count` fits, each to a random `SUBSET` of the trials, drawn without replacement.

    Columns: `refit`, `parameter`, `length_scale`, `relevance`, `share`, `first`, `total`, and `explained`: R² of the
    predictions for the trials that the fit did not see. Below about ½ there is little that importance could be of.
    """
    units, values = observations(space, trials)
    with one_thread():
        tables = [refit(space, units, values, rng, points).assign(refit=number) for number in range(count)]
    return pd.concat(tables, ignore_index=True)


def refit(space: SearchSpace, units: Floats, values: Floats, rng: Generator, points: int) -> pd.DataFrame:
    """One of the `refits`."""
    order, kept = rng.permutation(len(values)), round(SUBSET * len(values))
    seen, unseen = order[:kept], order[kept:]
    surrogate = fit(space, units[seen], values[seen])
    table = relevances(surrogate).merge(variance_shares(surrogate, rng, points, resamples=0), on="parameter")
    return table.assign(explained=r_squared(values[unseen], surrogate.predict(units[unseen])))


def r_squared(values: Floats, predicted: Floats) -> float:
    """1 − residual over total sum of squares; NaN where the values are all equal."""
    total = float(np.sum((values - values.mean()) ** 2))
    return 1.0 - float(np.sum((values - predicted) ** 2)) / total if total > 0.0 else math.nan


def standard_errors(estimates: Floats) -> Floats:
    """Standard errors (…) of a number estimated from all trials, given its estimates (R, …) from subsets of them.

    Subsets share most of their trials and differ less than samples would. The delete-d jackknife (Shao & Wu 1989,
    Ann. Statist. 17:1176-1197) multiplies their standard deviation by the root of kept/left out: 2 for four fifths.
    """
    errors: Floats = math.sqrt(SUBSET / (1 - SUBSET)) * estimates.std(axis=0)
    return errors


def summarised(fits: pd.DataFrame, measures: Sequence[str] = MEASURES) -> pd.DataFrame:
    """The rows of `refits` as one per parameter and measure: `parameter`, `measure`, `mean`, `error`, `low`, `high`.

    The interval is the mean ± 1.96 `standard_errors`: over trials that might have been drawn instead.
    """
    half = float(norm.ppf((1 + LEVEL) / 2))
    order = list(fits["parameter"].unique())
    parts = []
    for measure in measures:
        wide = fits.pivot(index="refit", columns="parameter", values=measure)[order]
        table = pd.DataFrame({"parameter": order, "measure": measure, "mean": wide.mean().to_numpy()})
        parts.append(table.assign(error=standard_errors(wide.to_numpy())))
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(low=rows["mean"] - half * rows["error"], high=rows["mean"] + half * rows["error"])


def half_an_equal_share(d: int) -> float:
    """What a share of the relevance must exceed to count as relevant, of `d` parameters.

    Length scales never become infinite: parameters without any effect keep some percent of the relevance.
    """
    return 0.5 / d


def relevant(shares: Floats, least: float) -> int:
    """How many of `shares` (d,) lie above `least`: the effective dimension, where each parameter is weighed alone.

    `least` is `half_an_equal_share` for shares of the relevance, `RELEVANT` for total effects.
    """
    return int(np.sum(np.asarray(shares) > least))


def smallest_set(shares: Floats, part: float = 0.9) -> int:
    """The fewest of `shares` (d,) that add up to `part` of them all: the effective dimension, weighed together.

    Negative shares, which integration leaves of zeros, count as 0. Raises ValueError where nothing is left.
    """
    ordered = np.sort(np.maximum(np.asarray(shares, dtype=float), 0.0))[::-1]
    if not ordered.sum() > 0.0:
        raise ValueError(f"an effective dimension needs a share above 0, got {list(shares)}")
    reached = np.cumsum(ordered) / ordered.sum()
    return int(np.argmax(reached >= part - 1e-12)) + 1
