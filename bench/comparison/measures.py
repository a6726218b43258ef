"""Everything that a comparison says of two versions of a strategy, computed once."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.paired_change import (
    Estimate,
    Sight,
    changes,
    p_of,
    share_won,
    shift,
    sight,
    smallest_share,
    time_ratio,
)
from bench.analysis.paired_runs import STRATUM
from bench.analysis.regret import has_an_optimum, regret_curves
from bench.analysis.significance import holm
from bench.analysis.summary import at_the_end
from bench.comparison.pairing import INSTANCE, NEW, OLD, Match, Paired
from bench.comparison.rule import LEVEL, Evidence, Verdict, judge
from bench.comparison.same_trials import first_differences

SIDES = (OLD, NEW)


@dataclass(frozen=True)
class Seconds:
    """Of ask and tell per trial: medians over runs, and new over old run by run."""

    old: float
    new: float
    ratio: Estimate


@dataclass(frozen=True)
class Comparison:
    """Two versions of a strategy.

    `curves`: `regret_curves` of both, by `strategy` `OLD` and `NEW`; `pairs`: a row per pair of runs; `cells`: one per
    problem and dimension; `level` of the intervals of the whole; `failed_trials`: shares.
    """

    paired: Paired
    curves: pd.DataFrame
    pairs: pd.DataFrame
    cells: pd.DataFrame
    evidence: Evidence
    level: float
    verdict: Verdict
    sight: Sight | None  # of the ratio; None where there is none
    smallest_share: float  # won, that would have been found
    seconds: Seconds
    failed_trials: tuple[float, float]

    @property
    def match(self) -> Match:
        """The two names."""
        return self.paired.match

    @property
    def settled(self) -> pd.DataFrame:
        """The cells that differ, by Holm's correction."""
        return self.cells[self.cells["p_holm"] < 1 - LEVEL]

    @property
    def worse_cells(self) -> pd.DataFrame:
        """Those of them in which new is worse."""
        return self.settled[self.settled["moved"] > 0]


def comparisons(found: Sequence[Paired], margin: float) -> list[Comparison]:
    """Every match that has pairs; the more have other trials, the wider the intervals of each."""
    together = [(each, pairs_of(each, curves := regret_curves(each.runs, each.trials)), curves) for each in found]
    undecided = sum(bool(pairs["first_difference"].notna().any()) for _, pairs, _ in together)
    level = 1 - (1 - LEVEL) / max(undecided, 1)
    return [comparison(each, pairs, curves, margin, level) for each, pairs, curves in together]


def comparison(paired: Paired, pairs: pd.DataFrame, curves: pd.DataFrame, margin: float, level: float) -> Comparison:
    """One match."""
    change = pairs["change"].to_numpy(dtype=float)
    known = change[pairs["known"]]
    failed_runs, failed_trials = failures(paired)
    evidence = Evidence(
        pairs=int((~np.isnan(change)).sum()),
        differing=int(pairs["first_difference"].notna().sum()),
        failed=failed_runs,
        ratio=shift(known, level).power_of_ten() if len(known) else None,
        won=share_won(change, level),
    )
    untied = int(((change != 0) & ~np.isnan(change)).sum())
    return Comparison(
        paired=paired, curves=curves, pairs=pairs, cells=cells_of(pairs), evidence=evidence, level=level,
        verdict=judge(evidence, margin),
        sight=sight(known, math.log10(margin), 1 - level) if len(known) else None,
        smallest_share=smallest_share(untied, 1 - level), seconds=seconds_of(pairs), failed_trials=failed_trials,
    )  # fmt: skip


def pairs_of(paired: Paired, curves: pd.DataFrame) -> pd.DataFrame:
    """A row per pair of runs, in the order of `INSTANCE`.

    Columns: `INSTANCE`, `old` and `new` (regret at the end; inf: failed), `known` (whether above a stated optimum or
    bound), `change` (`changes`), `first_difference` (a trial's number; missing: the same trials) and its `column`,
    `old_s` and `new_s` (optimiser's seconds per trial).
    """
    ends = at_the_end(curves).fillna({"regret": np.inf})
    wide = ends.pivot(index=[*STRATUM, "seed"], columns="strategy", values="regret").reindex(columns=list(SIDES))
    stated = has_an_optimum(ends)[STRATUM].drop_duplicates().assign(known=True)
    first = first_differences(paired.trials).rename(columns={"trial": "first_difference"})
    instances = paired.runs[INSTANCE].drop_duplicates()
    table = (
        instances.merge(wide.reset_index(), on=[*STRATUM, "seed"], how="left")
        .merge(stated, on=STRATUM, how="left")
        .merge(optimiser_seconds(paired.trials), on=INSTANCE, how="left")
        .merge(first, on=INSTANCE, how="left")
    )
    known = table["known"].eq(True).to_numpy()
    old, new = (table[side].to_numpy(dtype=float) for side in SIDES)
    change = np.where(known, changes(old, new, True), changes(old, new, False))
    return table.assign(known=known, change=change, first_difference=table["first_difference"].astype("Int64"))


def optimiser_seconds(trials: pd.DataFrame) -> pd.DataFrame:
    """`old_s` and `new_s`: mean of ask and tell over a run's trials."""
    spent = trials.assign(s=trials["ask_s"] + trials["tell_s"])
    wide = spent.groupby([*INSTANCE, "strategy"])["s"].mean().unstack("strategy").reindex(columns=list(SIDES))
    return wide.rename(columns={side: f"{side}_s" for side in SIDES}).reset_index()


def failures(paired: Paired) -> tuple[tuple[int, int], tuple[float, float]]:
    """Failed runs of old and new, and the shares of their trials that failed."""
    runs, trials = paired.runs, paired.trials
    failed = runs[runs["status"] == "failed"]["strategy"].value_counts()
    bad = (~trials["status"].isin(["ok", "pruned"])).groupby(trials["strategy"]).mean()
    old_runs, new_runs = (int(failed.get(side, 0)) for side in SIDES)
    old_trials, new_trials = (float(bad.get(side, math.nan)) for side in SIDES)
    return (old_runs, new_runs), (old_trials, new_trials)


def seconds_of(pairs: pd.DataFrame) -> Seconds:
    """Of the pairs in which both sides had a trial."""
    there = pairs[["old_s", "new_s"]].dropna()
    ratio = time_ratio(there["old_s"], there["new_s"], LEVEL)
    return Seconds(float(there["old_s"].median()), float(there["new_s"].median()), ratio)


def cells_of(pairs: pd.DataFrame) -> pd.DataFrame:
    """A row per problem and dimension, in the order of `pairs`.

    Columns: `problem`, `dim`, `n` (pairs of which at least one run ended), `same` (pairs with the same trials), `old`
    and `new` (median regret), `moved` (the pseudo-median of `change`), `won` and `ratio` with `…_low` and `…_high` at
    95 % each (`ratio` NaN where no optimum is known), `p` of Wilcoxon's signed-rank test and `p_holm` over all cells,
    `factor` of regret that this test would have found with 80 % after the correction (inf: none).
    """
    rows = [
        {"problem": problem, "dim": dim, **cell(rows, pairs.groupby(STRATUM).ngroups)}
        for (problem, dim), rows in pairs.groupby(STRATUM, sort=False)
    ]
    table = pd.DataFrame(rows)
    return table.assign(p_holm=holm(table["p"].to_numpy(dtype=float)))


def cell(rows: pd.DataFrame, family: int) -> dict[str, Any]:
    """One of `family` cells."""
    change, known = rows["change"].to_numpy(dtype=float), bool(rows["known"].iloc[0])
    moved = shift(change, LEVEL)
    unknown = Estimate(math.nan, math.nan, math.nan)
    seen = sight(change, math.log10(2), (1 - LEVEL) / family).smallest if known else math.nan
    return {
        "n": int((~np.isnan(change)).sum()),
        "same": int(rows["first_difference"].isna().sum()),
        **{side: float(rows[side].median()) for side in SIDES},
        "moved": moved.value,
        **columns("won", share_won(change, LEVEL)),
        **columns("ratio", moved.power_of_ten() if known else unknown),
        "p": p_of(change),
        "factor": factor(seen),
    }


def columns(name: str, estimate: Estimate) -> dict[str, float]:
    """`name`, `name_low` and `name_high`."""
    ends = asdict(estimate)
    return {name: ends["value"], f"{name}_low": ends["low"], f"{name}_high": ends["high"]}


def summary(found: Sequence[Comparison]) -> pd.DataFrame:
    """A row per match, for a file."""
    rows = []
    for each in found:
        seen, evidence = each.sight, each.evidence
        rows.append(
            {
                "old": each.match.old, "new": each.match.new,
                "old_version": each.paired.versions[0], "new_version": each.paired.versions[1],
                "verdict": each.verdict.word, "reason": each.verdict.reason, "level": each.level,
                "pairs": evidence.pairs, "differing": evidence.differing,
                **columns("won", evidence.won),
                **columns("ratio", evidence.ratio or Estimate(math.nan, math.nan, math.nan)),
                "factor": factor(seen.smallest) if seen else math.nan,
                "pairs_to_find": seen.to_find if seen else math.nan,
                "pairs_to_exclude": seen.to_exclude if seen else math.nan,
                "old_s": each.seconds.old, "new_s": each.seconds.new, **columns("time_ratio", each.seconds.ratio),
                "old_failed": evidence.failed[0], "new_failed": evidence.failed[1],
                "old_failed_trials": each.failed_trials[0], "new_failed_trials": each.failed_trials[1],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def factor(decades: float) -> float:
    """Of decades the factor; inf from 300 on."""
    return 10.0**decades if decades < 300 else math.inf if decades >= 300 else math.nan
