"""The rule by which one version is called better or worse than another; fixed here, before any run."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bench.analysis.paired_change import Estimate

Word: TypeAlias = Literal["better", "worse", "no difference", "cannot tell"]

LEVEL = 0.95  # of the intervals of all strategies together
MARGIN = 1.25  # regulators call two medicines equivalent within 0.80 to 1.25

RULE = (
    "The same trials, bit for bit, in every pair of runs: no difference.",
    "Runs of the new version fail, and none of the old one did: worse. A strategy that raises is no matter of chance.",
    "Otherwise the ratio of regrets decides, new over old, run by run on the same instance and seed, by its interval. "
    "All of it within the margin: no difference. All of it below 1: better. All of it above 1: worse.",
    "Where no problem has a known optimum or bound, so that there is no ratio, the share of pairs decides that the new "
    "version won: its interval above one half is better, below one half worse.",
    "In every other case: cannot tell.",
)
ERRORS = (
    "Where old and new may change places without anything changing, better and worse are each said by chance at most "
    "2.5 times in a hundred, for all strategies together: intervals are those of Wilcoxon's signed-rank test (Hodges & "
    "Lehmann 1963), which hold for any number of pairs, and for k strategies are at 100 − 5/k %. Where the true ratio "
    "is beyond the margin, no difference is said as seldom."
)


@dataclass(frozen=True)
class Evidence:
    """What the rule looks at."""

    pairs: int  # of runs, of which at least one ended
    differing: int  # of these and of those that failed on both sides, with other trials
    failed: tuple[int, int]  # runs, old and new
    ratio: Estimate | None  # of regrets; None where no optimum is known
    won: Estimate


@dataclass(frozen=True)
class Verdict:
    """A word, and why."""

    word: Word
    reason: str


def judge(evidence: Evidence, margin: float) -> Verdict:
    """`RULE`; `margin` > 1."""
    old_failed, new_failed = evidence.failed
    if not evidence.differing:
        return Verdict("no difference", "the same trials, bit for bit")
    if new_failed and not old_failed:
        return Verdict("worse", f"{new_failed} of its runs failed, none of the old ones did")
    if evidence.ratio is None:
        return by_interval(evidence.won, 0.5, "share of pairs won")
    ratio = evidence.ratio
    if 1 / margin < ratio.low and ratio.high < margin:
        return Verdict("no difference", f"the interval lies within the margin, {1 / margin:.2g} to {margin:.3g}")
    upside_down = Estimate(-ratio.value, -ratio.high, -ratio.low)  # a smaller ratio is better
    return by_interval(upside_down, -1.0, "ratio of regrets")


def by_interval(estimate: Estimate, neutral: float, name: str) -> Verdict:
    """What an interval says of which larger is better."""
    if math.isnan(estimate.value):
        return Verdict("cannot tell", "no pair of runs can be compared")
    if estimate.low > neutral:
        return Verdict("better", f"by the {name}")
    if estimate.high < neutral:
        return Verdict("worse", f"by the {name}")
    return Verdict("cannot tell", f"by the {name}")
