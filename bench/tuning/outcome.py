"""What a tuning was worth: winner against defaults on the same fresh seeds, and what to be wary of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bench.claims.intervals import half_width
from bench.report.wording import last_line, plural
from bench.tuning.design import Design
from bench.tuning.stages import CONFIRM, DEFAULTS, WINNER
from bench.tuning.trials import again, candidates, pairs
from problems.space import Categorical, Config, SearchSpace

EDGE = 0.025  # of a range, from which on a value lies at its end
WIDE = 0.5  # a gap as wide as so much of what it is measured by
SCORES: Mapping[str, str] = {"value": "validation", "test_value": "test", "train_value": "training"}


@dataclass(frozen=True)
class Estimate:
    """A mean over `n` seeds with its 95 % interval (Student's), which is open below two."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        interval = f"[{self.low:.4g}, {self.high:.4g}]" if self.n > 1 else "[no interval: one seed]"
        return f"{self.mean:.4g} {interval}"


def estimate(values: pd.Series) -> Estimate:
    """The mean of independent `values`, at least one."""
    mean, half = float(values.mean()), half_width(values)
    return Estimate(mean, mean - half, mean + half, len(values))


@dataclass(frozen=True)
class Scored:
    """One score of both: `gain` is defaults − winner, seed by seed; positive is better."""

    score: str
    defaults: Estimate
    winner: Estimate
    gain: Estimate


@dataclass(frozen=True)
class Outcome:
    """What came of it. `told` is the winner's score as the search saw it; `scores` as far as they could be had."""

    winner: Config
    told: float
    scores: Sequence[Scored]
    verdict: str
    is_better: bool  # on the mean of the validation score
    warnings: Sequence[str]


def winner_of(trials: pd.DataFrame) -> tuple[Config, float] | None:
    """The config of the lowest score among whole trials of the search, and that score; None where all failed."""
    whole = candidates(trials)
    if whole.empty:
        return None
    best = whole.iloc[int(whole["value"].argmin())]
    return dict(best["config"]), float(best["value"])


def outcome_of(design: Design, trials: pd.DataFrame, winner: Config, told: float) -> Outcome:
    """All that can be said, from the trials of all stages."""
    scores = [scored(trials, column) for column in SCORES if len(pairs(trials, column))]
    by_score = {each.score: each for each in scores}
    validation = by_score.get("validation")
    warnings = [
        *failures(trials),
        *repeats_alike(trials),
        *not_on_test(by_score),
        *gaps(trials),
        *at_the_edge(design.problem.space, winner),
    ]
    is_better = validation is not None and validation.gain.mean > 0
    return Outcome(winner, told, scores, verdict(validation), is_better, warnings)


def scored(trials: pd.DataFrame, column: str) -> Scored:
    """A score of both on the seeds where both have it."""
    both = pairs(trials, column)
    gain = both["defaults"] - both[WINNER]
    return Scored(SCORES[column], estimate(both["defaults"]), estimate(both[WINNER]), estimate(gain))


def in_short(value: object) -> str:
    """A parameter's value for people: floats with four digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def verdict(validation: Scored | None) -> str:
    """The comparison in one sentence."""
    if validation is None:
        return "Winner and defaults cannot be compared: no seed gave a score of both."
    gain = validation.gain
    seeds = f"{gain.n} {plural('seed', gain.n)}"
    if gain.low > 0:
        of_it = (
            gain.mean / validation.defaults.mean if min(validation.defaults.mean, validation.winner.mean) > 0 else 0.0
        )
        share = f", {of_it:.0%} of it" if of_it else ""
        return (
            f"The winner's validation score is lower than your defaults' by {gain}{share}, trained again on {seeds} "
            "that the search did not see."
        )
    if gain.high < 0:
        loss = Estimate(-gain.mean, -gain.high, -gain.low, gain.n)
        return f"The winner is worse than your defaults, by {loss} on {seeds}: keep them."
    return (
        f"No better than your defaults, as far as {seeds} can tell: lower by {gain}. "
        "The search followed noise, or there is little to gain; more --repeats see smaller differences."
    )


def failures(trials: pd.DataFrame) -> list[str]:
    """How many trials failed, and why the first did."""
    failed = trials[trials["status"].isin(["failed", "timeout"])]
    if failed.empty:
        return []
    first = failed.iloc[0]
    count = f"{len(failed)} of {len(trials)} trials failed"
    return [f"{count}, the first of them number {first['number']}: {last_line(first['error'])}."]


def repeats_alike(trials: pd.DataFrame) -> list[str]:
    """Whether other seeds changed nothing: then intervals say nothing either."""
    repeated = trials[trials["stage"].isin([DEFAULTS, CONFIRM])].groupby("who")["value"]
    if repeated.count().max() < 2 or (repeated.nunique() > 1).any():
        return []
    return [
        "Every repeat gave the same score: the training does not depend on its seed, or does not take one. The "
        "intervals have no width and say nothing of other seeds; let the function take an argument `seed`."
    ]


def not_on_test(scores: Mapping[str, Scored]) -> list[str]:
    """Whether what was gained on validation data is not seen on test data."""
    if "test" not in scores or not scores["validation"].gain.low > 0 or scores["test"].gain.low > 0:
        return []
    return [
        f"What was gained on the validation score is not seen on the test score, which is lower by "
        f"{scores['test'].gain}: the search may have fitted the validation data."
    ]


def gaps(trials: pd.DataFrame) -> list[str]:
    """Gaps of the winner that are beyond noise, and wide."""
    winner, said = again(trials, WINNER), []
    gain = pairs(trials, "value")
    gained = abs(float((gain["defaults"] - gain[WINNER]).mean())) if len(gain) else 0.0
    beyond = (winner["test_value"] - winner["value"]).dropna()
    if len(beyond) and (gap := estimate(beyond)).low > 0 and gap.mean > WIDE * gained:
        said.append(
            f"The validation gap is wide: the winner's test score lies above its validation score by {gap}, over half "
            f"of what was gained ({gained:.4g}). Expect the test score, and choose nothing more by this validation set."
        )
    fitted = (winner["value"] - winner["train_value"]).dropna()
    if len(fitted) and (gap := estimate(fitted)).low > 0 and gap.mean > WIDE * abs(float(winner["value"].mean())):
        said.append(
            f"The training gap is wide: the winner's validation score lies above its training score by {gap}, over "
            "half of the validation score. More regularisation or more data is what to try next; it is no reason to "
            "distrust the pick (python -m bench reproduce validation-gap)."
        )
    return said


def at_the_edge(space: SearchSpace, config: Mapping[str, Any]) -> list[str]:
    """Numbers of the winner at an end of their range: the best may lie beyond."""
    said = []
    for parameter in space:
        if isinstance(parameter, Categorical) or parameter.cardinality <= 2:
            continue
        value = config[parameter.name]
        unit = parameter.to_unit(value)
        low, high = unit <= EDGE or value == parameter.low, unit >= 1 - EDGE or value == parameter.high
        if low or high:
            said.append(
                f"{parameter.name} = {in_short(value)} of the winner lies at the {'lower' if low else 'upper'} end of "
                f"[{parameter.low:g}, {parameter.high:g}]: widen the range, if it can be."
            )
    return said
