"""How much better, not only whether: probability of improvement and interquartile means, with stratified intervals.

| symbol | meaning |
|---|---|
| stratum | a problem in a dimension; seeds are resampled within it, never across |
| `R` | bootstrap resamples |

Lower is better throughout. A missing value is a failed run and counts as infinitely bad.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.stats import trim_mean

from bench.analysis.statistics import LEVEL, RESAMPLES
from problems.space import Floats

STRATUM = ["problem", "dim"]
PAIR = ["problem", "dim", "instance", "seed"]


def wins(ours: Floats, theirs: Floats) -> Floats:
    """1 where ours is lower, ½ where equal, else 0; broadcasts. NaN counts as infinitely bad."""
    a, b = (np.nan_to_num(x, nan=np.inf, posinf=np.inf, neginf=-np.inf) for x in (ours, theirs))
    won: Floats = (a < b) + 0.5 * (a == b)
    return won


def probability_of_improvement(ours: Floats, theirs: Floats) -> float:
    """P(a run of ours is lower than one of theirs), ties ½: Mann-Whitney's U/(nm) over all pairs of (n,) and (m,).

    In [0, 1], ½ for equals. The same as Vargha & Delaney's A12 (2000, J. Educ. Behav. Stat. 25:101-132) of `theirs`
    over `ours`: A12(x, y) = P(x > y) + ½ P(x = y). Raises ValueError where a sample is empty.
    """
    if not (len(ours) and len(theirs)):
        raise ValueError(f"a probability of improvement needs runs on both sides, got {len(ours)} and {len(theirs)}")
    return float(wins(ours[:, None], theirs[None, :]).mean())


def interquartile_mean(values: Floats) -> Floats:
    """Mean of the middle half along the last axis (…, n) -> (…); ⌊n/4⌋ are cut at each end (Agarwal et al. 2021).

    NaN counts as infinitely bad, and makes the mean infinite where more than the upper quarter failed.
    """
    means: Floats = np.asarray(trim_mean(np.where(np.isnan(values), np.inf, values), 0.25, axis=-1))
    return means


def resampled(strata: Sequence[Floats], rng: Generator, resamples: int = RESAMPLES) -> Floats:
    """Bootstrap samples (R, N) of all values of `strata` [(n₁,), (n₂,), …], each drawn from its own stratum."""
    return np.concatenate([rng.choice(stratum, size=(resamples, len(stratum))) for stratum in strata], axis=1)


def interval(estimates: Floats, level: float = LEVEL) -> tuple[float, float]:
    """The percentile interval of bootstrap `estimates` (R,), both ends among them."""
    tails = [100 * (1 - level) / 2, 100 * (1 + level) / 2]
    low, high = np.percentile(estimates, tails, method="closest_observation")
    return float(low), float(high)


def interquartile_means(frame: pd.DataFrame, value: str, rng: Generator) -> pd.DataFrame:
    """Interquartile mean of `value` per strategy over all its runs, with a stratified bootstrap 95 % interval.

    One row per run in `frame` (`problem`, `dim`, `strategy`, `value`); `value` must be on a scale that problems share
    (a normalised score, log10 of regret). Columns: `strategy`, `iqm`, `low`, `high`, `n` (runs).
    """
    rows = []
    for strategy, runs in frame.groupby("strategy"):
        strata = [group.to_numpy(dtype=float) for _, group in runs.groupby(STRATUM)[value]]
        low, high = interval(interquartile_mean(resampled(strata, rng)))
        estimate = float(interquartile_mean(np.concatenate(strata)))
        rows.append({"strategy": strategy, "iqm": estimate, "low": low, "high": high, "n": len(runs)})
    return pd.DataFrame(rows, columns=["strategy", "iqm", "low", "high", "n"])


def paired_with(frame: pd.DataFrame, value: str, strategy: str, peer: str) -> pd.DataFrame:
    """Columns `problem`, `dim`, `instance`, `seed`, `ours`, `theirs`: the runs that both strategies have."""
    ours, theirs = (
        frame.loc[frame["strategy"] == name, [*PAIR, value]].rename(columns={value: role})
        for name, role in ((strategy, "ours"), (peer, "theirs"))
    )
    return ours.merge(theirs, on=PAIR, validate="one_to_one")


def improvements(frame: pd.DataFrame, value: str, strategy: str, rng: Generator) -> pd.DataFrame:
    """How probably a run of `strategy` is lower than a peer's: mean over strata, stratified bootstrap 95 % interval.

    Columns: `peer`, `n` (pairs of runs), `probability` over all pairs of a stratum; `paired`, the share won of pairs of
    the same instance and seed, with its interval `low`, `high`; `iqm_difference` of those pairs (ours - theirs, of
    pairs without a failed run; NaN where there is none) with `iqm_low`, `iqm_high`. A pair is resampled whole.
    """
    rows = []
    for peer in sorted(set(frame["strategy"]) - {strategy}):
        pairs = paired_with(frame, value, strategy, peer)
        if pairs.empty:
            continue
        groups = [group[["ours", "theirs"]].to_numpy(dtype=float).T for _, group in pairs.groupby(STRATUM)]
        won = [wins(ours, theirs) for ours, theirs in groups]
        means = np.stack([resampled([stratum], rng).mean(axis=1) for stratum in won])  # (strata, R)
        low, high = interval(means.mean(axis=0))
        gaps = [difference for ours, theirs in groups if len(difference := finite(ours - theirs))]
        iqm = float(interquartile_mean(np.concatenate(gaps))) if gaps else np.nan
        iqm_low, iqm_high = interval(interquartile_mean(resampled(gaps, rng))) if gaps else (np.nan, np.nan)
        rows.append(
            {
                "peer": peer,
                "n": len(pairs),
                "probability": float(np.mean([probability_of_improvement(*group) for group in groups])),
                "paired": float(np.mean([stratum.mean() for stratum in won])),
                "low": low,
                "high": high,
                "iqm_difference": iqm,
                "iqm_low": iqm_low,
                "iqm_high": iqm_high,
            }
        )
    columns = ["peer", "n", "probability", "paired", "low", "high", "iqm_difference", "iqm_low", "iqm_high"]
    return pd.DataFrame(rows, columns=columns)


def finite(values: Floats) -> Floats:
    """Those of `values` that are numbers."""
    kept: Floats = values[np.isfinite(values)]
    return kept
