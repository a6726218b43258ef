"""One number per strategy over everything that was run, each with its 95 % interval.

Intervals are of the stratified bootstrap (`bench.analysis.statistics`): what other seeds would have shown on the same
problems, n - 1 of n seeds drawn, all strategies of a seed together; of the efficiency, of a jackknife. NaN: with one
seed per problem and dimension nothing can be resampled.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from bench.analysis.anytime import areas, random_curves
from bench.analysis.paired_runs import final_regrets, iqm_of_differences, log_ratios, of_strata, win_shares
from bench.analysis.regret import has_an_optimum, known_optimum
from bench.analysis.sample_efficiency import efficiencies
from bench.analysis.scores import BASELINE
from bench.analysis.statistics import RESAMPLES, bounds, median, stratified_means
from bench.analysis.summary import at_the_end, final
from problems.space import Floats

SEED = ["problem", "dim", "seed"]


def overall(
    runs: pd.DataFrame, trials: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    """A row per strategy (index), columns `x`, `x_low`, `x_high` of every measure x; NaN where it cannot be had.

    | x | meaning |
    |---|---|
    | `mean_rank` | at the end of the budget over problems, dimensions and seeds |
    | `score` | median over problems and dimensions of the median regret over random's; 0: the optimum |
    | `won` | share of runs that end lower than random's on the same instance with the same seed, ties ½ |
    | `ratio` | regret over random's, run by run: 10^(interquartile mean of the log10) |
    | `area` | mean area under the normalised regret: 0 is the optimum from the first trial on, 1 random's first trial |
    | `efficiency` | trials that random needs for the same mean normalised regret, over those spent |

    `efficiency_censored`: a lower bound, for all of random's draws together never came as far.
    All but the first need random search; all but `won` of these a known optimum or bound as well.
    """
    names = sorted(curves["strategy"].unique())
    known, ends = has_an_optimum(curves), at_the_end(curves)
    known_ends, optima = has_an_optimum(ends), known_optimum(runs, trials)[1]
    tables = [rank_means(ranked, rng)]
    if BASELINE in names:
        tables += [scores(known_ends, rng), against_random(ends, known_ends, rng)]
        tables += [area_means(known, optima, rng), efficiencies(known_ends, optima)]
    measures = ["mean_rank", "score", "won", "ratio", "area", "efficiency"] if BASELINE in names else ["mean_rank"]
    columns = [f"{measure}{end}" for measure in measures for end in ("", "_low", "_high")]
    columns += ["efficiency_censored"] if BASELINE in names else []
    table = pd.concat([pd.DataFrame(index=names), *tables], axis=1)
    return table.reindex(columns=columns).rename_axis("strategy")


def measured(name: str, strategies: pd.Index, estimate: Floats, boot: Floats, seeds: int) -> pd.DataFrame:
    """`estimate` (k,) with the interval of `boot` (R, k) as columns; NaN for the interval of one seed."""
    low, high = bounds(boot) if seeds > 1 else np.full((2, len(estimate)), np.nan)
    return pd.DataFrame({name: estimate, f"{name}_low": low, f"{name}_high": high}, index=strategies)


def rank_means(ranked: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Mean rank at the end of each cell's budget; `ranked` are the rows of `ranks`."""
    if ranked.empty:
        return pd.DataFrame()
    wide = final(ranked, SEED).pivot(index=SEED, columns="strategy", values="rank")
    strata = of_strata(wide)
    return measured("mean_rank", wide.columns, wide.mean().to_numpy(), stratified_means(strata, rng), most(strata))


def most(strata: Sequence[Floats]) -> int:
    """The largest number of seeds of a stratum."""
    return max(map(len, strata), default=0)


def scores(curves: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """The score of `summarise` with its interval."""
    wide = final_regrets(curves)
    if BASELINE not in wide:
        return pd.DataFrame()
    strata, baseline = of_strata(wide), list(wide.columns).index(BASELINE)

    def score(medians: Sequence[Floats]) -> Floats:
        """Medians [(…, k), …] of regrets over seeds, by stratum -> (…, k)."""
        of_random = [np.where(np.isfinite(m) & (m > 0), m, np.nan)[..., [baseline]] for m in medians]
        over = np.stack([m / r for m, r in zip(medians, of_random, strict=True)])
        return median(over, 0)

    rows = [rng.integers(len(x), size=(RESAMPLES, max(len(x) - 1, 1))) for x in strata]
    boot = score([median(x[chosen], 1) for x, chosen in zip(strata, rows, strict=True)])
    return measured("score", wide.columns, score([median(x, 0) for x in strata]), boot, most(strata))


def against_random(curves: pd.DataFrame, known: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """`won` and `ratio`, run by run against random search; `known` are the rows of `curves` whose optimum is stated."""
    wide = final_regrets(curves)
    names, baseline = list(wide.columns), list(wide.columns).index(BASELINE)
    share, low, high = win_shares(of_strata(wide), rng)
    table = pd.DataFrame(
        {"won": share[:, baseline], "won_low": low[:, baseline], "won_high": high[:, baseline]}, index=names
    )
    strata = of_strata(final_regrets(known).reindex(columns=names))
    logs = [iqm_of_differences([log_ratios(x, number, baseline) for x in strata], rng) for number in range(len(names))]
    ratios = 10.0 ** np.array([row[:3] for row in logs])
    return table.assign(**dict(zip(("ratio", "ratio_low", "ratio_high"), ratios.T, strict=True))).drop(BASELINE)


def area_means(curves: pd.DataFrame, trials: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """The mean of `areas`; `trials` are those of `known_optimum`."""
    table = areas(curves, random_curves(trials, 1))
    if table.empty:
        return pd.DataFrame()
    wide = table.pivot(index=SEED, columns="strategy", values="area")
    strata = of_strata(wide)
    return measured("area", wide.columns, wide.mean().to_numpy(), stratified_means(strata, rng), most(strata))
