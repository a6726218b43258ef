"""What a comparison of two versions says, in sentences."""

import math

import pandas as pd

from bench.analysis.paired_change import Estimate
from bench.comparison.measures import Comparison, factor
from bench.comparison.rule import LEVEL
from bench.plots.style import shown
from bench.report.wording import bracket, listed, number, plural, seconds, share

MOST_CELLS = 6  # that a sentence names
MOST_PAIRS = 10_000_000  # beyond it, a number of runs is no advice


def times(value: float) -> str:
    """A factor: `"1.62"`, `"150"`, `"0.0031"`."""
    if not math.isfinite(value) or value == 0 or 0.095 <= value < 99.5:
        return number(value)
    return f"{value:.0f}" if 99.5 <= value < 1e5 else f"{value:.2g}"


def with_interval(estimate: Estimate) -> str:
    """`"1.62 [1.31, 2.04]"`; `"1.62"` where there are too few pairs for an interval."""
    known = not (estimate.low == 0 and math.isinf(estimate.high))
    return f"{times(estimate.value)}{bracket(estimate.low, estimate.high, times) if known else ''}"


def sentences(found: Comparison, margin: float, one_machine: bool) -> list[str]:
    """Same trials or not, the verdict's numbers, what could not have been seen, single cells, time, failures."""
    if not found.evidence.differing:
        return [same_trials(found), *failures(found), time(found, one_machine)]
    one_strategy = found.match.old == found.match.new
    return [
        *([same_trials(found)] if one_strategy else []), numbers(found), *unseen(found, margin), single_cells(found),
        *failures(found), time(found, one_machine),
    ]  # fmt: skip


def same_trials(found: Comparison) -> str:
    """Whether anything changed at all."""
    total, differing = len(found.pairs), found.evidence.differing
    if not differing:
        whole = f"All {total} {plural('run', total)} have" if total > 1 else "The run has"
        return f"{whole} the same trials as before, bit for bit."
    first = found.pairs.dropna(subset="first_difference").iloc[0]
    where = f"{shown(first['problem'])}-{first['dim']}d, seed {first['seed']}"
    what = first["column"] if first["column"] != "trial" else "one of them has none there"
    trial = f"from trial {first['first_difference']} on ({what})"
    said = f"{differing} of {total} runs have other trials; the first is {where}, {trial}."
    old, new = found.paired.versions
    if old == new:
        said += f" Both are {old}: what changed lies elsewhere, or the strategy does not repeat itself."
    return said


def numbers(found: Comparison) -> str:
    """The ratio and the share of pairs won."""
    evidence = found.evidence
    level = f"{100 * found.level:.3g} %"
    won = f"lower in {share(evidence.won.value)}{bracket(evidence.won.low, evidence.won.high, share)}"
    runs = f"{evidence.pairs} {plural('pair', evidence.pairs)} of runs"
    if evidence.ratio is None:
        return f"No optimum or bound is known, so there is no ratio: new is {won} of {runs} ({level} interval)."
    counted = int((found.pairs["known"] & found.pairs["change"].notna()).sum())
    of = "" if counted == evidence.pairs else f" over the {counted} pairs with a known optimum or bound"
    return (
        f"Regret of new is {with_interval(evidence.ratio)} times the old one{of}, {won} of {runs} ({level} intervals)."
    )


def unseen(found: Comparison, margin: float) -> list[str]:
    """What so many pairs could not have seen, and how many could."""
    pairs = found.evidence.pairs
    runs = f"{pairs} {plural('pair', pairs)}"
    if found.sight is None:
        return [
            f"With {runs}, new would have had to win {share(found.smallest_share)} of them to be found better (80 %)."
        ]
    cells, sight = len(found.cells), found.sight
    per_cell = f"{pairs / cells:.3g} now"
    if math.isinf(sight.smallest):
        said = f"With {runs} no difference, however large, could have been found."
    elif math.isnan(sight.smallest):
        return []
    else:
        said = f"With {runs}, a change by a factor of {times(factor(sight.smallest))} is found with 80 % probability."
    if math.isnan(sight.to_find):
        return [f"{said} Run six seeds or more." if math.isinf(sight.smallest) else said]
    if max(sight.to_find, sight.to_exclude) > MOST_PAIRS:
        return [f"{said} No number of seeds that anybody runs would see the margin."]
    find, exclude = (math.ceil(n / cells) for n in (sight.to_find, sight.to_exclude))
    return [
        f"{said} To find one by the margin, {times(margin)}, takes {find} {plural('seed', find)} per problem and "
        f"dimension, to show that there is none {exclude} ({per_cell})."
    ]


def single_cells(found: Comparison) -> str:
    """Which problems in which dimensions differ, by Holm's correction."""
    total = len(found.cells)
    if found.settled.empty:
        return f"Taken alone, no problem and dimension differs (Holm's correction for {total})."
    better = found.settled[found.settled["moved"] < 0]
    said = [
        f"{word} on {cells_in_words(cells)}" for word, cells in (("worse", found.worse_cells), ("better", better))
        if len(cells)
    ]  # fmt: skip
    return f"Taken alone, new is {'; '.join(said)} (Holm's correction for {total}, {1 - LEVEL:.2g})."


def cells_in_words(cells: pd.DataFrame) -> str:
    """`"ackley-2d (×1.8) and …"`."""
    words = [
        f"{shown(row['problem'])}-{row['dim']}d" + ("" if math.isnan(row["ratio"]) else f" (×{times(row['ratio'])})")
        for row in cells.to_dict("records")
    ]
    return listed(words if len(words) <= MOST_CELLS else [*words[:MOST_CELLS], f"{len(words) - MOST_CELLS} more"])


def failures(found: Comparison) -> list[str]:
    """Failed runs and trials, where there are any."""
    old, new = found.evidence.failed
    said = [f"{new} of {len(found.pairs)} runs failed, {old} did before"] if old or new else []
    before, now = found.failed_trials
    if before > 0 or now > 0:
        said.append(f"{share(now)} of trials failed, {share(before)} did before")
    return [f"{'; '.join(said)}."] if said else []


def time(found: Comparison, one_machine: bool) -> str:
    """The optimiser's own time."""
    spent = found.seconds
    said = (
        f"The optimiser takes {seconds(spent.new)} per trial, it took {seconds(spent.old)} "
        f"(×{with_interval(spent.ratio)})"
    )
    return f"{said}." if one_machine else f"{said}; on another machine, so that this says little."
